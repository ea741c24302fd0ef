import { ATTEMPT } from '../job/attempts.ts';
import type { Job } from '../job/job.ts';
import { UNIT } from '../job/units.ts';
import type { Agreements } from '../rules/agreements.ts';
import type { Effects, JudgementRequest } from './state.ts';

const keyOf = (request: JudgementRequest): string =>
  request.kind === 'check'
    ? `${request.unit}:${request.candidate}`
    : `${request.unit}:${request.reference}:${request.candidate}`;

/** Puts a question to the judge, once. */
const put = (job: Job, request: JudgementRequest, effects: Effects): void => {
  const key = keyOf(request);
  if (job.asked.has(key)) return;
  job.asked.add(key);
  effects.judgements.push(request);
};

/** Takes a question off the list; false when it was not on it: nobody asked, or it was answered already. */
export const answered = (job: Job, request: JudgementRequest): boolean => job.asked.delete(keyOf(request));

/** Asks what must be known of an open unit's results. */
export const ask = (job: Job, unit: number, { questions, groups }: Agreements, effects: Effects): void => {
  const isChecked = job.spec.policy.kind === 'check';
  if (!isChecked && questions.length === 0) return;
  const head = job.units.head[unit]!;
  const ordinal = (attempt: number): number => job.attempts.ordinalOf(head, attempt);
  if (isChecked) {
    for (const [candidate] of groups) {
      put(job, { kind: 'check', job: job.number, unit, candidate: ordinal(candidate!) }, effects);
    }
    return;
  }
  for (const { reference, candidate } of questions) {
    const ordinals = { reference: ordinal(reference), candidate: ordinal(candidate) };
    put(job, { kind: 'same', job: job.number, unit, ...ordinals }, effects);
  }
};

/** Late results of a validated unit, each with the question that judges it. */
export const judgeLate = (job: Job, unit: number, effects: Effects): void => {
  if (job.units.state[unit] !== UNIT.validated) return;
  let reference = -1;
  let ordinal = -1;
  let late: number[] | null = null;
  for (let at = job.units.head[unit]!; at !== -1; at = job.attempts.next[at]!) {
    ordinal += 1;
    if (at === job.units.canonical[unit]) reference = ordinal;
    else if (job.attempts.state[at] === ATTEMPT.returned) (late ??= []).push(ordinal);
  }
  if (late === null) return;
  const isChecked = job.spec.policy.kind === 'check';
  for (const candidate of late) {
    const place = { job: job.number, unit, candidate };
    put(job, isChecked ? { kind: 'check', ...place } : { kind: 'same', reference, ...place }, effects);
  }
};
