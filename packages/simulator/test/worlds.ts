import type { SimJob } from '../src/grid/sim-job.ts';
import type { CrowdPlan } from '../src/population/crowd-plan.ts';
import { CROWD } from '../src/population/crowd-plan.ts';
import type { WorldPlan } from '../src/world/plan.ts';
import { WORLD } from '../src/world/plan.ts';
import { complete, run } from '../src/world/run.ts';
import { World } from '../src/world/world.ts';

/** A small world that looks for broken invariants after every step and keeps its facts. */
export const smallWorld = (crowd: Partial<CrowdPlan> = {}, more: Partial<WorldPlan> = {}): WorldPlan => ({
  ...WORLD,
  checkpointMs: 60_000,
  keepLog: true,
  checkEveryStep: true,
  ...more,
  crowd: { ...CROWD, present: 20, known: 40, ...crowd },
});

export const HOUR_MS = 3_600_000;

/** Computes one job in a world to its end. */
export const compute = (
  plan: WorldPlan,
  seed: number,
  policy: SimJob['plan']['policy'],
  { units = 200, unitMs = 3000 } = {},
): { world: World; job: SimJob } => {
  const world = new World(plan, seed);
  run(world, 1000);
  const job = world.addJob({ units, unitMs, policy });
  complete(world, [job], world.now + 24 * HOUR_MS);
  world.coordinator.check();
  return { world, job };
};
