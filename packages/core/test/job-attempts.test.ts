import { expect, it } from 'vitest';
import { jobAttempts } from '../src/index.ts';
import { done, Grid } from './grid.ts';

it('AT6: a page costs a bounded number of looks, and the pages together have each attempt once', () => {
  const grid = new Grid();
  const job = grid.job({ total: 40, quorum: 1 });
  const a = grid.join(1);
  for (let lease = grid.take(a); lease !== undefined; lease = grid.take(a)) grid.send(a, done(lease));
  const units: number[] = [];
  let pages = 0;
  for (let from: number | null = 0; from !== null; pages++) {
    const { items, next } = jobAttempts(job, from, 1000, undefined, 7);
    expect(items.length).toBeLessThanOrEqual(7);
    units.push(...items.map(({ unit }) => unit));
    from = next;
  }
  expect(units.sort((x, y) => x - y)).toEqual(Array.from({ length: 40 }, (_, unit) => unit));
  expect(pages).toBe(6);
  expect(jobAttempts(job, 0, 1000, 'errored', 7)).toEqual({ items: [], next: 7 });
});
