import type { Independence, LeaseRef } from '@gossamer/protocol';
import { lenientText, ProblemError, utf8 } from '@gossamer/protocol';
import type { CreatedFact, JobFact } from '../facts/job-fact.ts';
import { applyFact } from '../job/apply.ts';
import type { Job } from '../job/job.ts';
import { createJob, isComplete } from '../job/job.ts';
import { closeLease } from '../leases/close.ts';
import type { DeviceAccount } from '../trust/account.ts';
import { reconcileJob } from './reconcile-job.ts';
import type { Effects, Scheduler } from './state.ts';
import { record } from './state.ts';
import { LeasesToEnd } from './vain.ts';

/** Gives a job that is to be scheduled what it shares with the others. */
const attach = (scheduler: Scheduler, job: Job): void => {
  const { adaptiveRule, clearance } = scheduler.options;
  if (clearance !== undefined) job.clearance = clearance(job);
  const { policy } = job.spec;
  if (adaptiveRule !== undefined && policy.kind === 'adaptive') job.rule = adaptiveRule(policy.maxErrorRate);
  for (const [device, account] of job.accounts) tell(scheduler, device, account, 1);
  job.book = scheduler.book;
  scheduler.turns.admit(job, scheduler.jobs.values());
  scheduler.jobs.set(job.number, job);
};

const tell = (scheduler: Scheduler, device: number, account: DeviceAccount, sign: 1 | -1): void => {
  scheduler.book.add(device, sign * account.survived, sign * (account.caught - account.foreign));
};

const detach = (scheduler: Scheduler, number: number): void => {
  const job = scheduler.jobs.get(number);
  if (job === undefined) return;
  for (const [device, account] of job.accounts) tell(scheduler, device, account, -1);
  job.book = null;
  scheduler.jobs.delete(number);
};

export const addJob = (scheduler: Scheduler, number: number, fact: CreatedFact, effects: Effects): Job => {
  const job = createJob(number, fact, scheduler.options.hash);
  attach(scheduler, job);
  effects.facts.set(number, [fact]);
  effects.wake = true;
  return job;
};

/** Rebuilds a job from its facts. The first one must be `created`. Throws IllegalFact. */
export const foldJob = (number: number, facts: Iterable<JobFact>, hash: Scheduler['options']['hash']): Job | null => {
  let job: Job | null = null;
  for (const fact of facts) {
    if (job === null && fact.kind === 'created') job = createJob(number, fact, hash);
    else if (job !== null) applyFact(job, fact);
  }
  return job;
};

/** Puts a job that was rebuilt from its log, null for none, in the place of the one in memory. Nothing is decided yet. */
export const replaceJob = (scheduler: Scheduler, number: number, job: Job | null): void => {
  for (const lease of [...scheduler.leases.values()]) if (lease.job === number) closeLease(scheduler, lease);
  detach(scheduler, number);
  if (job !== null) attach(scheduler, job);
};

/** Takes up a job that was rebuilt from its log and put into its place: what it wants is decided. */
export const adoptJob = (scheduler: Scheduler, job: Job, now: number, effects: Effects): void => {
  for (const [device, { ledger }] of job.accounts) {
    if (!ledger.isEmpty && !scheduler.sessionOf.has(device) && !scheduler.left.has(device)) {
      scheduler.left.set(device, now);
    }
  }
  reconcileJob(scheduler, job, now, effects);
  effects.wake = true;
};

/** Throws ProblemError `job-cancelled` or `job-completed`. */
export const refuseEnded = (job: Job): void => {
  if (job.order.kind === 'cancelled') throw new ProblemError('job-cancelled');
  if (isComplete(job)) throw new ProblemError('job-completed');
};

/** Text as UTF-8 holds it, so that a replay reads the same: half of a surrogate pair is replaced. */
const storable = (text: string): string => lenientText(utf8(text));

/** No new lease is given out; what runs may finish, and its results count. */
export const holdJob = (job: Job, reason: string, now: number, effects: Effects): void => {
  refuseEnded(job);
  record(effects, job, { kind: 'held', at: now, reason: storable(reason) });
};

export const releaseJob = (job: Job, reason: string, now: number, effects: Effects): void => {
  refuseEnded(job);
  if (job.order.kind === 'run') return;
  record(effects, job, { kind: 'released', at: now, reason: storable(reason) });
  effects.wake = true;
};

/** Ends jobs, each for its reason; gives the leases whose workers are to be ended, by device. */
export const cancelJobs = (
  scheduler: Scheduler,
  reasons: ReadonlyMap<Job, string>,
  now: number,
  effects: Effects,
): Map<number, LeaseRef[]> => {
  for (const job of reasons.keys()) refuseEnded(job);
  const numbers = new Set<number>();
  for (const [job, reason] of reasons) {
    record(effects, job, { kind: 'cancelled', at: now, reason: storable(reason) });
    numbers.add(job.number);
  }
  const ended = new LeasesToEnd(scheduler);
  // Once for all of them: there may be many jobs, and many leases.
  for (const lease of [...scheduler.leases.values()]) {
    if (!numbers.has(lease.job)) continue;
    closeLease(scheduler, lease);
    ended.add(lease);
  }
  return ended.byDevice;
};

export const cancelJob = (
  scheduler: Scheduler,
  job: Job,
  reason: string,
  now: number,
  effects: Effects,
): Map<number, LeaseRef[]> => cancelJobs(scheduler, new Map([[job, reason]]), now, effects);

/** Independence as it is from now on; what is left out stays. */
export const relaxJob = (job: Job, independence: Partial<Independence>, now: number, effects: Effects): void => {
  refuseEnded(job);
  record(effects, job, { kind: 'relaxed', at: now, ...job.independence, ...independence });
  effects.wake = true;
};
