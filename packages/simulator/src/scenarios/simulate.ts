import type { JobPlan, SimJob } from '../grid/sim-job.ts';
import type { Outcome } from '../measure/outcome.ts';
import { outcomeOf } from '../measure/outcome.ts';
import { sumOf } from '../measure/sum.ts';
import type { CrowdPlan } from '../population/crowd-plan.ts';
import { CROWD } from '../population/crowd-plan.ts';
import type { WorldPlan } from '../world/plan.ts';
import { WORLD } from '../world/plan.ts';
import { complete, run } from '../world/run.ts';
import type { Additions } from '../world/world.ts';
import { World } from '../world/world.ts';
import type { Options } from './options.ts';

/** The measured job begins so long after the first tabs connected, or at least after the earlier job was held. */
const SETTLE_MS = 2000;
/** Leases of the earlier job are waited for so long: their time is not the measured job's. Few tabs are frozen for longer. */
const DRAIN_MS = 60_000;
/** An earlier job has more units than can be computed in its time. */
const ENDLESS = 9_000_000;

/** A world for these options; what is not said is as in `WORLD` and `CROWD`. */
export const worldPlan = (options: Options, crowd: Partial<CrowdPlan>, more: Partial<WorldPlan> = {}): WorldPlan => ({
  ...WORLD,
  ...more,
  crowd: { ...CROWD, present: options.devices, known: options.devices * 2, ...crowd },
  keepLog: options.check,
  checkEveryStep: options.check,
});

/** When a job is given up as one that does not come to an end: ten times longer than it should take, and four hours. */
export const patienceMs = ({ units, unitMs, devices }: Options): number => (20 * units * unitMs) / devices + 14_400_000;

/** Builds a world, and lets an earlier job of the same policy run in it for as long as the options say. */
export const warmWorld = (
  plan: WorldPlan,
  options: Options,
  policy: JobPlan['policy'],
  additions?: (chance: () => number) => Additions,
): World => {
  const world = new World(plan, options.seed, additions);
  run(world, SETTLE_MS);
  if (options.warmupMs === 0) return world;
  const earlier = world.addJob({ units: ENDLESS, unitMs: options.unitMs, policy, submitter: 'earlier' });
  run(world, world.now + options.warmupMs);
  world.hold(earlier);
  run(world, world.now + DRAIN_MS, () => earlier.job.leased === 0);
  run(world, world.now + SETTLE_MS);
  return world;
};

/** Simulates one job of these options in a world of its own, to its end. */
export const simulate = (
  plan: WorldPlan,
  options: Options,
  policy: JobPlan['policy'],
  additions?: (chance: () => number) => Additions,
): SimJob => {
  const world = warmWorld(plan, options, policy, additions);
  const job = world.addJob({ units: options.units, unitMs: options.unitMs, policy });
  complete(world, [job], world.now + patienceMs(options));
  world.coordinator.check();
  return job;
};

/** The same over all seeds of the options: what they count is summed. */
export const simulateAll = (
  plan: WorldPlan,
  options: Options,
  policy: JobPlan['policy'],
  additions?: (chance: () => number) => Additions,
): Outcome => {
  const outcomes: Outcome[] = [];
  for (let more = 0; more < options.seeds; more++) {
    outcomes.push(outcomeOf(simulate(plan, { ...options, seed: options.seed + more }, policy, additions)));
  }
  return sumOf(outcomes);
};
