import { run } from '../world/run.ts';
import type { Scenario } from './options.ts';
import { patienceMs, warmWorld, worldPlan } from './simulate.ts';

const SMALL_JOBS = 10;
/** Each of the small jobs has so many units for every one of the large one. */
const SMALL_SHARE = 1 / 200;

/** Ten equal jobs of ten submitters beside a large one of an eleventh: what each gets while all are running. */
export const fairness: Scenario = {
  name: 'fairness',
  about: 'the share that each of ten submitters gets while an eleventh floods the grid',
  takesSeeds: false,
  defaults: {
    seed: 1,
    seeds: 1,
    units: 1_000_000,
    devices: 1000,
    unitMs: 4000,
    maxErrorRate: 0.01,
    warmupMs: 0,
    check: false,
  },
  run(options, progress) {
    const policy = { kind: 'trusted' } as const;
    const world = warmWorld(worldPlan(options, {}), options, policy);
    const { unitMs } = options;
    const units = Math.max(1, Math.floor(options.units * SMALL_SHARE));
    const flood = world.addJob({ units: options.units, unitMs, policy, submitter: 'flood' });
    const small = Array.from({ length: SMALL_JOBS }, (_, at) =>
      world.addJob({ units, unitMs, policy, submitter: `submitter ${at + 1}` }),
    );
    progress('until the first one is complete');
    run(world, patienceMs(options), () => small.some(({ completedAt }) => completedAt !== null));
    world.coordinator.check();
    const jobs = [...small, flood];
    const total = jobs.reduce((sum, { truth }) => sum + truth.runMs, 0);
    const fair = 1 / jobs.length;
    const rows = jobs.map(({ truth, plan }) => {
      const share = truth.runMs / total;
      return { submitter: plan.submitter, units: plan.units, validated: truth.validated, share, ofFair: share / fair };
    });
    const ofFair = rows.slice(0, SMALL_JOBS).map((row) => row.ofFair);
    return {
      ...options,
      allRunningMs: world.now - flood.createdAt,
      simulatedSeconds: world.now / 1000,
      fairShare: fair,
      least: Math.min(...ofFair),
      most: Math.max(...ofFair),
      rows,
    };
  },
};
