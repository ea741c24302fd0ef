import { sleeper } from '../population/liars.ts';
import { poissonUpper95 } from '../stats/poisson.ts';
import type { Scenario } from './options.ts';
import { simulateAll, worldPlan } from './simulate.ts';

const RATES = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005];
const SLEEPS = [0, 20, 100, 500];
/** The share of devices that lie. */
const SABOTEURS = 0.2;

/** Liars of every rate and patience against the adaptive policy: how much of what is final is wrong, at the worst. */
export const adversarySweep: Scenario = {
  name: 'adversary-sweep',
  about: 'wrong final results of the adaptive policy, by rate of lies and honest results before the first',
  takesSeeds: true,
  defaults: {
    seed: 1,
    seeds: 1,
    units: 50_000,
    devices: 100,
    unitMs: 2000,
    maxErrorRate: 0.01,
    warmupMs: 0,
    check: false,
  },
  run(options, progress) {
    const { maxErrorRate } = options;
    const policy = { kind: 'adaptive', maxErrorRate } as const;
    const rows = RATES.flatMap((s) =>
      SLEEPS.map((n) => {
        progress(`rate ${s}, after ${n}`);
        const plan = worldPlan(options, { saboteurs: SABOTEURS, liar: sleeper(n, s) });
        const { units, wrongFinal, complete, attemptsPerUnit, revoked, caught } = simulateAll(plan, options, policy);
        const share = wrongFinal / units;
        // Of the share: it is to be compared with the target.
        const upper95 = poissonUpper95(wrongFinal) / units;
        return { s, n, units, wrongFinal, share, upper95, maxErrorRate, complete, attemptsPerUnit, revoked, caught };
      }),
    );
    const worst = rows.reduce((most, row) => (row.share > most.share ? row : most));
    return { ...options, saboteurs: SABOTEURS, worst, ofTarget: worst.share / maxErrorRate, rows };
  },
};
