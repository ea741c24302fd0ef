import { Extras } from '../measure/extras.ts';
import { outcomeOf } from '../measure/outcome.ts';
import type { Scenario } from './options.ts';
import { simulate, worldPlan } from './simulate.ts';

/** Honest devices that come and go: what does verification cost, and for whom? */
export const churn: Scenario = {
  name: 'churn',
  about: 'attempts per validated unit among honest devices that come and go, and what each extra one is for',
  takesSeeds: false,
  defaults: {
    seed: 1,
    seeds: 1,
    units: 1_000_000,
    devices: 10_000,
    unitMs: 10_000,
    maxErrorRate: 0.01,
    warmupMs: 900_000,
    check: false,
  },
  run(options, progress) {
    progress('adaptive');
    const policy = { kind: 'adaptive', maxErrorRate: options.maxErrorRate } as const;
    // The earlier job, if there is one, is the first.
    const extras = new Extras(options.warmupMs > 0 ? 2 : 1, options.units);
    const plan = worldPlan(options, {}, { wakeMs: 100, tickMs: 5000 });
    const job = simulate(plan, options, policy, () => ({ watchers: [extras] }));
    const { newcomers, spotChecks, closingChecks, disputes, ringers, copies } = extras;
    const perUnit = (attempts: number): number => attempts / options.units;
    return {
      ...options,
      returning: plan.crowd.returning,
      ...outcomeOf(job),
      extraPerUnit: {
        newcomers: perUnit(newcomers),
        spotChecks: perUnit(spotChecks),
        closingChecks: perUnit(closingChecks),
        disputes: perUnit(disputes),
        ringers: perUnit(ringers),
        copies: perUnit(copies),
      },
    };
  },
};
