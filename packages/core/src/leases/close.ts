import type { Job } from '../job/job.ts';
import type { Scheduler } from '../scheduler/state.ts';
import type { Lease } from './lease.ts';
import { isOpenAt, openUnits, recallKey } from './lease.ts';

/** Ends one attempt of a lease: the device no longer holds its unit. When it was the last one, the lease is forgotten. */
export const settleMember = (scheduler: Scheduler, job: Job | undefined, lease: Lease, offset: number): void => {
  if (!isOpenAt(lease, offset)) return;
  lease.open -= 1;
  // Of the only one, that none is open says it all.
  if (lease.units.length > 1) (lease.settled ??= new Uint8Array(lease.units.length))[offset] = 1;
  if (job !== undefined) {
    job.holders.remove(lease.units[offset]!, lease.device);
    job.leased -= 1;
  }
  if (lease.open > 0) return;
  scheduler.leases.delete(lease.number);
  if (lease.recalled !== null) scheduler.recalled.delete(recallKey(lease.recalled));
  const own = scheduler.leasesOf.get(lease.device);
  own?.delete(lease);
  if (own?.size === 0) scheduler.leasesOf.delete(lease.device);
};

/** Ends all open attempts of a lease; gives their units. */
export const closeLease = (scheduler: Scheduler, lease: Lease): number[] => {
  const job = scheduler.jobs.get(lease.job);
  const units: number[] = [];
  for (const { unit, offset } of [...openUnits(lease)]) {
    units.push(unit);
    settleMember(scheduler, job, lease, offset);
  }
  return units;
};
