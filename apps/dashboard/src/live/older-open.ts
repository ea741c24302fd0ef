import type { JobView } from '@gossamer/protocol';
import * as api from '../api/grid-api.ts';

/** The stream tells of so many jobs, the newest. */
export const LIVE_JOBS = 200;
/** Pages that are read of each state, at the most: 1,000 jobs. */
const MOST_PAGES = 5;

/** Jobs that have not ended, among them those that are too old for the stream: as many of each state as the pages hold. */
export const readOpenJobs = async (): Promise<JobView[]> => {
  const open: JobView[] = [];
  for (const state of ['running', 'held'] as const) {
    let after: string | null = null;
    for (let page = 0; page < MOST_PAGES; page++) {
      const { items, next } = await api.jobs(after, state);
      open.push(...items);
      if (next === null) break;
      after = next;
    }
  }
  return open;
};
