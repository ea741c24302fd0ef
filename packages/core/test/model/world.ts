import type { Device, Job, JudgementRequest } from '../../src/index.ts';
import type { JobWish } from '../grid.ts';
import { knowDevice } from '../../src/index.ts';
import { DEVICE, Grid } from '../grid.ts';
import { record } from '../../src/scheduler/state.ts';
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
  /** Questions that the judge has not answered yet. */
  readonly questions: JudgementRequest[];
  /** Of jobs whose inputs come while the story goes on: how many are still to come. */
  readonly toCome: Map<number, number>;
}

const nature = (chance: Chance) =>
  chance.pick(['honest', 'honest', 'honest', 'liar', 'colluder', 'thrower', 'sleeper'] as const);

/** When is a result true: every policy, and comparisons by bytes, by the judge, or by the program's own check. */
const verification = (chance: Chance): Pick<JobWish, 'policy' | 'comparison'> & { quorum: number } => {
  const quorum = chance.between(1, 3);
  const kind = chance.pick(['quorum', 'quorum', 'adaptive', 'adaptive', 'check'] as const);
  const comparison = chance.happens(0.35) ? { comparison: { kind: 'program' as const } } : {};
  if (kind === 'check') return { quorum, policy: { kind } };
  if (kind === 'quorum') return { quorum, ...comparison };
  return { quorum, policy: { kind, maxErrorRate: chance.pick([0.2, 0.05, 0.005]) }, ...comparison };
};

/** A job of the past in which devices of several volunteers have agreed: what comes after it begins with trust. */
const past = (grid: Grid, devices: readonly Device[], total: number): void => {
  const job = grid.job({ total, quorum: devices.length, independence: { prefix: false } });
  const at = grid.now;
  const units = Array.from({ length: total }, (_, unit) => unit);
  const body = new Uint8Array([49]);
  const items = units.map((unit) => ({ unit, offset: unit, runMs: 10, encoding: 0 as const, body }));
  const verdicts = devices.map((_, ordinal) => ({ ordinal, verdict: 'valid' as const }));
  grid.run((effects) => {
    record(effects, job, { kind: 'cut', at, upto: total });
    job.fresh = total;
    // No lease has the number 0.
    for (const { number } of devices) {
      record(effects, job, { kind: 'returned', at, device: number, epoch: 1, lease: 0, items });
    }
    record(effects, job, { kind: 'judged', at, items: units.map((unit) => ({ unit, canonical: 0, verdicts })) });
  });
};

/** `streams`: some jobs get their inputs bit by bit. */
export const createWorld = (seed: number, streams = false): World => {
  const chance = new Chance(seed);
  const grid = new Grid({ leaseTargetMs: chance.pick([500, 3000]) });
  grid.recalls = true;
  // Small numbers come often: without them there would be hardly a ringer.
  grid.chance = () => (chance.happens(0.35) ? chance.next() * 0.02 : chance.next());
  const tabs: Tab[] = [];
  for (let number = 1, many = chance.between(2, 8); number <= many; number++) {
    const device: Device = {
      ...DEVICE,
      number,
      id: `dev_${number}`,
      volunteer: `volunteer ${chance.happens(0.3) ? 1 : number}`,
      prefix: chance.pick([null, null, 'p', 'q']),
      class: chance.pick(['chromium', 'chromium', 'firefox']),
    };
    tabs.push(new Tab(grid, chance, device, nature(chance)));
  }
  const owners = new Map(tabs.map(({ device }) => [device.volunteer, device]));
  for (const { device } of tabs) knowDevice(grid.scheduler, device);
  if (chance.happens(0.35) && owners.size > 1) past(grid, [...owners.values()].slice(0, 4), chance.pick([12, 60]));
  const colluders = tabs.filter((tab) => tab.nature === 'colluder').length;
  const soundJobs = new Set<number>();
  const jobs: Job[] = [];
  const toCome = new Map<number, number>();
  for (let number = 1, many = chance.between(1, 2); number <= many; number++) {
    const how = verification(chance);
    const device = chance.happens(0.8);
    const total = chance.between(1, 14);
    const stream = streams && chance.happens(0.7);
    const job = grid.job({
      total: stream ? 0 : total,
      stream,
      ...how,
      submitter: chance.pick(['ada', 'grace']),
      independence: { device, volunteer: chance.happens(0.7), prefix: chance.happens(0.7) },
      limits: { maxErrors: chance.between(1, 4), maxAttempts: chance.between(3, 24), deadlineMs: 4000 },
      priority: chance.between(0, 1),
      credit: chance.between(1, 3),
    });
    jobs.push(job);
    if (stream) toCome.set(job.number, total);
    const { policy } = job.spec;
    const isSound = device && policy.kind === 'quorum' && how.quorum > 1 && colluders < how.quorum;
    if (isSound || policy.kind === 'check') soundJobs.add(job.number);
  }
  return { seed, chance, grid, jobs, tabs, soundJobs, questions: [], toCome };
};
