import type { LeaseRef } from '@gossamer/protocol';
import { isSameClearance } from '../job/clearance.ts';
import type { Lease } from '../leases/lease.ts';
import { loseLease } from './lose.ts';
import type { Effects, Scheduler } from './state.ts';
import { tierObstacle } from './tier.ts';
import { LeasesToEnd } from './vain.ts';

/**
 * Asks anew where each job's program may run. Leases that are with devices that may not run it any more are taken back:
 * gives those whose workers are to be ended, by device.
 */
export const clearJobs = (scheduler: Scheduler, now: number, effects: Effects): Map<number, LeaseRef[]> => {
  const { clearance } = scheduler.options;
  const ended = new LeasesToEnd(scheduler);
  if (clearance === undefined) return ended.byDevice;
  const changed = new Set<number>();
  for (const job of scheduler.jobs.values()) {
    const before = job.clearance;
    job.clearance = clearance(job);
    if (!isSameClearance(before, job.clearance)) changed.add(job.number);
  }
  const mayGoOn = (lease: Lease): boolean =>
    tierObstacle(scheduler.jobs.get(lease.job)!, scheduler.devices.get(lease.device)!) === null;
  for (const lease of [...scheduler.leases.values()]) {
    if (!changed.has(lease.job) || mayGoOn(lease)) continue;
    ended.add(lease);
    loseLease(scheduler, lease, 'abandoned', now, effects);
  }
  forgetRefusals(scheduler);
  if (changed.size > 0) effects.wake = true;
  return ended.byDevice;
};

/** The tab of a session does not run a job's program: nothing of the job is given to it until it signs in again. */
export const noteRefusal = (scheduler: Scheduler, sessionNumber: number, job: number, reason: string): void => {
  const session = scheduler.sessions.get(sessionNumber);
  if (session === undefined || !scheduler.jobs.has(job)) return;
  (session.refused ??= new Map()).set(job, reason);
};

/** What was signed has changed: who refused a program may find it right now. */
export const forgetRefusals = (scheduler: Scheduler): void => {
  for (const session of scheduler.sessions.values()) session.refused = null;
};
