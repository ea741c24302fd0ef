import type { Job, Scheduler, Waiting } from '@gossamer/core';
import {
  attemptCounts,
  errorEstimate,
  estimateJob,
  explainDevice,
  gridAccount,
  isAwaiting,
  jobState,
  jobWaits,
  leasedBy,
  trustOf,
  unitCounts,
  unitRow,
  unitWaits,
  warningsOf,
} from '@gossamer/core';
import type { DeviceView, JobView, ProgramKind, UnitView } from '@gossamer/protocol';
import { BatchId, JobId } from '@gossamer/protocol';
import type { DeviceRecord, GridState } from '../runtime/grid-state.ts';
import { describeSource } from '../sources/open-source.ts';
import { expiresAt } from '../upkeep/retention.ts';

/** Who signed a job's program; a signer that was registered is never forgotten. */
export const signerOf = (
  { full: { signature } }: Job['spec'],
  { signers }: Pick<GridState, 'signers'>,
): JobView['signer'] => {
  const record = signature === null ? undefined : signers.get(signature.signer);
  return record === undefined ? null : { key: record.key, name: record.name };
};

/** In words, and the same for programs. */
const told = (waiting: Waiting | null): Pick<JobView, 'waiting' | 'waitingFor'> => {
  if (waiting === null) return { waiting: null, waitingFor: null };
  const { text, kind, kinships } = waiting;
  return { waiting: text, waitingFor: { kind, kinships } };
};

/** The pace of what was served before says nothing of when a job will be done that waits. */
const estimateOf = (job: Job, waiting: Waiting | null, now: number): JobView['estimate'] => {
  const estimate = estimateJob(job, now);
  return estimate === null || waiting === null ? estimate : { ...estimate, leftMs: null };
};

export const jobView = (
  scheduler: Scheduler,
  grid: GridState,
  job: Job,
  programKind: ProgramKind,
  fact: number,
  now: number,
): JobView => {
  const { spec, order, clearance } = job;
  const batch = grid.batchOf.get(job.number);
  const waiting = jobWaits(scheduler, job, now);
  return {
    id: JobId.parse(spec.id),
    number: job.number,
    name: spec.name,
    batch: batch === undefined ? null : BatchId.parse(batch),
    submitter: spec.submitterName,
    state: jobState(job),
    reason: order.kind === 'run' ? null : order.reason,
    ...told(waiting),
    program: spec.full.program,
    programKind,
    signer: signerOf(spec, grid),
    tier: clearance.kind === 'barred' ? null : clearance.kind,
    source: describeSource(spec.full.source),
    inputs: isAwaiting(job) ? 'open' : 'closed',
    data: spec.full.data,
    reduces: spec.full.reduce === true,
    policy: spec.policy,
    comparison: spec.comparison,
    independence: job.independence,
    sameClass: spec.sameClass,
    requirements: spec.requirements,
    limits: spec.limits,
    warnings: warningsOf(job),
    errorEstimate: errorEstimate(scheduler, job),
    estimate: estimateOf(job, waiting, now),
    priority: spec.priority,
    weight: spec.weight,
    units: unitCounts(job),
    attempts: attemptCounts(job),
    createdAt: spec.createdAt,
    completedAt: job.completedAt,
    retention: spec.full.retention ?? null,
    expiresAt: expiresAt(job),
    fact,
  };
};

export const unitView = (scheduler: Scheduler, grid: GridState, job: Job, index: number, now: number): UnitView => {
  const { state, reason, errors, attempts } = unitRow(scheduler, job, index);
  return {
    index,
    state,
    reason,
    ...told(unitWaits(scheduler, job, index, now)),
    errors,
    attempts: attempts.map(({ epoch, lease, offset, device, state: outcome }) => ({
      id: `${epoch}.${lease}.${offset}`,
      device: grid.devices.get(device)?.id ?? null,
      state: outcome,
    })),
  };
};

export const deviceView = (scheduler: Scheduler, record: DeviceRecord, now: number): DeviceView => {
  const { number, capabilities, class: kind, apart, optedIn } = record.device;
  const { valid, invalid, waiting, errored, revoked, credit } = gridAccount(scheduler, number);
  const session = scheduler.sessions.get(scheduler.sessionOf.get(number) ?? -1);
  return {
    id: record.id,
    number,
    platform: record.platform,
    class: kind,
    capabilities,
    firstSeen: record.firstSeen,
    playground: { apart, optedIn },
    connected: session !== undefined,
    slots: session?.slots ?? 0,
    leased: leasedBy(scheduler, number),
    valid,
    invalid,
    waiting,
    errored,
    revoked,
    credit,
    trust: trustOf(scheduler, number),
    idle: explainDevice(scheduler, number, now),
  };
};
