import { expect, test } from 'vitest';
import { BoincRule } from '../src/baseline/boinc-rule.ts';
import { always } from '../src/population/liars.ts';
import { complete, run } from '../src/world/run.ts';
import { World } from '../src/world/world.ts';
import { HOUR_MS, smallWorld } from './worlds.ts';

const ADAPTIVE = { kind: 'adaptive', maxErrorRate: 0.005 } as const;

const withRule = (more: Parameters<typeof smallWorld>[0], units: number) => {
  const rules: BoincRule[] = [];
  const world = new World(smallWorld({ visit: { medianMs: 1e12, sigma: 0.1 }, ...more }), 3, (chance) => {
    const rule = new BoincRule(chance);
    rules.push(rule);
    return { rule: () => rule.rule, watchers: [rule] };
  });
  run(world, 1000);
  const job = world.addJob({ units, unitMs: 1000, policy: ADAPTIVE });
  complete(world, [job], world.now + 24 * HOUR_MS);
  world.coordinator.check();
  return { rule: rules[0]!, world, job };
};

test("SM14: under BOINC's rule a device's first results are replicated, and nothing is provisional", () => {
  const { rule, world, job } = withRule({ present: 10, known: 0 }, 40);
  expect(job.truth.validated).toBe(40);
  expect(job.job.counts.provisional).toBe(0);
  // Each unit twice at the least, as nobody has ten valid results yet; the counters are those of valid results.
  const trusted = world.tabs.some(({ device }) => rule.record.valid(device.number) >= 10);
  if (!trusted) expect(job.truth.returned).toBeGreaterThanOrEqual(80);
  const counted = world.tabs.reduce((sum, { device }) => sum + rule.record.valid(device.number), 0);
  expect(counted).toBeLessThanOrEqual(job.truth.returned);
  expect(counted).toBeGreaterThan(0);
});

test("SM14: under BOINC's rule trusted devices are replicated now and then only", () => {
  const { job } = withRule({ present: 10, known: 0 }, 1500);
  expect(job.truth.validated).toBe(1500);
  expect(job.truth.returned / 1500).toBeLessThan(1.3);
});

test("SM14: under BOINC's rule one that always lies is never trusted", () => {
  const { rule, world, job } = withRule({ present: 10, known: 0, saboteurs: 0.2, liar: always() }, 400);
  expect(job.truth.validated).toBe(400);
  expect(job.truth.wrongWhenFinal).toBe(0);
  const liars = world.tabs.filter(({ person }) => person.liar !== null);
  expect(liars).not.toEqual([]);
  for (const { device } of liars) expect(rule.record.valid(device.number)).toBe(0);
});
