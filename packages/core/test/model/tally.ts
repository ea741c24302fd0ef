import type { World } from './world.ts';
import { simulate } from './simulate.ts';

/** What has happened in some stories, in all. */
export const newTally = () => ({
  validated: 0,
  failed: 0,
  invalid: 0,
  errored: 0,
  expired: 0,
  abandoned: 0,
  caught: 0,
  reopened: 0,
  single: 0,
  revoked: 0,
  retries: 0,
  epochs: 0,
  jobs: 0,
  sound: 0,
  ringers: 0,
  compared: 0,
});

export const addTo = (sum: ReturnType<typeof newTally>, { grid, soundJobs, tabs }: World): void => {
  sum.epochs += grid.scheduler.options.epoch;
  sum.sound += soundJobs.size;
  for (const tab of tabs) sum.ringers += tab.ringers;
  for (const job of grid.scheduler.jobs.values()) {
    sum.jobs += 1;
    sum.compared += grid.kinds(job).filter((kind) => kind === 'compared').length;
    for (const key of ['validated', 'failed', 'invalid', 'errored', 'expired', 'abandoned'] as const) {
      sum[key] += job.counts[key];
    }
    for (const key of ['caught', 'reopened', 'single', 'revoked', 'retries'] as const) sum[key] += job.counts[key];
  }
};

/** Short stories are told in two files, so that two workers share them: so many each. */
const HALF = Math.ceil(Number(process.env['GOSSAMER_SEQUENCES'] ?? (process.env['GOSSAMER_LONG'] ? 10_000 : 3000)) / 2);
const FIRST = 100_000;

/** Tells half of the short stories; the seed of one that fails is in the error. */
export const tellHalf = (half: 0 | 1) => {
  const sum = newTally();
  for (let at = 0; at < HALF; at++) {
    const seed = FIRST + 2 * at + half;
    try {
      addTo(sum, simulate(seed, 12 + (seed % 19)));
    } catch (error) {
      throw new Error(`seed ${seed}, ${12 + (seed % 19)} steps`, { cause: error });
    }
  }
  return { sum, told: HALF };
};
