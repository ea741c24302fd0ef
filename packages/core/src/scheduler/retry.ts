import { ProblemError } from '@gossamer/protocol';
import type { Job } from '../job/job.ts';
import { isComplete } from '../job/job.ts';
import { returnsOf } from '../job/rounds.ts';
import { reconcileUnit } from './reconcile.ts';
import type { Effects, Scheduler } from './state.ts';
import { record } from './state.ts';

/** An attempt's ordinal has 16 bits in the log: a unit with so many is not tried any more. */
const MOST_RETURNS = 0x8000;

/**
 * Opens the failed units of a job again, each with a fresh budget of errors and attempts: of a job that was complete, too,
 * which runs again then. What is final stays, and so does credit. Gives how many units that are: with none it does nothing.
 * Throws ProblemError `job-cancelled`.
 */
export const retryJob = (scheduler: Scheduler, job: Job, now: number, effects: Effects): number => {
  if (job.order.kind === 'cancelled') throw new ProblemError('job-cancelled');
  const units = [...job.failures.keys()].filter((unit) => returnsOf(job, unit) < MOST_RETURNS).sort((a, b) => a - b);
  if (units.length === 0) return 0;
  const wasComplete = isComplete(job);
  record(effects, job, { kind: 'retried', at: now, units });
  // As one that is new: it makes up for nothing.
  if (wasComplete) {
    const others = [...scheduler.jobs.values()].filter((other) => other !== job);
    scheduler.turns.admit(job, others);
  }
  for (const unit of units) reconcileUnit(scheduler, job, unit, now, effects);
  effects.wake = true;
  return units.length;
};
