import type { Job, JobFact, Lease, Scheduler } from '@gossamer/core';

/** Who follows what the coordinator does: a baseline that keeps its own records, or a measurement. */
export interface GridWatcher {
  /** A lease was given out, or sent once more. */
  granted(lease: Lease, scheduler: Scheduler): void;
  /** Facts of one step on one job, which are applied already. */
  happened(scheduler: Scheduler, job: Job, facts: readonly JobFact[]): void;
}
