import type { JobFact } from '../facts/job-fact.ts';
import { illegal } from './illegal.ts';
import type { Intake } from './intake.ts';
import type { Job } from './job.ts';
import { noteEnd } from './rounds.ts';

const openIntake = (job: Job, kind: 'appended' | 'closed'): Intake => {
  const { intake } = job;
  if (intake === null) return illegal(job, kind, 'its source is no stream');
  if (intake.isClosed) return illegal(job, kind, 'its inputs are closed');
  return intake;
};

export const applyAppended = (job: Job, { at, upto, longest, blob }: JobFact & { kind: 'appended' }): void => {
  const intake = openIntake(job, 'appended');
  if (upto <= job.total) illegal(job, 'appended', `up to ${upto}`);
  intake.pieces.push({ first: job.total, blob });
  intake.longest = Math.max(intake.longest, longest);
  intake.lastAt = at;
  job.total = upto;
};

export const applyClosed = (job: Job, at: number): void => {
  openIntake(job, 'closed').isClosed = true;
  noteEnd(job, at);
};
