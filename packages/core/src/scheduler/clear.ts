import type { LeaseRef } from '@gossamer/protocol';
import { loseLease } from './lose.ts';
import { forgetRefusals } from './refusals.ts';
import type { Effects, Scheduler } from './state.ts';
import { mayHold } from './tier.ts';
import { LeasesToEnd } from './vain.ts';

/**
 * Asks anew where each job's program may run, and takes back what is with devices that may not run it any more: a ruling
 * has changed, or a device was set apart. Gives the leases whose workers are to be ended, by device.
 */
export const clearJobs = (scheduler: Scheduler, now: number, effects: Effects): Map<number, LeaseRef[]> => {
  const { clearance } = scheduler.options;
  if (clearance !== undefined) for (const job of scheduler.jobs.values()) job.clearance = clearance(job);
  const ended = new LeasesToEnd(scheduler);
  for (const lease of [...scheduler.leases.values()]) {
    if (mayHold(scheduler, lease)) continue;
    ended.add(lease);
    loseLease(scheduler, lease, 'withdrawn', now, effects);
  }
  forgetRefusals(scheduler);
  effects.wake = true;
  return ended.byDevice;
};
