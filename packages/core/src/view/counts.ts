import type { AttemptCounts, JobState, UnitCounts } from '@gossamer/protocol';
import { ATTEMPT } from '../job/attempts.ts';
import type { Job } from '../job/job.ts';
import { isComplete } from '../job/job.ts';
import { UNIT } from '../job/units.ts';

const hasReturned = (job: Job, unit: number): boolean => {
  for (const at of job.attempts.list(job.units.head[unit]!))
    if (job.attempts.state[at] === ATTEMPT.returned) return true;
  return false;
};

/** The state of a job follows from its units, but for hold and cancel. */
export const jobState = (job: Job): JobState => {
  if (job.order.kind === 'cancelled') return 'cancelled';
  if (isComplete(job)) return 'completed';
  return job.order.kind === 'held' ? 'held' : 'running';
};

export const unitCounts = (job: Job): UnitCounts => {
  const { validated, failed, provisional } = job.counts;
  const { total } = job;
  const left = total - validated - failed;
  if (job.order.kind === 'cancelled') {
    return { total, pending: 0, active: 0, provisional: 0, validated, failed, cancelled: left };
  }
  let active = job.waitingUnits;
  for (const unit of job.holders.units()) {
    if (job.units.state[unit] === UNIT.open && !hasReturned(job, unit)) active += 1;
  }
  const pending = left - provisional - active;
  return { total, pending, active, provisional, validated, failed, cancelled: 0 };
};

export const attemptCounts = (job: Job): AttemptCounts => {
  const { returned, valid, invalid, inconclusive, errored, expired, abandoned, revoked } = job.counts;
  const waiting = returned - valid - invalid - inconclusive - revoked;
  return { leased: job.leased, returned: waiting, valid, invalid, inconclusive, errored, expired, abandoned, revoked };
};
