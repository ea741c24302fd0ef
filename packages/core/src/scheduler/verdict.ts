import type { JudgedItem, Verdict } from '../facts/job-fact.ts';
import { agreements } from '../job/agreements.ts';
import { ATTEMPT } from '../job/attempts.ts';
import { areCompared } from '../job/identity.ts';
import type { Job } from '../job/job.ts';
import { UNIT } from '../job/units.ts';
import { aftermath } from './aftermath.ts';
import { answered, judgeLate } from './ask.ts';
import { reconcileUnit } from './reconcile.ts';
import { followUp, settle } from './settle.ts';
import type { Effects, JudgementRequest, Scheduler } from './state.ts';
import { record } from './state.ts';

/** The judge's answer: yes, no, or why the program's own function could not tell. */
export type Answer = 'yes' | 'no' | { failed: string };

/** The verdict on one result that does not decide its unit. */
const conclude = (
  scheduler: Scheduler,
  job: Job,
  unit: number,
  ordinal: number,
  verdict: Verdict,
  now: number,
  effects: Effects,
): void => {
  const item: JudgedItem = { unit, canonical: null, verdicts: [{ ordinal, verdict }] };
  record(effects, job, { kind: 'judged', at: now, items: [item] });
  if (verdict !== 'inconclusive') followUp(scheduler, job, item);
};

const fail = (job: Job, unit: number, what: string, text: string, now: number, effects: Effects): void => {
  record(effects, job, { kind: 'failed', at: now, unit, reason: `The program's ${what} could not tell: ${text}` });
  job.ready.drop(unit);
};

const check = (
  scheduler: Scheduler,
  job: Job,
  { unit, candidate }: JudgementRequest,
  isRight: boolean,
  now: number,
  effects: Effects,
): void => {
  const isOpen = job.units.state[unit] === UNIT.open;
  if (isRight && isOpen) {
    const group = [job.attempts.nth(job.units.head[unit]!, candidate)];
    settle(scheduler, job, unit, group, agreements(job, unit).groups, now, effects);
    return job.ready.drop(unit);
  }
  conclude(scheduler, job, unit, candidate, isRight ? 'valid' : 'invalid', now, effects);
  reconcileUnit(scheduler, job, unit, now, effects);
};

const compare = (
  scheduler: Scheduler,
  job: Job,
  { unit, reference, candidate }: JudgementRequest & { kind: 'same' },
  same: boolean,
  now: number,
  effects: Effects,
): void => {
  if (job.units.state[unit] === UNIT.validated) {
    // Where the first result is taken as it is, nobody knows which of two that differ is wrong.
    const otherwise = areCompared(job.spec.policy) ? 'invalid' : 'inconclusive';
    return conclude(scheduler, job, unit, candidate, same ? 'valid' : otherwise, now, effects);
  }
  record(effects, job, { kind: 'compared', at: now, items: [{ unit, reference, candidate, same }] });
  reconcileUnit(scheduler, job, unit, now, effects);
};

/** The answer to a judgement request. One that comes twice, or too late, changes nothing. */
export const giveVerdict = (
  scheduler: Scheduler,
  request: JudgementRequest,
  answer: Answer,
  now: number,
  effects: Effects,
): void => {
  const job = scheduler.jobs.get(request.job);
  if (job === undefined || job.order.kind === 'cancelled') return;
  const { unit, candidate } = request;
  const head = job.units.head[unit] ?? -1;
  if (!answered(job, request)) return;
  const state = job.units.state[unit];
  const attempt = job.attempts.nth(head, candidate);
  if (attempt === -1 || job.attempts.state[attempt] !== ATTEMPT.returned) return;
  // The other result was settled meanwhile: the question was about nothing, or is put anew.
  const isOld = request.kind === 'same' && state !== UNIT.validated && isSettled(job, head, request.reference);
  if (isOld || state === UNIT.failed) return;
  if (typeof answer === 'object') {
    if (state === UNIT.validated) conclude(scheduler, job, unit, candidate, 'inconclusive', now, effects);
    else fail(job, unit, request.kind === 'check' ? 'check' : 'equals', answer.failed, now, effects);
  } else if (request.kind === 'check') check(scheduler, job, request, answer === 'yes', now, effects);
  else if (isMoot(job, request)) judgeLate(job, unit, effects);
  else compare(scheduler, job, request, answer === 'yes', now, effects);
  aftermath(scheduler, now, effects);
};

const isSettled = (job: Job, head: number, ordinal: number): boolean =>
  job.attempts.state[job.attempts.nth(head, ordinal)] !== ATTEMPT.returned;

/** The unit was validated meanwhile with another result than the one that was compared with. */
const isMoot = (job: Job, { unit, reference }: JudgementRequest & { kind: 'same' }): boolean =>
  job.units.state[unit] === UNIT.validated &&
  job.attempts.nth(job.units.head[unit]!, reference) !== job.units.canonical[unit];
