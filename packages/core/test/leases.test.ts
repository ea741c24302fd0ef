import { LIMITS } from '@gossamer/protocol';
import { describe, expect, it } from 'vitest';
import { attemptCounts, leasedBy, unitRow, unitState } from '../src/index.ts';
import { done, Grid, proved, released } from './grid.ts';

describe('leases', () => {
  it('LE1: within the grace a reloaded tab is sent its leases again, in its first exchange', () => {
    const grid = new Grid();
    const job = grid.job({ total: 4 });
    const a = grid.join(1, 2);
    const { given } = grid.exchange(a, { slots: 2 });
    expect(given).toHaveLength(2);
    grid.leave(a);
    grid.pass(9999);
    const again = grid.join(1, 2);
    expect(grid.exchange(again, { slots: 2 }).given).toEqual(given);
    expect([job.counts.abandoned, leasedBy(grid.scheduler, 1)]).toEqual([0, 2]);
    expect(grid.exchange(again, { slots: 1 }).given[0]!.number).toBeGreaterThan(given[1]!.number);
  });

  it('LE1: also those that were to follow what ran', () => {
    const grid = new Grid();
    const job = grid.job({ total: 2, quorum: 1 });
    const a = grid.join(1);
    const runs = grid.mustTake(a);
    const follows = grid.exchange(a, { slots: 1, held: [{ lease: runs, runMs: 5 }] }).given;
    expect(follows).toHaveLength(1);
    expect(grid.exchange(grid.join(1), { slots: 1 }).given).toEqual([runs, ...follows]);
    expect(job.counts.abandoned).toBe(0);
  });

  it('LE1: a lease that the tab still has is not sent again; too many for its slots are given to others', () => {
    const grid = new Grid();
    const job = grid.job({ total: 4, quorum: 1 });
    const a = grid.join(1, 4);
    const { given } = grid.exchange(a, { slots: 4 });
    const again = grid.join(1, 4);
    const held = [{ lease: given[0]!, runMs: 5 }];
    expect(grid.exchange(again, { slots: 1, held }).given).toEqual([given[1], given[2]]);
    expect(job.counts.abandoned).toBe(1);
    expect(grid.mustTake(grid.join(2)).units).toEqual(given[3]!.units);
  });

  it('LE2: after the grace its leases are abandoned and its units queued anew', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1 });
    const [a, b] = [grid.join(1), grid.join(2)];
    const x = grid.mustTake(a);
    expect(grid.take(b)).toBeUndefined();
    grid.leave(a);
    grid.pass(9999);
    expect([job.leased, unitState(job, 0)]).toEqual([1, 'active']);
    grid.pass(1);
    expect([job.leased, job.counts.abandoned, unitState(job, 0)]).toEqual([0, 1, 'pending']);
    expect(grid.serve()[0]!.given[0]!.units).toEqual(x.units);
  });

  it('LE3: a heartbeat keeps a lease alive; four that are missed end it as expired', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1 });
    const a = grid.join(1);
    const x = grid.mustTake(a);
    for (let beat = 0; beat < 5; beat++) {
      grid.pass(15_000);
      grid.beat(a, [x], 100);
    }
    expect([job.leased, job.counts.expired]).toEqual([1, 0]);
    grid.pass(19_999);
    expect(job.leased).toBe(1);
    grid.pass(1);
    expect(attemptCounts(job)).toMatchObject({ leased: 0, expired: 1, abandoned: 0 });
  });

  it("LE3: one device's heartbeat does not keep another's lease alive", () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1 });
    const x = grid.mustTake(grid.join(1));
    const b = grid.join(2);
    grid.pass(15_000);
    grid.beat(b, [x], 100);
    grid.pass(5000);
    expect(job.leased).toBe(0);
  });

  it('LE4: a lease ends when its run time is over twice what its units may take', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1, limits: { deadlineMs: 3000 } });
    const a = grid.join(1);
    const x = grid.mustTake(a);
    grid.beat(a, [x], 6000);
    grid.pass(0);
    expect(job.leased).toBe(1);
    grid.beat(a, [x], 6001);
    grid.beat(a, [x], 10);
    grid.pass(0);
    expect([job.leased, job.counts.expired]).toEqual([0, 1]);
  });

  it('LE5: a tab that gives signs of life but computes nothing does not keep a unit for ever', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1, limits: { deadlineMs: 3000 } });
    const a = grid.join(1);
    const x = grid.mustTake(a);
    for (let beat = 0; beat < 6; beat++) {
      grid.beat(a, [x], 0);
      grid.pass(5000);
    }
    expect(job.leased).toBe(1);
    grid.beat(a, [x], 0);
    grid.pass(1);
    expect([job.leased, job.counts.expired]).toEqual([0, 1]);
    grid.send(a, proved(done(x), x));
    expect(unitState(job, 0)).toBe('validated');
  });

  it('LE6: what a tab gives back is queued at once, and counts as abandoned, not as an error', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1, limits: { maxErrors: 1 } });
    const [a, b] = [grid.join(1), grid.join(2)];
    const x = grid.mustTake(a);
    expect(grid.take(b)).toBeUndefined();
    grid.send(a, released(x));
    expect(job.counts).toMatchObject({ abandoned: 1, errored: 0 });
    expect(grid.woken).toBe(true);
    expect(grid.serve()[0]!.session).toBe(b);
  });

  it('LE7: losses count to maxAttempts alone, and survive crashes', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1, limits: { maxErrors: 1, maxAttempts: 3 } });
    grid.send(grid.join(1), released(grid.mustTake(grid.join(1))));
    for (let loss = 1; loss < 3; loss++) {
      grid.restart();
      expect(unitState(grid.of(job), 0)).toBe('pending');
      const session = grid.join(1);
      grid.mustTake(session);
      if (loss === 1) grid.leave(session);
      grid.pass(20_000);
    }
    expect(grid.of(job).counts).toMatchObject({ expired: 1, abandoned: 2, errored: 0 });
    expect(grid.of(job).failures.get(0)).toBe('No 1 results agree after 3 attempts.');
  });

  it('LE7: a lease that ends with a settled unit is no loss of it', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1 });
    const x = grid.mustTake(grid.join(1));
    grid.pass(20_000);
    const [b, c] = [grid.join(2), grid.join(3)];
    grid.mustTake(b);
    const a = grid.join(1);
    grid.send(a, proved(done(x), x));
    expect(grid.take(c)).toBeUndefined();
    grid.pass(20_000);
    expect([job.counts.expired, job.leased]).toEqual([1, 0]);
  });

  it('LE8: a second session of a device takes the place of the first, and its leases stay', () => {
    const grid = new Grid();
    const job = grid.job({ total: 2 });
    const a = grid.join(1);
    const x = grid.mustTake(a);
    const again = grid.join(1);
    expect(grid.scheduler.sessions.has(a.number)).toBe(false);
    grid.leave(a);
    expect(grid.scheduler.gone.size).toBe(0);
    expect(grid.take(again)).toEqual(x);
    expect(job.leased).toBe(1);
  });

  it('LE9: one device holds no more leases than a session may have slots, however often it asks', () => {
    const grid = new Grid();
    grid.job({ total: 2000, quorum: 1 });
    const a = grid.join(1, LIMITS.slots);
    for (let round = 0; round < 3; round++) grid.exchange(a, { slots: LIMITS.slots });
    expect(grid.scheduler.leasesOf.get(1)!.size).toBe(LIMITS.slots);
  });

  it('LE10: members of one lease are attempts of their own: the rest goes on when one has come back', () => {
    const grid = new Grid();
    const job = grid.job({ total: 40, quorum: 1 });
    const a = grid.join(1);
    grid.send(a, done(grid.mustTake(a), '1', { runMs: 200 }));
    const x = grid.mustTake(a);
    expect(x.units).toEqual([1, 2, 3, 4, 5]);
    grid.send(a, done(x, '1', { offsets: [2] }));
    expect(x.units.map((unit) => unitState(job, unit))).toEqual(['active', 'active', 'validated', 'active', 'active']);
    const row = unitRow(grid.scheduler, job, 4).attempts[0];
    expect(row).toEqual({ epoch: 1, lease: x.number, offset: 3, device: 1, state: 'leased' });
    grid.leave(a);
    grid.pass(10_000);
    expect([job.counts.abandoned, unitState(job, 1), unitState(job, 3)]).toEqual([4, 'pending', 'validated']);
  });
});
