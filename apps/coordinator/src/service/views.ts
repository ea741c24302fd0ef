import type { Job, Scheduler } from '@gossamer/core';
import { attemptCounts, explainWaiting, gridAccount, jobState, leasedBy, unitCounts, unitRow } from '@gossamer/core';
import type { DeviceView, JobView, UnitView } from '@gossamer/protocol';
import { JobId } from '@gossamer/protocol';
import type { DeviceRecord, GridState } from '../runtime/grid-state.ts';
import { describeSource } from '../sources/open-source.ts';

export const jobView = (scheduler: Scheduler, job: Job, fact: number): JobView => {
  const { spec, order } = job;
  return {
    id: JobId.parse(spec.id),
    number: job.number,
    name: spec.name,
    submitter: spec.submitterName,
    state: jobState(job),
    reason: order.kind === 'run' ? null : order.reason,
    waiting: explainWaiting(scheduler, job),
    program: spec.full.program,
    source: describeSource(spec.full.source),
    policy: spec.policy,
    independence: job.independence,
    limits: spec.limits,
    priority: spec.priority,
    weight: spec.weight,
    units: unitCounts(job),
    attempts: attemptCounts(job),
    createdAt: spec.createdAt,
    completedAt: job.completedAt,
    fact,
  };
};

export const unitView = (scheduler: Scheduler, grid: GridState, job: Job, index: number): UnitView => {
  const { state, reason, errors, attempts } = unitRow(scheduler, job, index);
  return {
    index,
    state,
    reason,
    errors,
    attempts: attempts.flatMap((attempt) => {
      const record = grid.devices.get(attempt.device);
      if (record === undefined) return [];
      return { id: `${attempt.epoch}.${attempt.lease}.${attempt.offset}`, device: record.id, state: attempt.state };
    }),
  };
};

export const deviceView = (scheduler: Scheduler, record: DeviceRecord): DeviceView => {
  const { number } = record.device;
  const { valid, invalid, waiting, errored, credit } = gridAccount(scheduler, number);
  const session = scheduler.sessions.get(scheduler.sessionOf.get(number) ?? -1);
  return {
    id: record.id,
    number,
    platform: record.platform,
    firstSeen: record.firstSeen,
    connected: session !== undefined,
    slots: session?.slots ?? 0,
    leased: leasedBy(scheduler, number),
    valid,
    invalid,
    waiting,
    errored,
    credit,
  };
};
