import { adversarySweep } from './adversary-sweep.ts';
import { churn } from './churn.ts';
import { fairness } from './fairness.ts';
import type { Scenario } from './options.ts';
import { policies } from './policies.ts';
import { tail } from './tail.ts';

export const SCENARIOS: readonly Scenario[] = [policies, churn, tail, fairness, adversarySweep];
