import { describe, expect, it } from 'vitest';
import type { Session } from '../src/index.ts';
import { TrustBook } from '../src/trust/trust-book.ts';
import { done, Grid } from './grid.ts';
import { adaptive, ALWAYS, exhaust, RIGHT, survivedIn, turn, WRONG } from './trust.ts';

/** What the jobs' accounts say of each device, added up, beside what the book says. */
const sums = (grid: Grid) =>
  [1, 2, 3, 4].map((device) => {
    let caught = 0;
    for (const { accounts } of grid.scheduler.jobs.values()) {
      const account = accounts.get(device);
      if (account !== undefined) caught += account.caught - account.foreign;
    }
    return [survivedIn(grid, device), caught];
  });
const booked = (grid: Grid) =>
  [1, 2, 3, 4].map((device) => [grid.scheduler.book.survivedBy(device), grid.scheduler.book.caught(device)]);

describe('the book of trust', () => {
  it('TR10: it holds the sums over the accounts of all jobs, and after a restart, too', () => {
    const grid = new Grid();
    grid.chance = ALWAYS;
    for (const wish of [{ total: 12 }, adaptive({ total: 12 })]) grid.job(wish);
    const sessions = [1, 2, 3, 4].map((number) => grid.join(number));
    exhaust(grid, sessions, new Map([[sessions[3]!, WRONG]]));
    const before = booked(grid);
    expect(before).toEqual(sums(grid));
    expect(before[0]![0]).toBeGreaterThan(12);
    expect(before[3]!).toEqual([0, before[3]![1]]);
    expect(before[3]![1]).toBeGreaterThan(0);
    const { seen, liars } = grid.scheduler.book;
    expect(seen).toEqual({ checked: 4, caught: 1 });
    grid.restart();
    expect([booked(grid), grid.scheduler.book.seen, grid.scheduler.book.liars]).toEqual([before, seen, liars]);
    expect(booked(grid)).toEqual(sums(grid));
  });

  it('TR10: a job that is read again from its log is not counted twice', () => {
    const grid = new Grid();
    const job = grid.job({ total: 3 });
    exhaust(grid, [grid.join(1), grid.join(2)]);
    const { book } = grid.scheduler;
    const before = [book.survivedBy(1), book.seen];
    expect(before[0]).toBe(3);
    grid.adopt(job);
    expect([book.survivedBy(1), book.seen]).toEqual(before);
  });

  it('TR10: what is taken away leaves no trace', () => {
    const book = new TrustBook();
    const empty = [book.seen, book.liars];
    book.add(1, 5, 0);
    book.add(1, 0, 1);
    book.add(2, 3, 0);
    expect(book.seen).toEqual({ checked: 2, caught: 1 });
    book.add(1, -5, -1);
    book.add(2, -3, 0);
    expect([book.seen, book.liars]).toEqual(empty);
  });

  const earned = (wish: Parameters<Grid['job']>[0], compute: (grid: Grid, a: Session, b: Session) => void): number => {
    const grid = new Grid();
    grid.job(wish);
    compute(grid, grid.join(1), grid.join(2));
    return grid.scheduler.book.survivedBy(1) + grid.scheduler.book.survivedBy(2);
  };

  it('TR11: nothing is earned where one device, or devices of one volunteer, may confirm each other', () => {
    const agree = (grid: Grid, a: Session, b: Session) => exhaust(grid, [a, b]);
    expect(earned({ total: 4 }, agree)).toBe(8);
    expect(earned({ total: 4, independence: { prefix: false } }, agree)).toBe(8);
    expect(earned({ total: 4, independence: { device: false } }, agree)).toBe(0);
    expect(earned({ total: 4, independence: { volunteer: false } }, agree)).toBe(0);
  });

  it('TR11: nor by what the program’s own check accepts, nor by the only result of a unit', () => {
    const checked = (grid: Grid, a: Session) => {
      for (let unit = 0; unit < 2; unit++) {
        turn(grid, a, RIGHT);
        for (const request of grid.judgements.splice(0)) grid.verdict(request, 'yes');
      }
      expect(grid.scheduler.jobs.get(1)!.counts.validated).toBe(2);
    };
    expect(earned({ total: 2, policy: { kind: 'check' } }, checked)).toBe(0);
    expect(earned({ total: 2, policy: { kind: 'trusted' } }, (grid, a) => exhaust(grid, [a]))).toBe(0);
  });

  it('TR11: a late result that equals the canonical one does earn it', () => {
    const grid = new Grid();
    grid.job({ total: 1, quorum: 1 });
    const [a, b] = [grid.join(1), grid.join(2)];
    const slow = grid.mustTake(a);
    grid.leave(a);
    grid.pass(20_000);
    turn(grid, b);
    grid.send(grid.join(1), { ...done(slow), ticket: slow });
    for (const request of grid.judgements.splice(0)) grid.verdict(request, 'yes');
    expect([grid.scheduler.book.survivedBy(1), grid.scheduler.book.survivedBy(2)]).toEqual([1, 0]);
  });
});
