import { expect, test } from 'vitest';
import type { Visit } from '../src/population/crowd.ts';
import { Crowd } from '../src/population/crowd.ts';
import type { CrowdPlan } from '../src/population/crowd-plan.ts';
import { CROWD } from '../src/population/crowd-plan.ts';
import { idealMakespan } from '../src/population/ideal.ts';
import { always, colluders } from '../src/population/liars.ts';
import { streamsOf } from '../src/random/streams.ts';
import { run } from '../src/world/run.ts';
import { World } from '../src/world/world.ts';
import { compute, smallWorld } from './worlds.ts';

const crowdOf = (plan: Partial<CrowdPlan>, seed: number): Crowd => {
  const { arrivals, traits } = streamsOf(seed);
  return new Crowd({ ...CROWD, ...plan }, arrivals, traits);
};

const take = (crowd: Crowd, many: number): Visit[] => Array.from({ length: many }, () => crowd.next());
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

test('SM4: a visit lasts 410 s in the median, and four arrivals in five are by devices known before', () => {
  const visits = take(crowdOf({ present: 200, known: 800 }, 3), 40_000).slice(200);
  const lengths = visits.map(({ arrivesAt, leavesAt }) => leavesAt - arrivesAt);
  expect(median(lengths) / 410_000).toBeCloseTo(1, 1);
  expect(visits.filter(({ returns }) => returns).length / visits.length).toBeCloseTo(0.8, 1);
  const logarithms = lengths.map((length) => Math.log(length / 410_000));
  const square = logarithms.reduce((sum, value) => sum + value ** 2, 0) / logarithms.length;
  expect(Math.sqrt(square)).toBeCloseTo(1, 1);
});

test('SM4: as many devices are present as planned, from the beginning on', () => {
  const visits = take(crowdOf({ present: 2000, known: 4000 }, 5), 20_000);
  for (const at of [0, 60_000, 400_000, 1_500_000, 3_000_000]) {
    const present = visits.filter(({ arrivesAt, leavesAt }) => arrivesAt <= at && at < leavesAt).length;
    expect(present / 2000).toBeCloseTo(1, 0.9);
    expect(Math.abs(present - 2000)).toBeLessThan(250);
  }
});

test('SM4: nobody is there twice, and whoever returns was there before', () => {
  const plan = { present: 30, known: 20 };
  const visits = take(crowdOf(plan, 8), 3000);
  const until = new Map<number, number>();
  for (const { person, arrivesAt, leavesAt, returns } of visits) {
    expect(arrivesAt).toBeGreaterThanOrEqual(until.get(person.number) ?? 0);
    expect(returns).toBe(person.known || until.has(person.number));
    until.set(person.number, leavesAt);
  }
});

test('SM4: of any so many devices the planned share are saboteurs, in groups of one size', () => {
  const crowd = crowdOf({ present: 1000, known: 0, saboteurs: 0.1, liar: colluders(4) }, 9);
  take(crowd, 1000);
  const liars = crowd.persons.flatMap(({ liar }) => (liar === null ? [] : [liar]));
  expect(Math.abs(liars.length - 100)).toBeLessThan(5);
  for (const group of [0, 1, 2, 3])
    expect(Math.abs(liars.filter((liar) => liar.group === group).length - 25)).toBeLessThan(3);
});

test('SM5: whatever a policy decides, and whatever its liars do, it meets the same crowd', () => {
  const story = (policy: Parameters<typeof compute>[2], saboteurs: number): string => {
    const plan = smallWorld({ saboteurs, liar: saboteurs > 0 ? always() : null }, { checkEveryStep: false });
    const { world } = compute(plan, 4, policy);
    run(world, 1_800_000);
    return JSON.stringify([
      world.upcoming.arrivesAt,
      world.crowd.persons.map(({ number, speed, browser, known }) => [number, speed, browser, known]),
      world.tabs.map(({ visit, visitStamp, frozen }) => [visit?.arrivesAt, visit?.leavesAt, visitStamp, frozen]),
    ]);
  };
  const first = story({ kind: 'quorum', quorum: 2 }, 0);
  expect(story({ kind: 'trusted' }, 0)).toBe(first);
  expect(story({ kind: 'quorum', quorum: 3 }, 0.3)).toBe(first);
});

test('SM6: the ideal is reached when the speed of all who are present has made up the work', () => {
  const plan = { ...CROWD, present: 50, known: 50 };
  const world = new World(smallWorld(plan), 6);
  for (const [since, work] of [
    [0, 1000],
    [30_000, 5_000_000],
    [600_000, 100_000_000],
  ] as const) {
    const visits: Visit[] = [];
    const crowd = crowdOf(plan, world.seed);
    while (visits.length < 3000) visits.push(crowd.next());
    const until = since + idealMakespan(plan, world.seed, since, work);
    const done = visits.reduce((sum, { arrivesAt, leavesAt, person }) => {
      const overlap = Math.min(leavesAt, until) - Math.max(arrivesAt, since);
      return sum + Math.max(0, overlap) * person.speed;
    }, 0);
    expect(done / work).toBeCloseTo(1, 6);
  }
});
