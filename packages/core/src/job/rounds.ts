import { illegal } from './illegal.ts';
import type { Job } from './job.ts';
import { isComplete } from './job.ts';
import { UNIT } from './units.ts';

/** To be called when a unit has become final. */
export const noteEnd = (job: Job, at: number): void => {
  if (!isComplete(job)) return;
  const { validated, failed, retries } = job.counts;
  job.completedAt = at;
  job.ends.push({ at, validated, failed, retries });
};

/**
 * The first attempt since the unit was last retried, or of all, as a place in the table; -1 when there is none. The rule,
 * the budget and independence look at attempts from there on.
 */
export const headOfRound = (job: Job, unit: number): number => {
  const head = job.units.head[unit]!;
  const before = job.before.size === 0 ? undefined : job.before.get(unit);
  return before === undefined ? head : job.attempts.nth(head, before.attempts);
};

/** How many attempts of the unit came back, in all rounds. */
export const returnsOf = (job: Job, unit: number): number => {
  let count = 0;
  for (let at = job.units.head[unit]!; at !== -1; at = job.attempts.next[at]!) count += 1;
  return count;
};

export const applyRetried = (job: Job, retried: readonly number[]): void => {
  const { units } = job;
  for (const unit of retried) {
    if (units.state[unit] !== UNIT.failed) illegal(job, 'retried', `unit ${unit} has not failed`);
    units.state[unit] = UNIT.open;
    units.errors[unit] = 0;
    job.before.set(unit, { attempts: returnsOf(job, unit), lost: units.lost[unit]! });
    job.failures.delete(unit);
    job.counts.failed -= 1;
  }
  job.counts.retries += 1;
  job.completedAt = null;
};
