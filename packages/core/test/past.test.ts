import { describe, expect, it } from 'vitest';
import type { Job, PastAccount } from '../src/index.ts';
import { gridAccount, Past, pastAccountsOf, retireJob, trustOf } from '../src/index.ts';
import { TrustBook } from '../src/trust/trust-book.ts';
import { done, Grid } from './grid.ts';
import { adaptive, ALWAYS, NEVER, RIGHT, school, turn, WRONG } from './trust.ts';

const seen = (grid: Grid, device: number) => [gridAccount(grid.scheduler, device), trustOf(grid.scheduler, device)];

const retire = (grid: Grid, job: Job): PastAccount[] => grid.run(() => retireJob(grid.scheduler, job));

const accountOf = (fields: Partial<PastAccount>): PastAccount => ({
  device: 1,
  valid: 0,
  invalid: 0,
  inconclusive: 0,
  revoked: 0,
  errored: 0,
  credit: 0,
  survived: 0,
  earnedAt: 0,
  caughtAt: 0,
  caught: 0,
  foreign: 0,
  ...fields,
});

describe('jobs that were deleted', () => {
  it('RN11: what devices have earned in a job stays theirs when it goes', () => {
    const grid = new Grid();
    const [a, b] = [grid.join(1), grid.join(2)];
    const job = school(grid, [a, b]);
    const before = [seen(grid, 1), seen(grid, 2)];
    expect(before[0]).toMatchObject([{ credit: job.total }, { standing: 'credible' }]);
    const accounts = retire(grid, job);
    expect([seen(grid, 1), seen(grid, 2)]).toEqual(before);
    expect(grid.scheduler.jobs.size).toBe(0);
    // Told once more, as by a log that is read again, it counts once.
    grid.scheduler.past.add(job.number, accounts);
    expect([seen(grid, 1), seen(grid, 2)]).toEqual(before);
  });

  it('RN11: and so it does when it is read from the accounts that were kept', () => {
    const grid = new Grid();
    const job = school(grid, [grid.join(1), grid.join(2)]);
    const before = gridAccount(grid.scheduler, 1);
    const { survived } = trustOf(grid.scheduler, 1);
    const past = new Past();
    past.add(1, JSON.parse(JSON.stringify(pastAccountsOf(job))) as PastAccount[]);
    const book = new TrustBook();
    past.tell(book);
    expect([past.of(1), book.survivedBy(1)]).toMatchObject([{ credit: before.credit, valid: before.valid }, survived]);
  });

  it('RN11: a result that waited when its job went is inconclusive', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 2 });
    const a = grid.join(1);
    grid.send(a, done(grid.mustTake(a)));
    expect(pastAccountsOf(job)).toMatchObject([{ inconclusive: 1, credit: 0 }]);
    expect(() => retire(grid, job)).toThrow(/has not ended/);
  });

  it('RN11: who is caught loses what was earned in deleted jobs, too', () => {
    const grid = new Grid();
    const [a, b, liar] = [grid.join(1), grid.join(2), grid.join(3)];
    retire(grid, school(grid, [a, b, liar]));
    expect(trustOf(grid.scheduler, 3).standing).toBe('credible');
    grid.job(adaptive({ total: 20 }));
    grid.chance = ALWAYS;
    const [unit] = turn(grid, a);
    for (let taken: number[] = []; taken[0] !== unit;) taken = turn(grid, liar, WRONG);
    turn(grid, b, RIGHT);
    grid.chance = NEVER;
    expect(trustOf(grid.scheduler, 3)).toMatchObject({ standing: 'caught', survived: 0, caught: 1 });
    expect(trustOf(grid.scheduler, 1).survived).toBeGreaterThan(0);
  });

  it('RN11: after a start, what was earned before a catch is worth nothing, in whatever order the jobs went', () => {
    const [early, caught, late] = [
      accountOf({ survived: 5, earnedAt: 10 }),
      accountOf({ caught: 1, caughtAt: 20 }),
      accountOf({ survived: 3, earnedAt: 30 }),
    ];
    for (const order of [
      [early, caught, late],
      [caught, early, late],
      [late, early, caught],
    ]) {
      const past = new Past();
      const book = new TrustBook();
      past.tell(book);
      order.forEach((account, at) => past.add(at, [account]));
      expect([book.survivedBy(1), book.caught(1), past.caughtAt(1)]).toEqual([3, 1, 20]);
    }
    const past = new Past();
    past.add(1, [early]);
    past.add(2, [late]);
    past.lose(1, 25);
    expect(past.survivedBy(1)).toBe(3);
  });

  it('RN11: of many jobs the oldest become one, and nothing is lost by that', () => {
    const past = new Past();
    for (let job = 1; job <= 100; job++) past.add(job, [accountOf({ survived: 1, earnedAt: job, credit: 0.5 })]);
    expect([past.survivedBy(1), past.of(1)!.credit]).toEqual([100, 50]);
    past.lose(1, 95);
    expect(past.survivedBy(1)).toBe(6);
  });
});
