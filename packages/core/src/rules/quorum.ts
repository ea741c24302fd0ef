import type { Rule } from './rule.ts';
import { WAIT } from './rule.ts';

/** So many results agree. A quorum of one is the policy `trusted`. */
export const quorumRule = (quorum: number): Rule => ({
  byStanding: false,
  decide: ({ groups }) => {
    const [best] = groups;
    return best !== undefined && best.length >= quorum ? { kind: 'validate', group: best } : WAIT;
  },
  need: ({ groups, unsorted }) => quorum - (groups[0]?.length ?? 0) - unsorted,
});
