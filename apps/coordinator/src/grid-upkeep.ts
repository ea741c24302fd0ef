import type { JobDeleted, JobId, JobRetried } from '@gossamer/protocol';
import type { Caller } from './caller.ts';

/**
 * What REST sees of the upkeep of jobs. As `Grid`: every method throws ProblemError, and submitters touch only their own
 * jobs.
 */
export interface GridUpkeep {
  /** Opens failed units again. */
  retry(caller: Caller, id: JobId): Promise<JobRetried>;
  /** Deletes a job that has ended, for good. */
  remove(caller: Caller, id: JobId): Promise<JobDeleted>;
}
