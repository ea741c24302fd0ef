import { describe, expect, it } from 'vitest';
import { factorPicture } from '../src/factor-picture.ts';
import { countPrimes, oddPrimes } from '../src/sieve.ts';

/** By the definition: no divisor up to the root. */
const isPrime = (n: number): boolean => {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return n > 1;
};
const counted = (start: number, stop: number): number => {
  let count = 0;
  for (let n = start; n < stop; n++) if (isPrime(n)) count++;
  return count;
};

describe('the sieve', () => {
  it('EG10: counts what trial division counts, wherever the stretch begins and ends', () => {
    const stretches = Array.from({ length: 60 * 70 }, (_, i) => [i % 60, (i % 60) + Math.floor(i / 60)] as const);
    expect(stretches.map(([start, stop]) => countPrimes(start, stop))).toEqual(
      stretches.map(([start, stop]) => counted(start, stop)),
    );
    expect(countPrimes(1_000_003, 1_001_000)).toBe(counted(1_000_003, 1_001_000));
    expect(oddPrimes(30)).toEqual([3, 5, 7, 11, 13, 17, 19, 23, 29]);
  });

  it('EG10: counts across the borders of its segments as without them, and the published number', () => {
    expect(countPrimes(0, 1e6)).toBe(78_498);
    const parts = Array.from({ length: 7 }, (_, i) => countPrimes(i * 150_000, Math.min(1e6, (i + 1) * 150_000)));
    expect(parts.reduce((sum, part) => sum + part)).toBe(78_498);
  });

  it('EG10: tells how far it is, up to all', () => {
    const told: number[] = [];
    countPrimes(0, 1e6, (done) => told.push(done));
    expect(told.length).toBeGreaterThan(2);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBe(1);
  });

  it('EG11: the picture glows where there is no small factor', () => {
    const { width, height, rgba } = factorPicture(1000);
    expect(rgba).toHaveLength(width * height * 4);
    const at = (n: number): number => rgba[4 * (n - 1000)]!;
    expect(at(1009)).toBe(255);
    expect(at(1000)).toBeLessThan(at(1003 + 2));
    expect(at(1001)).toBeLessThan(255);
  });
});
