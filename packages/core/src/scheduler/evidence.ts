import type { Job } from '../job/job.ts';
import type { Evidence } from '../rules/rule.ts';
import { recordIn } from '../trust/record.ts';
import type { Scheduler } from './state.ts';

/** What the scheduler knows, for a job's rule. */
export const evidenceFor = (scheduler: Scheduler, job: Job): Evidence => ({
  record: (attempt) => recordIn(scheduler, job, job.attempts.device[attempt]!),
  lease: (attempt) => job.attempts.lease[attempt]!,
  liars: scheduler.book.liars,
  chance: scheduler.options.chance,
});
