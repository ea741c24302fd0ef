import { expect, test } from 'vitest';
import { intervalsOf } from '../../src/reducing/intervals.ts';
import { BATCHES, batchOf } from '../../src/reducing/reduction.ts';
import { chanceOfTest } from '../harness/chance.ts';

/** Means of so many values: of all, then of each batch. */
const meansOf = (values: readonly number[]): { mean: number }[] => {
  const sums = Array.from({ length: 1 + BATCHES }, () => ({ n: 0, sum: 0 }));
  values.forEach((value, unit) => {
    for (const at of [0, batchOf(unit)]) {
      sums[at]!.n += 1;
      sums[at]!.sum += value;
    }
  });
  return sums.map(({ n, sum }) => ({ mean: sum / n }));
};

test('FO3: the true value lies in 95 of 100 intervals', () => {
  const chance = chanceOfTest();
  const TRIALS = 2000;
  let within = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const {
      intervals: [interval],
    } = intervalsOf(meansOf(Array.from({ length: 320 }, () => chance() ** 2)), 320);
    if (interval!.low <= 1 / 3 && 1 / 3 <= interval!.high) within += 1;
  }
  // Five standard deviations of a share of 0.95 in 2000 trials are 0.024.
  expect(within / TRIALS).toBeGreaterThan(0.925);
  expect(within / TRIALS).toBeLessThan(0.975);
});

test('FO3: every number of an answer is named by its JSON pointer; one that a batch lacks has no interval', () => {
  const answers = Array.from({ length: 1 + BATCHES }, (_, i) => ({
    'a/b': [i, { '~': -i }],
    text: 'x',
    ...(i === 5 ? {} : { rare: 1 }),
  }));
  expect(intervalsOf(answers, 1000).intervals.map(({ path, value }) => [path, value])).toEqual([
    ['/a~1b/0', 0],
    ['/a~1b/1/~0', -0],
  ]);
  expect(
    intervalsOf(
      Array.from({ length: 1 + BATCHES }, () => 3),
      1000,
    ),
  ).toEqual({ intervals: [{ path: '', value: 3, low: 3, high: 3 }], noIntervals: null });
});

test('FO11: where there is none it is said why: no answer, too few results, a batch without one, no number', () => {
  const answers: unknown[] = Array.from({ length: 1 + BATCHES }, () => 3);
  const why = (given: unknown[] | null, folded: number): string => {
    const { intervals, noIntervals } = intervalsOf(given, folded);
    expect(intervals).toEqual([]);
    return noIntervals!;
  };
  expect(why(answers, 4 * BATCHES - 1)).toBe('64 results are needed, and 63 are in it');
  expect(intervalsOf(answers, 4 * BATCHES)).toMatchObject({ intervals: [{ value: 3 }], noIntervals: null });
  expect(why([...answers.slice(0, -2), null, null], 1000)).toContain('says nothing of 2 of them yet');
  expect(why(null, 1000)).toContain('exports no `answer`');
  expect(
    why(
      Array.from({ length: 1 + BATCHES }, () => ({ text: 'x' })),
      1000,
    ),
  ).toBe('`answer` gives no number');
  expect(why([{ rare: 1 }, ...Array.from({ length: BATCHES }, () => ({}))], 1000)).toContain('none of its numbers');
});
