import { expect, test } from 'vitest';
import { always, sybils } from '../src/population/liars.ts';
import type { Tab, Work } from '../src/world/tab.ts';
import { run } from '../src/world/run.ts';
import { drop } from '../src/world/working.ts';
import { World } from '../src/world/world.ts';
import { compute, HOUR_MS, smallWorld } from './worlds.ts';

const TRUSTED = { kind: 'trusted' } as const;
/** Nobody leaves, nothing freezes, reloads or is lost. */
const CALM = { freezeEveryMs: 1e12, reloadEveryMs: 1e12, loss: 0 };
const STAYING = { visit: { medianMs: 1e12, sigma: 0.1 }, known: 0 };

const present = (world: World): Tab[] => world.tabs.filter(({ session }) => session !== null);

/** Looks at all tabs once in 100 ms. */
const watch = (world: World, untilMs: number, look: (tab: Tab) => void): void => {
  while (world.now < untilMs) {
    run(world, world.now + 100);
    for (const tab of present(world)) look(tab);
  }
};

test('SM22: a tab asks for its next lease shortly before the one that runs is done, and computes one a slot', () => {
  const world = new World(smallWorld({ ...STAYING, present: 5 }, { ...CALM, slots: 2, checkEveryStep: false }), 1);
  world.addJob({ units: 2000, unitMs: 20_000, policy: TRUSTED });
  let queued = 0;
  watch(world, 120_000, ({ works, queue }) => {
    expect(works.length).toBeLessThanOrEqual(2);
    expect(queue.length).toBeLessThanOrEqual(2);
    if (queue.length === 0) return;
    queued += 1;
    const soon = works.filter(({ leftMs, since }) => leftMs - (world.now - since) <= 2500);
    expect(soon.length).toBeGreaterThanOrEqual(queue.length);
    for (const work of queue) expect(work.stamp).toBe(0);
  });
  expect(queued).toBeGreaterThan(0);
});

test('SM22: a lease that was fetched ahead hides the way: without it each one costs a round trip', () => {
  const idle = (prefetchMs: number): number => {
    const world = new World(smallWorld({ ...STAYING, present: 8 }, { ...CALM, prefetchMs, checkEveryStep: false }), 2);
    world.addJob({ units: 5000, unitMs: 2000, policy: TRUSTED });
    run(world, 10_000);
    let sum = 0;
    watch(world, 130_000, ({ works }) => (sum += Number(works.length === 0)));
    return sum;
  };
  expect(idle(0)).toBeGreaterThan(100);
  expect(idle(2500)).toBe(0);
});

test('SM22: what is fetched ahead is lost with the page, and is computed by others', () => {
  const world = new World(smallWorld({ ...STAYING, present: 6 }, CALM), 3);
  run(world, 1000);
  const job = world.addJob({ units: 60, unitMs: 3000, policy: TRUSTED });
  run(world, HOUR_MS, () => present(world).some(({ works, queue }) => works.length > 0 && queue.length > 0));
  const tab = present(world).find(({ queue }) => queue.length > 0)!;
  const lost = [...tab.works, ...tab.queue].flatMap(({ lease }) => lease.units);
  world.queue.push(world.now, 1, tab.person.number, tab.visitStamp);
  run(world, HOUR_MS, () => job.completedAt !== null);
  expect([tab.session, tab.works, tab.queue]).toEqual([null, [], []]);
  expect(job.truth.lost).toBe(lost.length);
  expect(job.truth.validated).toBe(60);
  world.coordinator.check();
});

test('SM23: a lease that is taken back is dropped, whether it runs or is queued, and the next one begins', () => {
  const world = new World(smallWorld({ ...STAYING, present: 4 }, CALM), 4);
  world.addJob({ units: 2000, unitMs: 3000, policy: TRUSTED });
  const next = (): Tab => {
    run(world, HOUR_MS, () => present(world).some(({ works, queue }) => works.length > 0 && queue.length > 0));
    return present(world).find(({ works, queue }) => works.length > 0 && queue.length > 0)!;
  };
  const takeBack = (tab: Tab, work: Work): void => drop(world, tab, [{ epoch: 1, number: work.lease.number }]);

  const one = next();
  const running = one.works[0]!;
  takeBack(one, one.queue[0]!);
  expect([one.works, one.queue]).toEqual([[running], []]);

  const other = next();
  const [ended, queued] = [other.works[0]!, other.queue[0]!];
  takeBack(other, ended);
  expect([other.works, other.queue]).toEqual([[queued], []]);
  expect(queued.since).toBe(world.now);
  const before = other.returned;
  run(world, world.now + queued.leftMs + 1);
  // What was taken back was not computed, and what followed it was.
  expect(other.returned).toBe(before + queued.lease.units.length);
});

test('SM10: a sybil finishes what it has before it begins anew', () => {
  const plan = smallWorld({ ...STAYING, saboteurs: 0.4, liar: sybils(3, false) }, CALM);
  const { world, job } = compute(plan, 5, TRUSTED, { units: 150, unitMs: 1000 });
  expect(world.tabs.some(({ lives }) => lives > 1)).toBe(true);
  expect(job.truth.lost).toBe(0);
});

test.each([1, 2, 3])('SM12: so it does with long queues, losses and liars (seed %i)', (seed) => {
  const plan = smallWorld(
    { present: 8, visit: { medianMs: 60_000, sigma: 1 }, saboteurs: 0.2, liar: always() },
    { slots: 2, prefetchMs: 10_000, loss: 0.1, freezeEveryMs: 40_000, reloadEveryMs: 60_000 },
  );
  const { job } = compute(plan, seed, { kind: 'adaptive', maxErrorRate: 0.05 }, { units: 120, unitMs: 2000 });
  expect(job.truth.validated).toBe(120);
});
