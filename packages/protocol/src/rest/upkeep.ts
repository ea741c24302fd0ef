import { z } from 'zod';
import { JobView } from './job.ts';

/** What came of opening a job's failed units again. */
export const JobRetried = z.strictObject({
  job: JobView,
  /** Units that had failed and are open again; 0: nothing had failed. */
  retried: z.int(),
});
export type JobRetried = z.infer<typeof JobRetried>;
