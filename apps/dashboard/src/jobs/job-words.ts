import type { AttemptState, JobState, JobView, ProgramKind, UnitCounts, UnitState } from '@gossamer/protocol';
import { count, percent } from '../words.ts';
import { waitsFor } from './independence.ts';

export type Tone = 'good' | 'quiet' | 'warn' | 'bad';

export const JOB_TONE: Record<JobState, Tone> = {
  running: 'good',
  held: 'warn',
  cancelled: 'quiet',
  completed: 'quiet',
};
export const UNIT_TONE: Record<UnitState, Tone> = {
  pending: 'quiet',
  active: 'good',
  provisional: 'warn',
  validated: 'good',
  failed: 'bad',
  cancelled: 'quiet',
};
export const ATTEMPT_TONE: Record<AttemptState, Tone> = {
  leased: 'good',
  returned: 'good',
  valid: 'good',
  invalid: 'bad',
  inconclusive: 'warn',
  errored: 'bad',
  expired: 'warn',
  abandoned: 'quiet',
  cancelled: 'quiet',
  revoked: 'bad',
};

export const PROGRAM_WORD: Record<ProgramKind, string> = { js: 'JavaScript', wasm: 'WebAssembly' };

/** What each outcome of an attempt means. */
export const ATTEMPT_MEANING: Record<Exclude<AttemptState, 'cancelled'>, string> = {
  leased: 'with a device now',
  returned: 'came back, and wait for others to agree',
  valid: 'agreed with the canonical result',
  invalid: 'disagreed with it: outvoted',
  inconclusive: 'cannot be judged',
  errored: 'the program threw, or ran past its deadline',
  expired: 'nothing was heard of them in time',
  abandoned: 'given back, or their tab was closed',
  revoked: 'only caught devices vouched for them: their credit was taken back',
};

/**
 * True when a job waits and nothing that goes on now will change that: no device may compute it, or none computes
 * anything. A job that waits while others are served is merely in line.
 */
export const isStuck = (job: JobView, jobs: readonly JobView[]): boolean =>
  job.state === 'running' &&
  job.waiting !== null &&
  (waitsFor(job) !== null || jobs.every(({ attempts }) => attempts.leased === 0));

/** The state of a job in a word; `jobs` are all that are known. */
export const stateWord = (job: JobView, jobs: readonly JobView[]): { word: string; tone: Tone } => {
  if (isStuck(job, jobs)) return { word: 'stuck', tone: 'warn' };
  if (job.state === 'running' && job.waiting !== null) return { word: 'in line', tone: 'quiet' };
  return { word: job.state, tone: JOB_TONE[job.state] };
};

/** What an operator should know of a job beside its numbers; null where they say it all. */
export const remark = (job: JobView): string | null => {
  switch (job.state) {
    case 'held':
      return job.reason === null || job.reason === '' ? 'Held, without a reason.' : `Held: ${job.reason}`;
    case 'cancelled':
      return job.reason === null || job.reason === '' ? 'Cancelled, without a reason.' : `Cancelled: ${job.reason}`;
    case 'running':
    case 'completed':
      return job.waiting;
  }
};

/** Units that cancelling would give up: what is accepted for now is not final. */
export const unfinished = ({ pending, active, provisional }: UnitCounts): number => pending + active + provisional;

/** `inputs`: of a job whose inputs are open, more may come. */
export const progressWords = (units: UnitCounts, inputs: JobView['inputs'] = 'closed'): string => {
  const so = inputs === 'open' ? ' so far' : '';
  const parts = [`${count(units.validated)} of ${count(units.total)}${so} validated`];
  if (units.provisional > 0) parts.push(`${count(units.provisional)} provisional`);
  if (units.active > 0) parts.push(`${count(units.active)} active`);
  if (units.pending > 0) parts.push(`${count(units.pending)} pending`);
  if (units.failed > 0) parts.push(`${count(units.failed)} failed`);
  if (units.cancelled > 0) parts.push(`${count(units.cancelled)} cancelled`);
  return parts.join(', ');
};

/** Of a job whose inputs are open nobody knows what the whole is. */
export const progressPercent = (units: UnitCounts, inputs: JobView['inputs'] = 'closed'): string =>
  inputs === 'open' ? 'open' : percent(units.validated + units.failed, units.total);

export interface Segment {
  kind: Exclude<UnitState, 'pending'>;
  /** In parts of 1: where it begins, and how wide it is. */
  from: number;
  width: number;
}

/** The parts of a job's bar, from its left; what is pending is the ground. */
export const segments = (units: UnitCounts): Segment[] => {
  const parts: Segment[] = [];
  let from = 0;
  for (const kind of ['validated', 'failed', 'provisional', 'active', 'cancelled'] as const) {
    const width = units.total === 0 ? 0 : units[kind] / units.total;
    if (width > 0) parts.push({ kind, from, width });
    from += width;
  }
  return parts;
};
