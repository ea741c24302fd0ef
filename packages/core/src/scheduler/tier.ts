import type { Job } from '../job/job.ts';
import type { Device } from '../leases/devices.ts';
import type { Lease } from '../leases/lease.ts';
import type { Scheduler } from './state.ts';

/** The jobs that a device may be given: those of one tier, or none. */
export const tierOf = ({ apart, optedIn }: Device): 'public' | 'playground' | null => {
  if (!apart) return 'public';
  return optedIn ? 'playground' : null;
};

/**
 * Why a job's program may not run on a device, in words; null when it may. A device that was set apart does playground
 * work only: what ran on it may have harmed it, and public results must not hang on that.
 */
export const tierObstacle = ({ clearance }: Job, { apart, optedIn }: Device): string | null => {
  switch (clearance.kind) {
    case 'barred':
      return clearance.reason;
    case 'public':
      return apart ? 'the device is set apart for the playground, and the job is for the public' : null;
    case 'playground':
      if (!apart) return 'the job runs in the playground only, and the operator has not set the device apart for it';
      return optedIn ? null : 'the job runs in the playground only, and the device’s volunteer has not opted in';
  }
};

/** Whether a lease may stay, or come again, where it is. */
export const mayHold = ({ jobs, devices }: Scheduler, { job, device }: Lease): boolean =>
  tierObstacle(jobs.get(job)!, devices.get(device)!) === null;
