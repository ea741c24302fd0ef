import type { Job } from '../job/job.ts';
import type { Scheduler } from '../scheduler/state.ts';
import { checkRate, groupRisk, wrongBound } from '../trust/odds.ts';
import { recordIn } from '../trust/record.ts';
import type { Rule } from './rule.ts';
import { WAIT } from './rule.ts';

const riskOf = (scheduler: Scheduler, job: Job, attempt: number): number =>
  wrongBound(recordIn(scheduler, job, job.attempts.device[attempt]!), scheduler.book.liars);

/**
 * One result of a credible device will do, unless chance wants it checked; everybody else's is always checked. Results
 * that were compared are right when the odds say so: those of each group by what is known of its devices, and those
 * that contradict them by what is known of theirs.
 */
export const adaptiveRule = (maxErrorRate: number): Rule => ({
  byStanding: true,
  decide: (scheduler, job, _unit, { groups, unsorted }, fresh) => {
    if (groups.length === 0 || unsorted > 0) return WAIT;
    if (groups.length === 1 && groups[0]!.length === 1) {
      const [attempt] = groups[0]!;
      if (attempt !== fresh) return WAIT;
      const record = recordIn(scheduler, job, job.attempts.device[attempt]!);
      const rate = checkRate(record, scheduler.book.liars, maxErrorRate);
      if (rate >= 1) return WAIT;
      return { kind: scheduler.options.chance() < rate ? 'check' : 'accept', attempt };
    }
    const risks = groups.map((group) => group.map((attempt) => riskOf(scheduler, job, attempt)));
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const [at, group] of groups.entries()) {
      if (group.length < 2) continue;
      const risk = groupRisk([risks[at]!, ...risks.filter((_, other) => other !== at)]);
      if (risk < least) [best, least] = [at, risk];
    }
    return least <= maxErrorRate ? { kind: 'validate', group: groups[best]! } : WAIT;
  },
  // One after another: each result may be the one that is enough.
  need: (_job, _unit, { unsorted }) => (unsorted > 0 ? 0 : 1),
});
