import type { Job } from '../job/job.ts';
import type { Scheduler } from '../scheduler/state.ts';
import type { Record } from './odds.ts';
import { checkRate } from './odds.ts';
import { recordIn, recordOf } from './record.ts';

/** `new`: always checked. `caught`: was found to return wrong results, always checked. `credible`: spot-checked. */
export type Standing = 'new' | 'caught' | 'credible';

/** The target by which devices are counted where no job is asked about: the default of a job. */
export const USUAL_ERROR_RATE = 0.01;

const standingOf = (record: Record, liars: number, maxErrorRate: number): Standing => {
  if (checkRate(record, liars, maxErrorRate) < 1) return 'credible';
  return record.caught > 0 ? 'caught' : 'new';
};

/** What a device is for a job's rule. */
export const standingIn = (scheduler: Scheduler, job: Job, device: number): Standing => {
  const { policy } = job.spec;
  const target = policy.kind === 'adaptive' ? policy.maxErrorRate : USUAL_ERROR_RATE;
  return standingOf(recordIn(scheduler, job, device), scheduler.book.liars, target);
};

export const standingInGrid = (scheduler: Scheduler, device: number): Standing =>
  standingOf(recordOf(scheduler, device), scheduler.book.liars, USUAL_ERROR_RATE);
