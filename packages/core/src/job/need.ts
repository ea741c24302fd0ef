import { ATTEMPT } from './attempts.ts';
import type { Job } from './job.ts';
import { UNIT } from './units.ts';

/** Results of one unit that agree: attempts, oldest first. */
export interface Agreement {
  attempts: number[];
}

/** The unit's unjudged results, grouped by agreement; the group with the most members first, the older one on a tie. */
export const agreements = (job: Job, unit: number): Agreement[] => {
  const groups: Agreement[] = [];
  for (const at of job.attempts.list(job.units.head[unit]!)) {
    if (job.attempts.state[at] !== ATTEMPT.returned) continue;
    const group = groups.find(({ attempts }) => job.identities.same(attempts[0]!, at));
    if (group === undefined) groups.push({ attempts: [at] });
    else group.attempts.push(at);
  }
  return groups.sort((a, b) => b.attempts.length - a.attempts.length);
};

/** Attempts of any outcome that the unit has had, without those that are leased now. */
export const triesOf = (job: Job, unit: number): number => {
  let tries = job.units.lost[unit]!;
  for (const _ of job.attempts.list(job.units.head[unit]!)) tries += 1;
  return tries;
};

/**
 * How many more attempts the unit wants now: enough to reach its quorum if they and those leased now agree with the
 * largest group, but no more than `maxAttempts` leaves.
 */
export const needOf = (job: Job, unit: number): number => {
  if (job.units.state[unit] !== UNIT.open) return 0;
  const live = job.holders.get(unit)?.length ?? 0;
  const best = job.units.head[unit] === -1 ? 0 : (agreements(job, unit)[0]?.attempts.length ?? 0);
  const left = job.spec.limits.maxAttempts - triesOf(job, unit);
  return Math.max(0, Math.min(job.spec.quorum - best, left) - live);
};
