import type { Job } from './job.ts';

/** A fact that cannot follow the ones before it: the log is not this job's, or the core is wrong. */
export class IllegalFact extends Error {
  override readonly name = 'IllegalFact';
}

export const illegal = (job: Job, fact: string, story: string): never => {
  throw new IllegalFact(`job ${job.number}: ${fact}: ${story}`);
};
