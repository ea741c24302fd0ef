import { expect, test } from 'vitest';
import { retryAfter, RETRIES_MS } from '../../src/webhooks/schedule.ts';

const HOUR = 3_600_000;

const waits = (chance: () => number): number[] => {
  const all: number[] = [];
  for (let tried = 1; ; tried++) {
    const wait = retryAfter(tried, chance);
    if (wait === null) return all;
    all.push(wait);
  }
};

test('HK4: ten tries over three days, each wait longer than the one before, by chance a fifth shorter or longer', () => {
  const total = (ms: number[]) => ms.reduce((sum, wait) => sum + wait, 0);
  const mean = waits(() => 0.5);
  expect(mean).toEqual(RETRIES_MS);
  expect(mean).toHaveLength(9);
  expect(total(mean)).toBeGreaterThan(72 * HOUR);
  expect(total(mean)).toBeLessThan(80 * HOUR);
  expect(mean.toSorted((a, b) => a - b)).toEqual(mean);
  const [least, most] = [waits(() => 0), waits(() => 1 - 2 ** -32)];
  for (const [i, wait] of mean.entries()) {
    expect(least[i]! / wait).toBeCloseTo(0.8);
    expect(most[i]! / wait).toBeCloseTo(1.2);
  }
});
