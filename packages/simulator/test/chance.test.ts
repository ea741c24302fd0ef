import { expect, test } from 'vitest';
import { Chance, chanceOf } from '../src/random/chance.ts';
import { poissonAtMost, poissonUpper95 } from '../src/stats/poisson.ts';

const MANY = 200_000;
const draw = (next: () => number): number[] => Array.from({ length: MANY }, next);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: readonly number[]): number => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
};
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

test('SM2: chance has the distributions that it is asked for', () => {
  const chance = new Chance(11, 0);
  const uniform = draw(() => chance.next());
  expect(Math.min(...uniform.slice(0, 1000))).toBeGreaterThanOrEqual(0);
  expect(mean(uniform)).toBeCloseTo(0.5, 2);
  expect(deviation(uniform)).toBeCloseTo(Math.sqrt(1 / 12), 2);
  expect(mean(draw(() => chance.exponential(3))) / 3).toBeCloseTo(1, 1);
  const normal = draw(() => chance.normal());
  expect(mean(normal)).toBeCloseTo(0, 1);
  expect(deviation(normal)).toBeCloseTo(1, 1);
  expect(median(draw(() => chance.logNormal(410, 1))) / 410).toBeCloseTo(1, 1);
  expect(mean(draw(() => (chance.happens(0.2) ? 1 : 0)))).toBeCloseTo(0.2, 2);
});

test('SM2: a stream follows from seed and number alone; streams and seeds do not go together', () => {
  const numbers = (seed: number, stream: number): number[] => {
    const chance = new Chance(seed, stream);
    return Array.from({ length: 5000 }, () => chance.next());
  };
  expect(numbers(1, 2)).toEqual(numbers(1, 2));
  for (const [seed, stream] of [
    [1, 3],
    [2, 2],
    [3, 2],
  ] as const) {
    const [a, b] = [numbers(1, 2), numbers(seed, stream)];
    const correlation = mean(a.map((value, at) => (value - 0.5) * (b[at]! - 0.5))) * 12;
    expect(Math.abs(correlation)).toBeLessThan(0.06);
  }
});

test('SM2: chance that belongs to keys is uniform in each of them', () => {
  for (const of of [
    (at: number) => chanceOf(at, 1, 2, 3),
    (at: number) => chanceOf(7, at, 2, 3),
    (at: number) => chanceOf(7, 1, at, 3),
    (at: number) => chanceOf(7, 1, 2, at),
  ]) {
    const values = Array.from({ length: 20_000 }, (_, at) => of(at));
    expect(mean(values)).toBeCloseTo(0.5, 1);
    expect(values.filter((value) => value < 0.1).length / values.length).toBeCloseTo(0.1, 1);
    const successive = mean(values.slice(1).map((value, at) => (value - 0.5) * (values[at]! - 0.5))) * 12;
    expect(Math.abs(successive)).toBeLessThan(0.04);
  }
});

test('SM3: the upper bound of a Poisson count is exact', () => {
  // Garwood's table: chi-square quantiles of 2 (count + 1) degrees of freedom, halved.
  for (const [count, bound] of [
    [0, 2.9957],
    [1, 4.7439],
    [2, 6.2958],
    [5, 10.513],
    [10, 16.962],
    [100, 118.08],
  ] as const) {
    expect(poissonUpper95(count) / bound).toBeCloseTo(1, 3);
  }
  expect(poissonAtMost(5000, poissonUpper95(5000))).toBeCloseTo(0.05, 6);
});
