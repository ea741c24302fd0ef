import type { JobPlan } from '../grid/sim-job.ts';
import { outcomeOf } from '../measure/outcome.ts';
import { idealMakespan } from '../population/ideal.ts';
import type { Scenario } from './options.ts';
import { simulate, worldPlan } from './simulate.ts';

/** Makespan of equal units on churning devices against what would do if no time of theirs were lost. */
export const tail: Scenario = {
  name: 'tail',
  about: 'how long the last units of a job take: makespan against the ideal',
  takesSeeds: false,
  defaults: {
    seed: 1,
    seeds: 1,
    units: 10_000,
    devices: 1000,
    unitMs: 10_000,
    maxErrorRate: 0.01,
    warmupMs: 600_000,
    check: false,
  },
  run(options, progress) {
    const policies: { name: string; copies: number; policy: JobPlan['policy'] }[] = [
      { name: 'trusted', copies: 1, policy: { kind: 'trusted' } },
      { name: 'adaptive', copies: 1, policy: { kind: 'adaptive', maxErrorRate: options.maxErrorRate } },
      { name: 'quorum-2', copies: 2, policy: { kind: 'quorum', quorum: 2 } },
    ];
    const rows = policies.map(({ name, copies, policy }) => {
      progress(name);
      const plan = worldPlan(options, {});
      const job = simulate(plan, options, policy);
      const work = copies * options.units * options.unitMs;
      const ideal = idealMakespan(plan.crowd, options.seed, job.createdAt, work);
      const { makespan, attemptsPerUnit, lostPerUnit, complete, simulatedSeconds } = outcomeOf(job);
      const ratio = makespan === null ? null : makespan / ideal;
      return { policy: name, complete, makespan, ideal, ratio, attemptsPerUnit, lostPerUnit, simulatedSeconds };
    });
    return { ...options, rows };
  },
};
