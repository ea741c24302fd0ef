import { outcomeOf } from '../measure/outcome.ts';
import { sleeper } from '../population/liars.ts';
import type { Scenario } from './options.ts';
import { simulate, worldPlan } from './simulate.ts';

const RATES = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005];
const SLEEPS = [0, 20, 100, 500];
/** The share of devices that lie. */
const SABOTEURS = 0.1;

/** Liars of every rate and patience against the adaptive policy: how much of what is final is wrong, at the worst. */
export const adversarySweep: Scenario = {
  name: 'adversary-sweep',
  about: 'wrong final results of the adaptive policy, by rate of lies and honest results before the first',
  defaults: {
    seed: 1,
    units: 50_000,
    devices: 100,
    unitMs: 2000,
    maxErrorRate: 0.005,
    warmupMs: 0,
    check: false,
  },
  run(options, progress) {
    const policy = { kind: 'adaptive', maxErrorRate: options.maxErrorRate } as const;
    const rows = RATES.flatMap((rate) =>
      SLEEPS.map((sleep) => {
        progress(`rate ${rate}, after ${sleep}`);
        const plan = worldPlan(options, { saboteurs: SABOTEURS, liar: sleeper(sleep, rate) });
        const { wrongFinal, wrongUpper95, units, attemptsPerUnit, revoked, caught, complete } = outcomeOf(
          simulate(plan, options, policy),
        );
        const share = wrongFinal / units;
        return { rate, sleep, complete, share, wrongFinal, wrongUpper95, attemptsPerUnit, revoked, caught };
      }),
    );
    const worst = rows.reduce((most, row) => (row.share > most.share ? row : most));
    return { ...options, saboteurs: SABOTEURS, worst, ofTarget: worst.share / options.maxErrorRate, rows };
  },
};
