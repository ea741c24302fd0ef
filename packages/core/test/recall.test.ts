import { REPORT_STATUS } from '@gossamer/protocol';
import { describe, expect, test } from 'vitest';
import { explainDevice, explainUnit, explainWaiting } from '../src/index.ts';
import type { Given } from './grid.ts';
import { account, done, Grid, proved, released } from './grid.ts';

const GRACE = 10_000;

/** A grid that restarts with leases out: device 1 and 2 hold one unit each of a job of `total`. */
const restarted = (total = 2, quorum = 1) => {
  const grid = new Grid();
  grid.recalls = true;
  const job = grid.job({ total, quorum });
  const [a, b] = [grid.join(1), grid.join(2)];
  const first = grid.mustTake(a);
  const second = grid.mustTake(b);
  grid.restart();
  return { grid, job: () => grid.of(job), first, second };
};

const held = (lease: Given, runMs = 500) => ({ lease, runMs, ticket: lease });

describe('after a start', () => {
  test('RC1: what may be out with devices is kept for them for a grace, and then given to others', () => {
    const { grid } = restarted();
    const stranger = grid.join(3);
    expect(grid.take(stranger)).toBeUndefined();
    grid.pass(GRACE - 1);
    expect(grid.take(stranger)).toBeUndefined();
    grid.pass(1);
    expect(grid.woken).toBe(true);
    expect(grid.mustTake(stranger).units).toEqual([0]);
  });

  test('RC1: a job that comes after the start waits for nobody', () => {
    const { grid } = restarted();
    const later = grid.job({ total: 1, quorum: 2 });
    grid.send(grid.join(3), done(grid.mustTake(grid.join(3))));
    expect(grid.mustTake(grid.join(4)).job).toBe(later.number);
  });

  test('RC1: units that were never given out are given out at once', () => {
    const { grid, job } = restarted(5000);
    const cut = job().units.length;
    expect(grid.mustTake(grid.join(3)).units[0]).toBe(cut);
  });

  test('RC2: a device that names its lease with the ticket holds it again, and its result counts once', () => {
    const { grid, job, first } = restarted();
    const back = grid.join(1);
    expect(grid.exchange(back, { held: [held(first)] }).revoked).toEqual([]);
    grid.pass(GRACE);
    // Nobody else gets it, however long it takes.
    const stranger = grid.join(3);
    expect(grid.mustTake(stranger).units).toEqual([1]);
    grid.exchange(back, { held: [held(first, 20_000)] });
    expect(grid.take(stranger)).toBeUndefined();
    expect(grid.send(back, done(first))).toEqual([REPORT_STATUS.accepted]);
    expect(job().counts).toMatchObject({ returned: 1, validated: 1 });
    expect(account(job(), 1)).toMatchObject({ valid: 1 });
    expect(grid.send(back, proved(done(first), first))).toEqual([REPORT_STATUS.accepted]);
    expect(job().counts).toMatchObject({ returned: 1, validated: 1 });
  });

  test('RC2: without the ticket nothing is taken up, and the report is asked for it', () => {
    const { grid, first } = restarted();
    const back = grid.join(1);
    grid.exchange(back, { held: [{ lease: first, runMs: 1 }] });
    expect(grid.send(back, done(first))).toEqual([REPORT_STATUS.ticketNeeded]);
  });

  test('RC3: as long as devices come back, the others are waited for; but not for ever', () => {
    const { grid, first, second } = restarted();
    grid.pass(GRACE - 1);
    grid.exchange(grid.join(1), { held: [held(first)] });
    grid.pass(GRACE - 1);
    const stranger = grid.join(3);
    expect(grid.take(stranger)).toBeUndefined();
    grid.exchange(grid.join(2), { held: [held(second)] });
    for (let n = 0; n < 10; n++) {
      grid.pass(GRACE - 1);
      grid.exchange(grid.join(4 + n), { held: [held({ ...first, units: [1] })] });
    }
    expect(grid.scheduler.recall).toBeNull();
  });

  test('RC4: a recalled lease is a lease: silence ends it, a release gives it back, a full job lets its device go', () => {
    const { grid, job, first, second } = restarted();
    const [a, b] = [grid.join(1), grid.join(2)];
    grid.exchange(a, { held: [held(first)] });
    grid.exchange(b, { held: [held(second)] });
    expect(job().leased).toBe(2);
    grid.send(b, released(second));
    expect(job()).toMatchObject({ leased: 1, counts: { abandoned: 1 } });
    grid.pass(60_000);
    expect(job()).toMatchObject({ leased: 0, counts: { expired: 1 } });
    const other = grid.join(3);
    grid.send(other, done(grid.mustTake(other)));
    grid.send(other, done(grid.mustTake(other)));
    expect(job().completedAt).not.toBeNull();
    // Its lease was lost by silence: named again, it is held in vain.
    const { revoked } = grid.exchange(a, { held: [held(first)] });
    expect(revoked).toMatchObject([{ epoch: first.epoch, number: first.number }]);
    expect(grid.scheduler.recalled.size).toBe(0);
  });

  test('RC4: a device that loses its page over the start gets a recalled lease again, like any other', () => {
    const { grid, first } = restarted();
    grid.exchange(grid.join(1), { held: [held(first)] });
    const again = grid.join(1);
    const { given } = grid.exchange(again, { slots: 1 });
    expect(given.map(({ units }) => units)).toEqual([[0]]);
    expect(grid.send(again, done(given[0]!))).toEqual([REPORT_STATUS.accepted]);
  });

  test('RC5: replicas stay independent: a device takes up nothing of a unit in which it has a part', () => {
    const grid = new Grid();
    grid.recalls = true;
    const job = grid.job({ total: 1, quorum: 2 });
    const a = grid.join(1);
    const lease = grid.mustTake(a);
    grid.send(a, done(lease));
    grid.restart();
    const back = grid.join(1);
    const { revoked } = grid.exchange(back, { held: [held(lease)] });
    expect(revoked).toHaveLength(1);
    expect(grid.of(job).leased).toBe(0);
  });

  test('RC6: it is said in words why such a unit waits', () => {
    const { grid, job } = restarted();
    grid.join(3);
    expect(explainUnit(grid.scheduler, job(), 0, grid.now)).toContain('since the coordinator was started');
    expect(explainWaiting(grid.scheduler, job(), grid.now)).toContain('since the coordinator was started');
    expect(explainDevice(grid.scheduler, 3, grid.now)).toContain('before the start');
    grid.pass(GRACE);
    expect(explainUnit(grid.scheduler, job(), 0, grid.now)).toBe('It waits for a free slot.');
  });
});
