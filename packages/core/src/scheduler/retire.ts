import type { Job } from '../job/job.ts';
import { isOver } from '../job/job.ts';
import type { PastAccount } from '../trust/past.ts';
import { pastAccountsOf } from '../trust/past.ts';
import { replaceJob } from './orders.ts';
import type { Scheduler } from './state.ts';

/**
 * Takes a job that has ended out of the scheduler. What devices have earned in it stays theirs; what comes late of it is
 * refused from now on. Gives what is to be kept of it before its log goes.
 */
export const retireJob = (scheduler: Scheduler, job: Job): PastAccount[] => {
  if (!isOver(job)) throw new Error(`job ${job.number} has not ended`);
  const accounts = pastAccountsOf(job);
  replaceJob(scheduler, job.number, null);
  scheduler.past.add(job.number, accounts);
  return accounts;
};
