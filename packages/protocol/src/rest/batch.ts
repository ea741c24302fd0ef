import { z } from 'zod';
import { BatchId, JobId } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { JobSpec, JobState, UnitCounts } from './job.ts';

/** Jobs that are made together, all or none. */
export const BatchSpec = z.strictObject({
  name: z.string().trim().min(1).max(200),
  jobs: z.array(JobSpec).min(1).max(LIMITS.batchJobs),
  /** Nothing of its jobs is given out before they are released. Without a default: a request that was sent before has none. */
  held: z.boolean().optional(),
});
export type BatchSpec = z.infer<typeof BatchSpec>;
export type BatchSpecInput = z.input<typeof BatchSpec>;

export const BatchView = z.strictObject({
  id: BatchId,
  name: z.string(),
  submitter: z.string(),
  createdAt: z.int(),
  /** Numbers of its jobs by state; their sum is `total`. */
  jobs: z.strictObject({
    total: z.int(),
    ...(Object.fromEntries(JobState.options.map((state) => [state, z.int()])) as Record<JobState, z.ZodInt>),
    deleted: z.int(),
  }),
  /** Of the jobs that were not deleted. */
  units: UnitCounts,
});
export type BatchView = z.infer<typeof BatchView>;

/** A new batch, with its jobs in the order of the request. */
export const BatchCreated = z.strictObject({ batch: BatchView, jobs: z.array(JobId) });
export type BatchCreated = z.infer<typeof BatchCreated>;

/** What an order to a whole batch came to. */
export const BatchChanged = z.strictObject({
  batch: BatchView,
  /** Jobs that changed by it: the others had ended, or were so already. */
  changed: z.int(),
});
export type BatchChanged = z.infer<typeof BatchChanged>;
