import type { BatchView, JobState } from '@gossamer/protocol';
import type { Tone } from '../jobs/job-words.ts';
import { JOB_TONE, unfinished } from '../jobs/job-words.ts';
import { count, list, plural } from '../words.ts';

/** Jobs of a batch that an order reaches: those that have not ended. */
export const openJobs = ({ jobs }: BatchView): number => jobs.running + jobs.held;

/** What a batch is doing, in a word: running while any of its jobs is, held where all that are open are. */
export const batchWord = ({ jobs }: BatchView): { word: string; tone: Tone } => {
  if (jobs.running > 0) return { word: 'running', tone: JOB_TONE.running };
  if (jobs.held > 0) return { word: 'held', tone: JOB_TONE.held };
  return { word: 'ended', tone: 'quiet' };
};

const STATES: readonly (JobState | 'deleted')[] = ['running', 'held', 'completed', 'cancelled', 'deleted'];

/** Its jobs by state, those states that there are: `3 of 4 running, 1 held`. */
export const jobsWords = ({ jobs }: BatchView): string => {
  const present = STATES.filter((state) => jobs[state] > 0).map((state) => `${count(jobs[state])} ${state}`);
  return `${plural(jobs.total, 'job')}: ${list(present)}`;
};

/** What cancelling gives up, before it is done. */
export const cancelWords = (batch: BatchView): string => {
  const { jobs, units } = batch;
  const ended = jobs.total - openJobs(batch);
  const left = unfinished(units);
  const others =
    ended === 0
      ? ''
      : ` ${plural(ended, 'job has', 'jobs have')} ended already and ${ended === 1 ? 'stays' : 'stay'} as ${ended === 1 ? 'it is' : 'they are'}.`;
  return `${plural(openJobs(batch), 'job')} of ${count(jobs.total)} would be cancelled, and ${plural(left, 'unit')} given up for good.${others}`;
};

export const holdWords = (batch: BatchView): string =>
  `${plural(batch.jobs.running, 'job')} of ${count(batch.jobs.total)} would be held. What devices compute now may still come back and count.`;
