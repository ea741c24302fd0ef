import { z } from 'zod';
import { JobId } from '../ids.ts';
import { JobView } from './job.ts';

/** What came of opening a job's failed units again. */
export const JobRetried = z.strictObject({
  job: JobView,
  /** Units that had failed and are open again; 0: nothing had failed. */
  retried: z.int(),
});
export type JobRetried = z.infer<typeof JobRetried>;

/** A job that was deleted; it is gone for all who ask. */
export const JobDeleted = z.strictObject({
  id: JobId,
  /** Never used again. */
  number: z.int(),
  /** Nothing of it is left on disk; false: that is being carried out. */
  cleared: z.boolean(),
});
export type JobDeleted = z.infer<typeof JobDeleted>;
