import type { Device, Job } from '../../src/index.ts';
import { DEVICE, Grid } from '../grid.ts';
import { Chance } from './chance.ts';
import { Tab } from './tab.ts';

/** What a seed stands for: a grid, its jobs, and the devices that work for it. */
export interface World {
  readonly seed: number;
  readonly chance: Chance;
  readonly grid: Grid;
  readonly jobs: Job[];
  readonly tabs: Tab[];
  /**
   * Wrong results can agree with each other on fewer devices than the quorum, and a device counts once: no wrong
   * result may become canonical.
   */
  readonly soundJobs: Set<number>;
}

const nature = (chance: Chance) =>
  chance.pick(['honest', 'honest', 'honest', 'liar', 'colluder', 'thrower', 'sleeper'] as const);

export const createWorld = (seed: number): World => {
  const chance = new Chance(seed);
  const grid = new Grid({ leaseTargetMs: chance.pick([500, 3000]) });
  grid.chance = () => chance.next();
  const tabs: Tab[] = [];
  for (let number = 1, many = chance.between(2, 8); number <= many; number++) {
    const device: Device = {
      ...DEVICE,
      number,
      id: `dev_${number}`,
      volunteer: `volunteer ${chance.happens(0.3) ? 1 : number}`,
      prefix: chance.pick([null, null, 'p', 'q']),
    };
    tabs.push(new Tab(grid, chance, device, nature(chance)));
  }
  const colluders = tabs.filter((tab) => tab.nature === 'colluder').length;
  const soundJobs = new Set<number>();
  const jobs: Job[] = [];
  for (let number = 1, many = chance.between(1, 2); number <= many; number++) {
    const quorum = chance.between(1, 3);
    const device = chance.happens(0.8);
    const job = grid.job({
      total: chance.between(1, 14),
      quorum,
      ...(chance.happens(0.5) ? { policy: { kind: 'adaptive' as const, maxErrorRate: chance.pick([0.2, 0.05]) } } : {}),
      independence: { device, volunteer: chance.happens(0.7), prefix: chance.happens(0.7) },
      limits: { maxErrors: chance.between(1, 4), maxAttempts: chance.between(3, 24), deadlineMs: 4000 },
      priority: chance.between(0, 1),
      credit: chance.between(1, 3),
    });
    jobs.push(job);
    if (device && job.spec.policy.kind === 'quorum' && quorum > 1 && colluders < quorum) soundJobs.add(job.number);
  }
  return { seed, chance, grid, jobs, tabs, soundJobs };
};
