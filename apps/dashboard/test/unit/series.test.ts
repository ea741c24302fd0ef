import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketed, plain, recentMean, timeRange } from '../../src/charts/series.ts';
import { aSample } from './fixtures.ts';

const samples = (counts: readonly number[], from = 0) =>
  counts.map((validated, n) => aSample(from + 1000 * n, { validated }));

test('DC1: a point is the mean of whole seconds, and the bucket that fills still is left out', () => {
  const data = bucketed(samples([5, 0, 0, 0, 5, 10, 10, 10, 10, 10, 99]), 5000, ['validated']);
  expect(data).toEqual({ times: [0, 5000], lines: [[2, 10]] });
});

test('DC2: a point that was drawn never moves when samples come', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 60 }), fc.nat(20_000), (counts, from) => {
      const all = samples(counts, from);
      const later = bucketed(all, 5000, ['validated']);
      for (let n = 1; n < all.length; n++) {
        const before = bucketed(all.slice(0, n), 5000, ['validated']);
        expect(later.times.slice(0, before.times.length)).toEqual(before.times);
        expect(later.lines[0]!.slice(0, before.times.length)).toEqual(before.lines[0]);
      }
    }),
  );
});

test('DC3: every line has a value for every time; no samples are no points', () => {
  const data = plain([aSample(1000, { leased: 3, sessions: 2 }), aSample(2000)], ['leased', 'sessions']);
  expect(data).toEqual({
    times: [1000, 2000],
    lines: [
      [3, 0],
      [2, 0],
    ],
  });
  expect(bucketed([], 5000, ['queue'])).toEqual({ times: [], lines: [[]] });
});

test('DC4: the present rate is the mean of the time just gone by', () => {
  expect(recentMean(samples([100, 0, 2, 4]), 'validated', 2000)).toBe(3);
  expect(recentMean([], 'validated', 2000)).toBe(0);
});

test('DC5: a chart reaches over what it has, two minutes at least, and ends now when it has nothing', () => {
  const range = (times: number[]) => timeRange({ times, lines: [] }, 999_000);
  expect(range([0, 300_000])).toEqual([0, 300_000]);
  expect(range([290_000, 300_000])).toEqual([180_000, 300_000]);
  expect(range([300_000])).toEqual([180_000, 300_000]);
  expect(range([])).toEqual([879_000, 999_000]);
});
