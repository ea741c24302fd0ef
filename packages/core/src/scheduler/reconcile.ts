import { ATTEMPT } from '../job/attempts.ts';
import type { Job } from '../job/job.ts';
import { agreements, needOf, triesOf } from '../job/need.ts';
import { UNIT } from '../job/units.ts';
import type { Effects } from './state.ts';
import { record } from './state.ts';

/** Devices that take part in a unit: those whose result counts, and those that hold a lease on it. */
export const participants = (job: Job, unit: number): number[] => {
  const devices = new Set(job.holders.get(unit));
  for (const at of job.attempts.list(job.units.head[unit]!)) {
    if (job.attempts.state[at] !== ATTEMPT.errored) devices.add(job.attempts.device[at]!);
  }
  return [...devices];
};

const judge = (job: Job, unit: number, now: number, effects: Effects): boolean => {
  const best = agreements(job, unit)[0];
  if (best === undefined || best.attempts.length < job.spec.quorum) return false;
  const agreeing = new Set(best.attempts);
  const verdicts: { ordinal: number; verdict: 'valid' | 'invalid' }[] = [];
  let canonical = 0;
  let ordinal = -1;
  for (const at of job.attempts.list(job.units.head[unit]!)) {
    ordinal += 1;
    if (at === best.attempts[0]) canonical = ordinal;
    if (job.attempts.state[at] !== ATTEMPT.returned) continue;
    verdicts.push({ ordinal, verdict: agreeing.has(at) ? 'valid' : 'invalid' });
  }
  record(effects, job, { kind: 'judged', at: now, items: [{ unit, canonical, verdicts }] });
  return true;
};

/** Why the unit can come to no good end, or null. */
const hopeless = (job: Job, unit: number, lastError: string | null): string | null => {
  const { maxErrors, maxAttempts } = job.spec.limits;
  const errors = job.units.errors[unit]!;
  if (errors >= maxErrors) {
    const text = lastError === null ? '' : ` Last error: ${lastError}`;
    return `The program failed ${errors} ${errors === 1 ? 'time' : 'times'}.${text}`;
  }
  if (job.holders.has(unit) || triesOf(job, unit) < maxAttempts) return null;
  return `No ${job.spec.quorum} results agree after ${maxAttempts} attempts.`;
};

/**
 * Looks at one unit anew, decides what is missing, and does it: judges, fails or queues it. Level-triggered: done
 * twice it changes nothing the second time. A settled unit's late results are put to the judge.
 */
export const reconcileUnit = (
  job: Job,
  unit: number,
  now: number,
  effects: Effects,
  lastError: string | null = null,
): void => {
  if (job.units.state[unit] !== UNIT.open || job.order.kind === 'cancelled') return;
  if (judge(job, unit, now, effects)) return job.ready.drop(unit);
  const reason = hopeless(job, unit, lastError);
  if (reason !== null) {
    record(effects, job, { kind: 'failed', at: now, unit, reason });
    return job.ready.drop(unit);
  }
  if (needOf(job, unit) === 0) return job.ready.drop(unit);
  job.ready.push(unit, participants(job, unit));
  effects.wake = true;
};

/** Late results of a validated unit, each with the question that judges it. */
export const judgeLate = (job: Job, unit: number, effects: Effects): void => {
  if (job.units.state[unit] !== UNIT.validated) return;
  let canonical = -1;
  let ordinal = -1;
  const late: number[] = [];
  for (const at of job.attempts.list(job.units.head[unit]!)) {
    ordinal += 1;
    if (at === job.units.canonical[unit]) canonical = ordinal;
    else if (job.attempts.state[at] === ATTEMPT.returned) late.push(ordinal);
  }
  for (const candidate of late) effects.judgements.push({ job: job.number, unit, canonical, candidate });
};

/** After a replay, or at any time: queues what is missing, and asks again what was not answered. */
export const reconcileJob = (job: Job, now: number, effects: Effects): void => {
  const { units } = job;
  let fresh = units.length;
  while (fresh > job.fresh && units.head[fresh - 1] === -1 && units.lost[fresh - 1] === 0) fresh -= 1;
  job.fresh = fresh;
  for (let unit = 0; unit < fresh; unit++) {
    reconcileUnit(job, unit, now, effects);
    judgeLate(job, unit, effects);
  }
};
