import { describe, expect, it } from 'vitest';
import type { Job } from '../src/index.ts';
import { done, Grid } from './grid.ts';

/** Units that the jobs got, and how they are shared, over so many leases of two devices. */
const shares = (grid: Grid, rounds: number): ((...jobs: Job[]) => number) => {
  const sessions = [grid.join(1), grid.join(2)];
  const got = new Map<number, number>();
  for (let round = 0; round < rounds; round++) {
    for (const session of sessions) {
      const lease = grid.mustTake(session);
      got.set(lease.job, (got.get(lease.job) ?? 0) + 1);
      grid.send(session, done(lease, '1'));
    }
  }
  return (...jobs) => jobs.reduce((sum, { number }) => sum + (got.get(number) ?? 0), 0) / (2 * rounds);
};
const big = { total: 1000, quorum: 1 };

describe('turns of submitters', () => {
  it('FS10: submitters share evenly, whatever the number of their jobs', () => {
    const grid = new Grid();
    const many = [1, 2, 3, 4].map(() => grid.job({ ...big, submitter: 'ada' }));
    const one = grid.job({ ...big, submitter: 'grace' });
    const share = shares(grid, 80);
    expect(Math.abs(share(one) - 0.5)).toBeLessThan(0.03);
    for (const job of many) expect(Math.abs(share(job) - 1 / 8)).toBeLessThan(0.03);
  });

  it('FS10: nor does the weight of their jobs matter between them; within one they share by it', () => {
    const grid = new Grid();
    const [heavy, light] = [9, 3].map((weight) => grid.job({ ...big, submitter: 'ada', weight }));
    const other = grid.job({ ...big, submitter: 'grace' });
    const share = shares(grid, 120);
    expect(Math.abs(share(other) - 0.5)).toBeLessThan(0.03);
    expect(Math.abs(share(heavy!) - 3 / 8)).toBeLessThan(0.03);
    expect(Math.abs(share(light!) - 1 / 8)).toBeLessThan(0.03);
  });

  it('FS11: a submitter who comes later starts level: it neither waits nor makes up for the past', () => {
    const grid = new Grid();
    const early = grid.job({ ...big, submitter: 'ada' });
    shares(grid, 100);
    const late = grid.job({ ...big, submitter: 'grace' });
    const share = shares(grid, 40);
    expect([early, late].map((job) => Math.abs(share(job) - 0.5) < 0.05)).toEqual([true, true]);
  });

  it('FS11: another job of a submitter takes from its own jobs, not from those of others', () => {
    const grid = new Grid();
    const [first, other] = [grid.job({ ...big, submitter: 'ada' }), grid.job({ ...big, submitter: 'grace' })];
    shares(grid, 50);
    const second = grid.job({ ...big, submitter: 'ada' });
    const share = shares(grid, 60);
    expect(Math.abs(share(other) - 0.5)).toBeLessThan(0.03);
    for (const job of [first, second]) expect(Math.abs(share(job) - 0.25)).toBeLessThan(0.05);
  });
});
