import { describe, expect, it } from 'vitest';
import type { Session } from '../src/index.ts';
import { unitRow, unitState } from '../src/index.ts';
import { account, done, Grid, TIMING } from './grid.ts';

const compute = (grid: Grid, session: Session, runMs: number): number => {
  const lease = grid.mustTake(session);
  grid.send(session, done(lease, '1', { runMs }));
  return lease.units[0]!;
};

/** A slow and a fast device, both measured; the slow one holds a unit, and `rest` units are left. */
const tail = (rest = 0) => {
  const grid = new Grid();
  const job = grid.job({ total: 3 + rest, quorum: 1, limits: { deadlineMs: 600_000 } });
  const [slow, fast] = [grid.join(1), grid.join(2)];
  compute(grid, slow, 20_000);
  compute(grid, fast, 100);
  const lease = grid.mustTake(slow);
  return { grid, job, slow, fast, lease };
};
const holders = (grid: Grid, unit: number) =>
  unitRow(grid.scheduler, grid.scheduler.jobs.get(1)!, unit)
    .attempts.filter(({ state }) => state === 'leased')
    .map(({ device }) => device);

describe('copies of stragglers', () => {
  it('CY1: a unit that is with a slow device is copied to a faster one, once nothing else is left', () => {
    const { grid, fast, lease } = tail(1);
    expect(grid.mustTake(fast).units).not.toEqual(lease.units);
    grid.now += 1000;
    expect(grid.mustTake(fast).units).toEqual(lease.units);
    expect(holders(grid, lease.units[0]!)).toEqual([1, 2]);
  });

  it('CY2: only a device that is measured, and that will be there sooner, gets a copy', () => {
    const { grid, slow, fast, lease } = tail();
    expect(grid.take(grid.join(3))).toBeUndefined();
    grid.leave(slow);
    grid.join(1);
    grid.now += 1000;
    expect(grid.mustTake(fast).units).toEqual(lease.units);
    const other = tail();
    // The one that holds it is nearly done.
    other.grid.now += 19_990;
    other.grid.beat(other.slow, [other.lease], 19_990);
    expect(other.grid.take(other.fast)).toBeUndefined();
  });

  it('CY2: a unit with a fast device is not copied to a slow one', () => {
    const { grid, job, slow, fast, lease } = tail(1);
    grid.send(slow, done(lease, '1', { runMs: 20_000 }));
    const quick = grid.mustTake(fast);
    expect([grid.take(slow), job.holders.of(quick.units[0]!)]).toEqual([undefined, [2]]);
  });

  it('CY3: the first result wins; the other lease is named as revoked, and its late result does no harm', () => {
    const { grid, job, slow, fast, lease } = tail();
    const copy = grid.mustTake(fast);
    expect(copy.units).toEqual(lease.units);
    expect(grid.beat(slow, [lease], 1).revoked).toEqual([]);
    grid.send(fast, done(copy, '1', { runMs: 100 }));
    expect(unitState(job, lease.units[0]!)).toBe('validated');
    expect(grid.beat(slow, [lease], 2).revoked.map(({ number }) => number)).toEqual([lease.number]);
    expect(job.leased).toBe(0);
    grid.send(slow, { ...done(lease, '1'), ticket: lease });
    expect(job.counts.validated).toBe(job.total);
  });

  it('CY3: or the other way about, and both are paid for right results', () => {
    const { grid, job, slow, fast, lease } = tail();
    const copy = grid.mustTake(fast);
    grid.send(slow, done(lease, '1', { runMs: 10 }));
    expect(unitState(job, lease.units[0]!)).toBe('validated');
    grid.send(fast, done(copy, '1', { runMs: 10 }));
    for (const request of grid.judgements.splice(0)) grid.verdict(request, 'yes');
    expect([account(job, 1)!.valid, account(job, 2)!.valid]).toEqual([2, 2]);
  });

  it('CY4: a unit whose holder is gone, or silent, is copied, however fast its holder was', () => {
    for (const end of ['gone', 'silent', 'alive'] as const) {
      const grid = new Grid();
      const job = grid.job({ total: 3, quorum: 1, limits: { deadlineMs: 600_000 } });
      const [a, b] = [grid.join(1), grid.join(2)];
      for (const session of [a, b]) compute(grid, session, 5000);
      const lease = grid.mustTake(a);
      if (end === 'gone') grid.leave(a);
      grid.now += 1000;
      if (end === 'silent') grid.now += 2 * TIMING.heartbeatMs;
      const copy = grid.take(b);
      expect([end, copy?.units]).toEqual([end, end === 'alive' ? undefined : lease.units]);
      expect(job.counts.validated).toBe(2);
    }
  });

  it('CY4: a parked device is woken for one by time alone', () => {
    const grid = new Grid();
    grid.job({ total: 3, quorum: 1, limits: { deadlineMs: 600_000 } });
    const [a, b] = [grid.join(1), grid.join(2)];
    for (const session of [a, b]) compute(grid, session, 1000);
    const lease = grid.mustTake(a);
    expect(grid.exchange(b, { slots: 1 }).parked).toBe(true);
    grid.woken = false;
    grid.pass(4 * TIMING.heartbeatMs - 1);
    expect(grid.woken).toBe(true);
    expect(grid.serve().map(({ session, given }) => [session, given[0]!.units])).toEqual([[b, lease.units]]);
  });

  it('CY5: there are few copies of one unit, however many devices are idle', () => {
    const grid = new Grid();
    const job = grid.job({ total: 13, quorum: 1, limits: { deadlineMs: 600_000 } });
    const sessions = Array.from({ length: 12 }, (_, at) => grid.join(at + 1));
    for (const session of sessions) compute(grid, session, 1000);
    const [unit] = grid.mustTake(sessions[0]!).units;
    grid.leave(sessions[0]!);
    for (let round = 0; round < 3; round++) {
      for (const session of sessions.slice(1)) {
        grid.now += 600;
        grid.take(session);
      }
    }
    const many = job.holders.of(unit!).length;
    expect(many).toBeGreaterThan(1);
    expect(many).toBeLessThan(6);
    expect(new Set(job.holders.of(unit!)).size).toBe(many);
  });

  it('CY6: no device gets a copy of what it holds itself, although it may compute a unit twice', () => {
    const grid = new Grid();
    grid.job({ total: 3, quorum: 1, independence: { device: false }, limits: { deadlineMs: 600_000 } });
    const device = grid.join(1, 2);
    compute(grid, device, 100);
    compute(grid, device, 100);
    const lease = grid.mustTake(device);
    // It is long overdue.
    for (let beat = 1; beat <= 6; beat++) {
      grid.now += 4000;
      grid.beat(device, [lease], beat * 4000);
      expect(grid.take(device)).toBeUndefined();
    }
    expect(holders(grid, lease.units[0]!)).toEqual([1]);
  });

  it('CY6: a copy goes to an independent device only', () => {
    const { grid, fast, lease } = tail();
    const kin = grid.join(5, 1, { volunteer: 'volunteer 1' });
    grid.scheduler.jobs.get(1)!.unitMs.set(5, 100);
    grid.now += 1000;
    expect(grid.take(kin)).toBeUndefined();
    expect(grid.mustTake(fast).units).toEqual(lease.units);
  });
});
