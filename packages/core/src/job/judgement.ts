import type { JudgedItem } from '../facts/job-fact.ts';
import type { Job } from './job.ts';

type Verdicts = JudgedItem['verdicts'];

const allValid = (count: number): Verdicts =>
  Array.from({ length: count }, (_, ordinal) => ({ ordinal, verdict: 'valid' as const }));

/** All results of a unit agree: nearly always so, and of few results. Then the verdicts are the same ones for all units. */
const UNANIMOUS = Array.from({ length: 5 }, (_, count) => allValid(count));

/**
 * Verdicts on a unit's unjudged results, of which those of `group` are right and those of the other `groups` wrong. Those that
 * are not sorted yet are judged as late ones.
 */
export const judgementOf = (
  job: Job,
  unit: number,
  group: readonly number[],
  groups: readonly (readonly number[])[],
): JudgedItem => {
  const { next } = job.attempts;
  const right = group[0]!;
  let canonical = 0;
  let attempts = 0;
  for (let at = job.units.head[unit]!; at !== -1; at = next[at]!) {
    if (at === right) canonical = attempts;
    attempts += 1;
  }
  if (group.length === attempts && attempts < UNANIMOUS.length) {
    return { unit, canonical, verdicts: UNANIMOUS[attempts]! };
  }
  const verdicts: Verdicts[number][] = [];
  let ordinal = -1;
  for (let at = job.units.head[unit]!; at !== -1; at = next[at]!) {
    ordinal += 1;
    if (group.includes(at)) verdicts.push({ ordinal, verdict: 'valid' });
    else if (groups.some((other) => other[0] !== right && other.includes(at))) {
      verdicts.push({ ordinal, verdict: 'invalid' });
    }
  }
  return { unit, canonical, verdicts };
};
