import type { Sha256 } from '@gossamer/protocol';
import { LIMITS, ProblemError } from '@gossamer/protocol';
import type { Intake } from '../job/intake.ts';
import type { Job } from '../job/job.ts';
import { refuseEnded } from './orders.ts';
import type { Effects } from './state.ts';
import { record } from './state.ts';

/** Throws ProblemError `job-cancelled`, `job-completed` or `inputs-closed`. */
export const openIntakeOf = (job: Job): Intake => {
  if (job.intake === null)
    throw new ProblemError('inputs-closed', 'its source is no stream: all its inputs came with it');
  refuseEnded(job);
  if (job.intake.isClosed) throw new ProblemError('inputs-closed');
  return job.intake;
};

/** What is appended: `count` inputs in `blob`, the first of which is unit `first`'s; the largest has `longest` bytes. */
export interface Appendix {
  first: number;
  count: number;
  longest: number;
  blob: Sha256;
}

/**
 * Whether these very inputs were appended before, so that who was not told of it may ask again. Throws ProblemError
 * `inputs-misplaced` where others stand in their place, or they would leave a gap.
 */
export const wasAppended = (job: Job, { first, blob }: Pick<Appendix, 'first' | 'blob'>): boolean => {
  if (first === job.total) return false;
  const piece = job.intake?.pieces.findLast((one) => one.first <= first);
  if (piece?.first === first && piece.blob === blob) return true;
  const there = `the job has ${job.total} inputs: the next one is number ${job.total}`;
  throw new ProblemError('inputs-misplaced', `${there}, and not ${first}`);
};

/** Gives the job more units. Throws ProblemError as `openIntakeOf` and `wasAppended` do, and `source-too-large`. */
export const appendInputs = (job: Job, appendix: Appendix, now: number, effects: Effects): void => {
  if (wasAppended(job, appendix)) return;
  openIntakeOf(job);
  const { count, longest, blob } = appendix;
  const upto = job.total + count;
  if (upto > LIMITS.units) throw new ProblemError('source-too-large', `${upto} units`);
  record(effects, job, { kind: 'appended', at: now, upto, longest, blob });
  effects.wake = true;
};

/** No more inputs come: the job is complete when all are computed. Asked again it does nothing. */
export const closeInputs = (job: Job, now: number, effects: Effects): void => {
  if (job.intake?.isClosed === true) return;
  openIntakeOf(job);
  record(effects, job, { kind: 'closed', at: now });
};
