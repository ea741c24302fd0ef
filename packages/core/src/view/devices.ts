import type { DeviceTrust } from '@gossamer/protocol';
import type { Scheduler } from '../scheduler/state.ts';
import type { AccountSum } from '../trust/account.ts';
import { checkRate } from '../trust/odds.ts';
import { recordOf } from '../trust/record.ts';
import { standingInGrid, USUAL_ERROR_RATE } from '../trust/standing.ts';

/** A device's account in the grid: the sum over the jobs in memory, and those that were deleted. */
export const gridAccount = (scheduler: Scheduler, device: number): AccountSum => {
  const sum: AccountSum = { valid: 0, invalid: 0, inconclusive: 0, revoked: 0, waiting: 0, errored: 0, credit: 0 };
  const accounts = [scheduler.past.of(device)];
  for (const job of scheduler.jobs.values()) accounts.push(job.accounts.get(device));
  for (const account of accounts) {
    if (account === undefined) continue;
    sum.valid += account.valid;
    sum.invalid += account.invalid;
    sum.inconclusive += account.inconclusive;
    sum.revoked += account.revoked;
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

/** What a device has earned, and how often it is checked, under the usual target. */
export const trustOf = (scheduler: Scheduler, device: number): DeviceTrust => {
  const record = recordOf(scheduler, device);
  return {
    standing: standingInGrid(scheduler, device),
    ...record,
    checkRate: checkRate(record, scheduler.book.liars, USUAL_ERROR_RATE),
  };
};
