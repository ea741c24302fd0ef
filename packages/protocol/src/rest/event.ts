import { z } from 'zod';
import { JobView } from './job.ts';

/** A Server-Sent Event `job`: the job as it stands at fact `id` (the event's id). */
export const JobEvent = JobView;
export type JobEvent = JobView;

/** A Server-Sent Event `grid` for the dashboard: every job, and the newest sample. */
export const GridEvent = z.strictObject({ jobs: z.array(JobView), sessions: z.int() });
export type GridEvent = z.infer<typeof GridEvent>;
