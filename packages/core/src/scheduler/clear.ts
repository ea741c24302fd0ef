import type { LeaseRef } from '@gossamer/protocol';
import { isSameClearance } from '../job/clearance.ts';
import type { Lease } from '../leases/lease.ts';
import { loseLease } from './lose.ts';
import type { Effects, Scheduler } from './state.ts';
import { mayHold } from './tier.ts';
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
  const inChanged = [...scheduler.leases.values()].filter(({ job }) => changed.has(job));
  takeBack(scheduler, inChanged, ended, now, effects);
  forgetRefusals(scheduler);
  if (changed.size > 0) effects.wake = true;
  return ended.byDevice;
};

/**
 * The device was set apart, or put back: what it holds and may not run any more is taken back. Gives the leases whose
 * workers are to be ended.
 */
export const clearDevice = (
  scheduler: Scheduler,
  device: number,
  now: number,
  effects: Effects,
): Map<number, LeaseRef[]> => {
  const ended = new LeasesToEnd(scheduler);
  takeBack(scheduler, [...(scheduler.leasesOf.get(device) ?? [])], ended, now, effects);
  effects.wake = true;
  return ended.byDevice;
};

const takeBack = (
  scheduler: Scheduler,
  leases: readonly Lease[],
  ended: LeasesToEnd,
  now: number,
  effects: Effects,
): void => {
  for (const lease of leases) {
    if (mayHold(scheduler, lease)) continue;
    ended.add(lease);
    loseLease(scheduler, lease, 'abandoned', now, effects);
  }
};

/** Who refused a program is given nothing of its job for so long, ms; twice as long each further time. */
const REST_MS = 2000;
const MOST_REST_MS = 3_600_000;

/**
 * The tab of a session did not run a job's program. What was wrong may pass, as at a fault on the way: the job is offered
 * again, ever more rarely, so that one device uses up few of the tries of its units.
 */
export const noteRefusal = (scheduler: Scheduler, session: number, job: number, reason: string, now: number): void => {
  const refusing = scheduler.sessions.get(session);
  if (refusing === undefined || !scheduler.jobs.has(job)) return;
  refusing.refused ??= new Map();
  const times = (refusing.refused.get(job)?.times ?? 0) + 1;
  const until = now + Math.min(MOST_REST_MS, REST_MS * 2 ** (times - 1));
  refusing.refused.set(job, { reason, until, times });
};

/** What was signed has changed: who refused a program may find it right now. */
export const forgetRefusals = (scheduler: Scheduler): void => {
  for (const session of scheduler.sessions.values()) session.refused = null;
};
