import { NO_RESULTS } from '../rules/agreements.ts';
import { agreements } from './agreements.ts';
import type { Job } from './job.ts';
import { headOfRound } from './rounds.ts';
import { UNIT } from './units.ts';

/** Attempts of any outcome that the unit has had since it was last retried, without those that are leased now. */
export const triesOf = (job: Job, unit: number): number => {
  let tries = job.units.lost[unit]! - (job.before.get(unit)?.lost ?? 0);
  for (let at = headOfRound(job, unit); at !== -1; at = job.attempts.next[at]!) tries += 1;
  return tries;
};

/** How many more attempts the unit wants now, by its job's rule, but no more than `maxAttempts` leaves. */
export const needOf = (job: Job, unit: number): number => {
  if (job.units.state[unit] !== UNIT.open) return 0;
  const live = job.holders.count(unit);
  const untouched = job.units.head[unit] === -1;
  const wanted = job.rule.need(untouched ? NO_RESULTS : agreements(job, unit));
  if (wanted <= live) return 0;
  const left = job.spec.limits.maxAttempts - triesOf(job, unit);
  return Math.max(0, Math.min(wanted, left) - live);
};
