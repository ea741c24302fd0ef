import type { Job } from './job.ts';

/** Units that were cut, are open and wait for a device, as far as is known without a look at each. */
export const readyCount = (job: Job): number => job.total - job.fresh + job.ready.size;
