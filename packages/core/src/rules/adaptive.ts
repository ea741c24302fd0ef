import { checkRate, groupRisk, wrongBound } from '../trust/odds.ts';
import type { Evidence, Rule } from './rule.ts';
import { WAIT } from './rule.ts';

/** The group of at least two results that is least likely to be wrong, given what the other ones say. */
const bestGroup = (groups: readonly number[][], evidence: Evidence): { group: number[]; risk: number } | null => {
  const risks = groups.map((group) => group.map((attempt) => wrongBound(evidence.record(attempt), evidence.liars)));
  let best: { group: number[]; risk: number } | null = null;
  for (const [at, group] of groups.entries()) {
    if (group.length < 2) continue;
    const risk = groupRisk([risks[at]!, ...risks.filter((_, other) => other !== at)]);
    if (best === null || risk < best.risk) best = { group, risk };
  }
  return best;
};

/**
 * One result of a credible device will do, unless chance wants it checked; everybody else's is always checked. Results
 * that were compared are right when the odds say so: those of each group by what is known of its devices, and those
 * that contradict them by what is known of theirs.
 */
export const adaptiveRule = (maxErrorRate: number): Rule => ({
  byStanding: true,
  decide: ({ groups, unsorted }, evidence, fresh) => {
    if (groups.length === 0 || unsorted > 0) return WAIT;
    if (groups.length === 1 && groups[0]!.length === 1) {
      const [attempt] = groups[0]!;
      if (attempt !== fresh) return WAIT;
      const rate = checkRate(evidence.record(fresh), evidence.liars, maxErrorRate);
      if (rate >= 1) return WAIT;
      return { kind: evidence.chance() < rate ? 'check' : 'accept', attempt: fresh };
    }
    const best = bestGroup(groups, evidence);
    return best !== null && best.risk <= maxErrorRate ? { kind: 'validate', group: best.group } : WAIT;
  },
  // One after another: each result may be the one that is enough.
  need: ({ unsorted }) => (unsorted > 0 ? 0 : 1),
});
