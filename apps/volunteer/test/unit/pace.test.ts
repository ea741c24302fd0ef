import { expect, test } from 'vitest';
import { Pace, PREFETCH_MS, wanted } from '../../src/engine/crew/pace.ts';

const run = { job: 1, left: 1, unitMs: 1000, progress: null };

test('VE15: of a lease of which nothing is known the end cannot be foreseen', () =>
  expect(new Pace().leftMs(run)).toBe(Number.POSITIVE_INFINITY));

test('VE15: the end of a lease follows from the units before', () => {
  const pace = new Pace();
  pace.note(1, 4000);
  expect(pace.leftMs(run)).toBe(3000);
  expect(pace.leftMs({ ...run, left: 3 })).toBe(11_000);
  expect(pace.leftMs({ ...run, left: 0 })).toBe(0);
  pace.forget(1);
  expect(pace.leftMs(run)).toBe(Number.POSITIVE_INFINITY);
});

test("VE15: a unit's own progress says more than the units before", () => {
  const pace = new Pace();
  pace.note(1, 100);
  expect(pace.leftMs({ ...run, unitMs: 5000, progress: 0.5 })).toBe(5000);
});

test('VE15: a lease is asked for shortly before a slot is free, one a slot, and no more', () => {
  expect(wanted(2, [], 0)).toBe(2);
  expect(wanted(2, [], 2)).toBe(0);
  expect(wanted(2, [60_000, PREFETCH_MS], 0)).toBe(1);
  expect(wanted(2, [60_000, PREFETCH_MS], 1)).toBe(0);
  expect(wanted(2, [60_000, Number.POSITIVE_INFINITY], 0)).toBe(0);
  expect(wanted(1, [0, 0], 5)).toBe(0);
});
