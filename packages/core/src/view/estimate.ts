import type { ErrorEstimate, JobEstimate } from '@gossamer/protocol';
import type { Job } from '../job/job.ts';
import { isAwaiting, isComplete } from '../job/job.ts';
import type { Scheduler } from '../scheduler/state.ts';
import { wrongBound } from '../trust/odds.ts';
import { recordIn } from '../trust/record.ts';

/**
 * How many of the final results may be wrong. Those that one device vouches for: by its record (`wrongBound`); those
 * that devices confirmed each other: by the share of liars, taken to be in league, squared.
 */
export const errorEstimate = (scheduler: Scheduler, job: Job): ErrorEstimate | null => {
  const { policy } = job.spec;
  if (policy.kind !== 'adaptive') return null;
  const { validated, single, checks, failedChecks, caught, reopened } = job.counts;
  const { liars } = scheduler.book;
  let wrong = 0;
  for (const [device, account] of job.accounts) {
    if (account.single > 0) wrong += account.single * wrongBound(recordIn(scheduler, job, device), liars);
  }
  const confirmed = validated - single;
  wrong += confirmed * Math.min(liars ** 2, policy.maxErrorRate);
  return {
    maxErrorRate: policy.maxErrorRate,
    rate: validated === 0 ? 0 : Math.min(1, wrong / validated),
    confirmed,
    single,
    checks,
    failedChecks,
    caught,
    revoked: reopened,
    assumedLiars: liars,
  };
};

/** What is left to do, from the units so far; null before the first is validated, and once the job has ended. */
export const estimateJob = (job: Job, now: number): JobEstimate | null => {
  const { validated, failed, provisional, returned, errored, valid } = job.counts;
  const done = validated + failed + provisional;
  if (done === 0 || job.order.kind === 'cancelled' || isComplete(job)) return null;
  const { total } = job;
  const { credit } = job.spec;
  const attemptsPerUnit = (returned + errored) / done;
  const rate = job.pace.rate(now);
  const left = total - validated - failed;
  return {
    // What is still to come nobody knows.
    leftMs: rate === 0 || isAwaiting(job) ? null : Math.round(left / rate),
    attemptsPerUnit,
    unitMs: job.meanUnitMs,
    computeMs: Math.round(total * attemptsPerUnit * job.meanUnitMs),
    credit: validated === 0 ? total * credit * attemptsPerUnit : (total * credit * valid) / validated,
  };
};
