import type { Job } from '@gossamer/sdk/node';
import { ProgressBar } from './progress-bar.ts';

/** Draws a job's progress on standard error until it is over. */
export const follow = async (job: Pick<Job, 'watch'>): Promise<void> => {
  const bar = new ProgressBar(process.stderr, Date.now());
  try {
    for await (const { units } of job.watch()) bar.show(units, Date.now());
  } finally {
    bar.end();
  }
};
