import type { AttemptState, UnitState } from '@gossamer/protocol';
import { ATTEMPT } from '../job/attempts.ts';
import type { Job } from '../job/job.ts';
import { UNIT } from '../job/units.ts';
import { openUnits } from '../leases/lease.ts';
import type { Scheduler } from '../scheduler/state.ts';

export interface AttemptRow {
  epoch: number;
  lease: number;
  offset: number;
  device: number;
  state: AttemptState;
}

export interface UnitRow {
  index: number;
  state: UnitState;
  reason: string | null;
  errors: number;
  attempts: AttemptRow[];
}

/** By the code of an attempt's durable state. */
export const ATTEMPT_STATES = ['returned', 'valid', 'invalid', 'inconclusive', 'errored', 'revoked'] as const;

export const unitState = (job: Job, unit: number): UnitState => {
  if (unit < job.units.length) {
    const code = job.units.state[unit];
    if (code === UNIT.validated) return 'validated';
    if (code === UNIT.failed) return 'failed';
  }
  if (job.order.kind === 'cancelled') return 'cancelled';
  if (unit >= job.units.length) return 'pending';
  if (job.units.state[unit] === UNIT.provisional) return 'provisional';
  if (job.holders.has(unit)) return 'active';
  for (const at of job.attempts.list(job.units.head[unit]!)) {
    if (job.attempts.state[at] === ATTEMPT.returned) return 'active';
  }
  return 'pending';
};

const liveAttempts = (scheduler: Scheduler, job: Job, unit: number): AttemptRow[] => {
  const rows: AttemptRow[] = [];
  for (const device of new Set(job.holders.of(unit))) {
    for (const lease of scheduler.leasesOf.get(device) ?? []) {
      if (lease.job !== job.number) continue;
      for (const member of openUnits(lease)) {
        if (member.unit !== unit) continue;
        const { epoch } = scheduler.options;
        rows.push({ epoch, lease: lease.number, offset: member.offset, device, state: 'leased' });
      }
    }
  }
  return rows;
};

/** One unit, as a union of its parts: the view that people see; the core itself never builds it. */
export const unitRow = (scheduler: Scheduler, job: Job, unit: number): UnitRow => {
  const attempts: AttemptRow[] = [];
  const cut = unit < job.units.length;
  if (cut) {
    const table = job.attempts;
    for (const at of table.list(job.units.head[unit]!)) {
      attempts.push({
        epoch: table.epoch[at]!,
        lease: table.lease[at]!,
        offset: table.offset[at]!,
        device: table.device[at]!,
        state: ATTEMPT_STATES[table.state[at]!]!,
      });
    }
    attempts.push(...liveAttempts(scheduler, job, unit));
  }
  return {
    index: unit,
    state: unitState(job, unit),
    reason: job.failures.get(unit) ?? null,
    errors: cut ? job.units.errors[unit]! : 0,
    attempts,
  };
};
