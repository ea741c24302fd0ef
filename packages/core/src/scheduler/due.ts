import type { Job } from '../job/job.ts';
import type { Lease } from '../leases/lease.ts';
import { silence } from './issue.ts';
import type { Scheduler } from './state.ts';

/** A lease is overdue when it takes longer than expected by this share of it, or of what it takes most devices. */
const LATE = 0.1;
/** A tab names its leases at every heartbeat; without a sign of life for so many of them it may be gone. */
const MISSED_BEATS = 1.5;

/**
 * Expected run time of a lease, by the speed of its device; that of one which the job has not measured is the mean,
 * whatever it is elsewhere: what it makes others wait for may be a job's last units, and a copy costs little.
 */
export const runMsOf = (job: Job, lease: Lease): number =>
  lease.units.length * (job.unitMs.get(lease.device) ?? job.meanUnitMs);

/** When a lease is expected to be done, by the speed of its device. One whose tab is silent, or overdue, may never be. */
export const dueOf = (scheduler: Scheduler, job: Job, lease: Lease, now: number): number => {
  const { heartbeatMs } = scheduler.options.timing;
  const seen = lease.expiresAt - silence(heartbeatMs);
  if (scheduler.gone.has(lease.device) || now - seen > MISSED_BEATS * heartbeatMs) return Number.POSITIVE_INFINITY;
  const runMs = runMsOf(job, lease);
  // One that waits in its tab begins when the tab is done with another one, by then the last that it was given before.
  const due = (lease.begunAt === 0 ? now + runMs : lease.begunAt) + runMs;
  const usualMs = lease.units.length * job.meanUnitMs;
  return due + LATE * Math.min(runMs, usualMs) < now ? Number.POSITIVE_INFINITY : Math.max(due, now);
};

/** When a device will be done with what it has, for one more lease to begin, ms since 1970; `Infinity` when it may never be. */
export const freeAt = (scheduler: Scheduler, device: number, slots: number, now: number): number => {
  const own = scheduler.leasesOf.get(device);
  if (own === undefined || own.size < slots) return now;
  const begun: number[] = [];
  let queuedMs = 0;
  for (const lease of own) {
    const job = scheduler.jobs.get(lease.job);
    if (job === undefined) continue;
    if (lease.begunAt === 0) queuedMs += runMsOf(job, lease);
    else begun.push(dueOf(scheduler, job, lease, now));
  }
  return Math.min(...begun) + queuedMs / slots;
};
