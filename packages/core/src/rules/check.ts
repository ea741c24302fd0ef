import type { Rule } from './rule.ts';
import { WAIT } from './rule.ts';

/** The program's own `check` accepts it: the judge is asked, and its verdict settles the unit. */
export const checkRule: Rule = {
  byStanding: false,
  decide: () => WAIT,
  need: ({ groups, unsorted }) => (groups.length + unsorted > 0 ? 0 : 1),
};
