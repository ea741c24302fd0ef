import type { DeviceAccount } from '../job/job.ts';
import type { Scheduler } from '../scheduler/state.ts';

/** A device's account in the grid: the sum over the jobs in memory. */
export const gridAccount = (scheduler: Scheduler, device: number): DeviceAccount => {
  const sum: DeviceAccount = { valid: 0, invalid: 0, inconclusive: 0, waiting: 0, errored: 0, credit: 0 };
  for (const job of scheduler.jobs.values()) {
    const account = job.accounts.get(device);
    if (account === undefined) continue;
    sum.valid += account.valid;
    sum.invalid += account.invalid;
    sum.inconclusive += account.inconclusive;
    sum.waiting += account.waiting;
    sum.errored += account.errored;
    sum.credit += account.credit;
  }
  return sum;
};

/** Attempts that a device holds now. */
export const leasedBy = (scheduler: Scheduler, device: number): number => {
  let leased = 0;
  for (const lease of scheduler.leasesOf.get(device) ?? []) leased += lease.open;
  return leased;
};
