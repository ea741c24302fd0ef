import type { Policy } from '@gossamer/protocol';
import { adaptiveRule } from './adaptive.ts';
import { checkRule } from './check.ts';
import { quorumRule } from './quorum.ts';
import type { Rule } from './rule.ts';

export const ruleFor = (policy: Policy): Rule => {
  switch (policy.kind) {
    case 'quorum':
      return quorumRule(policy.quorum);
    case 'trusted':
      return quorumRule(1);
    case 'check':
      return checkRule;
    case 'adaptive':
      return adaptiveRule(policy.maxErrorRate);
  }
};
