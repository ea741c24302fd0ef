import { describe, expect, it } from 'vitest';
import type { Job, Session } from '../src/index.ts';
import { cancelJob, holdJob, readyCount, releaseJob } from '../src/index.ts';
import type { Given } from './grid.ts';
import { done, Grid, released, threw } from './grid.ts';

/** Lets sessions compute `rounds` leases each in turn; gives the units that each job got. */
const compute = (grid: Grid, sessions: Session[], rounds: number, runMs = 1000): Map<number, number> => {
  const got = new Map<number, number>();
  for (let round = 0; round < rounds; round++) {
    for (const session of sessions) {
      const lease = grid.take(session);
      if (lease === undefined) continue;
      got.set(lease.job, (got.get(lease.job) ?? 0) + lease.units.length);
      grid.send(session, done(lease, '1', { runMs }));
    }
  }
  return got;
};

const share = (got: Map<number, number>, job: Job): number => {
  let sum = 0;
  for (const units of got.values()) sum += units;
  return (got.get(job.number) ?? 0) / sum;
};

describe('sharing', () => {
  it('FS1: jobs of a higher priority are served first', () => {
    const grid = new Grid();
    const [low, high] = [grid.job({ total: 50, quorum: 1 }), grid.job({ total: 5, quorum: 1, priority: 1 })];
    const a = grid.join(1);
    expect([...compute(grid, [a], 5)]).toEqual([[high.number, 5]]);
    expect([...compute(grid, [a], 2)]).toEqual([[low.number, 2]]);
  });

  it('FS2: within a priority, jobs share compute time by weight', () => {
    const grid = new Grid();
    const jobs = [1, 2, 5].map((weight) => grid.job({ total: 10_000, quorum: 1, weight }));
    const got = compute(grid, [grid.join(1), grid.join(2)], 160);
    for (const [at, weight] of [1, 2, 5].entries())
      expect(Math.abs(share(got, jobs[at]!) - weight / 8)).toBeLessThan(0.02);
  });

  it("FS3: a job of ten units does not wait for another's million", () => {
    const grid = new Grid();
    const large = grid.job({ total: 1_000_000, quorum: 1 });
    const a = grid.join(1);
    compute(grid, [a], 40);
    const small = grid.job({ total: 10, quorum: 1 });
    const got = compute(grid, [a], 22);
    expect(got.get(small.number)).toBe(10);
    expect(got.get(large.number)).toBe(12);
  });

  it('FS4: a job that was held makes up for nothing when it is released', () => {
    const grid = new Grid();
    const [idle, busy] = [grid.job({ total: 1000, quorum: 1 }), grid.job({ total: 1000, quorum: 1 })];
    const a = grid.join(1);
    grid.run((effects) => holdJob(idle, '', grid.now, effects));
    compute(grid, [a], 100);
    grid.run((effects) => releaseJob(idle, '', grid.now, effects));
    const got = compute(grid, [a], 40);
    expect(Math.abs(share(got, busy) - 0.5)).toBeLessThan(0.05);
  });

  it('FS4: nor does a job that waited for an independent device, nor one that is new', () => {
    const grid = new Grid();
    const waiting = grid.job({ total: 30 });
    const busy = grid.job({ total: 1000, quorum: 1 });
    const a = grid.join(1);
    compute(grid, [a], 160);
    const fresh = grid.job({ total: 100, quorum: 1 });
    const got = compute(grid, [grid.join(2)], 60);
    for (const job of [waiting, busy, fresh]) expect(Math.abs(share(got, job) - 1 / 3)).toBeLessThan(0.05);
  });

  it('FS5: a job whose units nobody may have now does not hold up the others', () => {
    const grid = new Grid();
    const stuck = grid.job({ total: 1, priority: 5 });
    const other = grid.job({ total: 3, quorum: 1 });
    const a = grid.join(1);
    grid.send(a, done(grid.mustTake(a)));
    expect(stuck.ready.size).toBe(1);
    expect(compute(grid, [a], 3).get(other.number)).toBe(3);
  });

  it('FS6: within a job, a unit that nobody here may have does not hold up the others', () => {
    const grid = new Grid();
    const job = grid.job({ total: 4 });
    const a = grid.join(1);
    expect(compute(grid, [a], 5).get(job.number)).toBe(4);
    const b = grid.join(2);
    expect(compute(grid, [b], 5).get(job.number)).toBe(4);
    expect(job.counts.validated).toBe(4);
  });

  it('FS7: a unit that was begun is finished before new ones are', () => {
    const grid = new Grid();
    grid.job({ total: 100 });
    const [a, b] = [grid.join(1), grid.join(2)];
    const begun = [grid.mustTake(a), grid.mustTake(a)].flatMap(({ units }) => units);
    expect([grid.mustTake(b), grid.mustTake(b)].flatMap(({ units }) => units)).toEqual(begun);
  });

  it('FS8: parked sessions are served in the order in which they began to wait, one whose turn it is not included', () => {
    const grid = new Grid();
    const sessions = [1, 2, 3].map((number) => grid.join(number));
    for (const session of sessions) expect(grid.exchange(session, { slots: 1 }).parked).toBe(true);
    grid.job({ total: 2, quorum: 1 });
    expect(grid.woken).toBe(true);
    expect(grid.serve().map(({ session }) => session.device)).toEqual([1, 2]);
    grid.join(4);
    grid.job({ total: 5, quorum: 1 });
    expect(grid.serve().map(({ session }) => session.device)).toEqual([3]);
    expect(grid.serve()).toEqual([]);
  });

  it('FS8: a parked session that left, or that reports meanwhile, is not served', () => {
    const grid = new Grid();
    const [a, b, c] = [grid.join(1), grid.join(2), grid.join(3)];
    for (const session of [a, b, c]) grid.take(session);
    grid.leave(a);
    grid.send(b);
    grid.job({ quorum: 1 });
    expect(grid.serve().map(({ session }) => session)).toEqual([c]);
  });

  it('FS8: an exchange that has no free slot, or that was given something, is not parked', () => {
    const grid = new Grid();
    const a = grid.join(1);
    expect(grid.exchange(a).parked).toBe(false);
    grid.job({ total: 1 });
    expect(grid.exchange(a, { slots: 4 }).parked).toBe(false);
    expect(grid.scheduler.parked.size).toBe(0);
  });

  it('FS8: whatever makes a unit ready again wakes those who wait', () => {
    const causes: [string, (grid: Grid, session: Session, lease: Given) => void][] = [
      ['an error', (grid, session, lease) => grid.send(session, threw(lease))],
      ['a lease given back', (grid, session, lease) => grid.send(session, released(lease))],
      ['silence', (grid) => grid.pass(20_000)],
      [
        'a session that is gone',
        (grid, session) => {
          grid.leave(session);
          grid.pass(10_000);
        },
      ],
    ];
    for (const [cause, act] of causes) {
      const grid = new Grid();
      grid.job({ total: 1, quorum: 1 });
      const [a, b] = [grid.join(1), grid.join(2)];
      const lease = grid.mustTake(a);
      grid.take(b);
      grid.woken = false;
      act(grid, a, lease);
      expect(grid.woken, cause).toBe(true);
      expect(grid.serve().map(({ session }) => session)).toEqual([b]);
    }
  });

  it('FS9: groups of waiting units are forgotten with their last unit', () => {
    const grid = new Grid();
    const job = grid.job({ total: 60, quorum: 2 });
    for (let device = 1; device <= 30; device++) {
      const session = grid.join(device);
      for (let round = 0; round < 2; round++) {
        const lease = grid.mustTake(session);
        grid.send(session, round === 0 ? done(lease) : released(lease));
      }
    }
    expect(job.ready.size).toBeGreaterThan(0);
    expect([...job.ready.groups(0)].length).toBeLessThanOrEqual(job.ready.size);
    const [a, b] = [grid.join(101), grid.join(102)];
    compute(grid, [a, b], 200);
    expect([job.counts.validated, readyCount(job), [...job.ready.groups(0)].length]).toEqual([60, 0, 0]);
  });

  it('FS9: a cancelled job is out of the turn', () => {
    const grid = new Grid();
    const job = grid.job({ priority: 9 });
    const other = grid.job({ quorum: 1 });
    grid.run((effects) => cancelJob(grid.scheduler, job, '', grid.now, effects));
    expect(grid.mustTake(grid.join(1)).job).toBe(other.number);
  });
});
