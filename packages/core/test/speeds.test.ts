import { describe, expect, it } from 'vitest';
import type { Session } from '../src/index.ts';
import { holdJob } from '../src/index.ts';
import { Speeds } from '../src/scheduler/speeds.ts';
import { done, Grid } from './grid.ts';

const compute = (grid: Grid, session: Session, runMs: number, rounds = 1): void => {
  for (let round = 0; round < rounds; round++) grid.send(session, done(grid.mustTake(session), '1', { runMs }));
};

/** Devices, numbered from 1, that an earlier job has measured: each ran its units for so long, in so many leases. */
const schooled = (...paces: [runMs: number, rounds?: number][]) => {
  const grid = new Grid({ leaseTargetMs: 2000, heartbeatMs: 60_000 });
  const school = grid.job({ total: 1_000_000, quorum: 1 });
  const sessions = paces.map((_, at) => grid.join(at + 1));
  for (const [at, [runMs, rounds = 4]] of paces.entries()) compute(grid, sessions[at]!, runMs, rounds);
  grid.run((effects) => holdJob(school, 'over', grid.now, effects));
  return { grid, sessions };
};

describe('the speed of a device in a job that has not measured it', () => {
  it('SZ6: its first lease fills the target by what units cost others and how fast it was in other jobs', () => {
    const { grid, sessions } = schooled([100], [50]);
    const [slow, fast] = sessions;
    const job = grid.job({ total: 1_000_000, quorum: 1 });
    compute(grid, slow!, 40, 4);
    expect(grid.mustTake(fast!).units).toHaveLength(100);
    expect(job.unitMs.has(2)).toBe(false);
  });

  it('SZ6: whoever measured the job first, slow or fast', () => {
    const { grid, sessions } = schooled([100], [50]);
    const [slow, fast] = sessions;
    grid.job({ total: 1_000_000, quorum: 1 });
    compute(grid, fast!, 20, 4);
    expect(grid.mustTake(slow!).units).toHaveLength(50);
  });

  it('SZ6: the speed follows the device, over all jobs', () => {
    const { grid, sessions } = schooled([100], [50]);
    const [slow, fast] = sessions;
    grid.job({ total: 1_000_000, quorum: 1 });
    for (let round = 0; round < 20; round++) {
      compute(grid, slow!, 40);
      compute(grid, fast!, 80);
    }
    const [school, job] = [...grid.scheduler.jobs.values()];
    grid.run((effects) => holdJob(job!, 'over', grid.now, effects));
    const third = grid.job({ total: 1_000_000, quorum: 1 });
    compute(grid, slow!, 40, 4);
    expect(grid.mustTake(fast!).units.length).toBeLessThan(40);
    expect([school!.unitMs.get(2), third.unitMs.has(2)]).toEqual([50, false]);
  });

  it('SZ6: what nobody has measured begins with one unit, and so does a device that is not known', () => {
    const { grid, sessions } = schooled([100], [50]);
    grid.job({ total: 1_000_000, quorum: 1 });
    expect(grid.mustTake(sessions[1]!).units).toHaveLength(1);
    compute(grid, sessions[0]!, 40, 4);
    expect(grid.mustTake(grid.join(3)).units).toHaveLength(1);
  });

  it('SZ7: its first lease is no more than eight times what it brought back at once elsewhere', () => {
    const { grid, sessions } = schooled([100], [50, 1]);
    grid.job({ total: 1_000_000, quorum: 1 });
    compute(grid, sessions[0]!, 40, 4);
    expect(grid.mustTake(sessions[1]!).units).toHaveLength(8);
  });

  it('SZ7: nor more than eight times what has come back of the job at all, lest its first units were odd', () => {
    const { grid, sessions } = schooled([100], [50]);
    grid.job({ total: 1_000_000, quorum: 1 });
    compute(grid, sessions[0]!, 40);
    expect(grid.mustTake(sessions[1]!).units).toHaveLength(8);
  });

  it('SZ7: after a restart nothing is taken for granted', () => {
    const { grid, sessions } = schooled([100], [50]);
    const job = grid.job({ total: 1_000_000, quorum: 1 });
    compute(grid, sessions[0]!, 40, 4);
    grid.restart();
    expect(grid.of(job).counts.returned).toBeGreaterThan(50);
    expect([1, 2].map((number) => grid.mustTake(grid.join(number)).units.length)).toEqual([1, 1]);
  });

  it('SZ8: whoever claims no time at all elsewhere is taken to be eight times as fast, and no more', () => {
    const { grid, sessions } = schooled([100], [0]);
    grid.job({ total: 1_000_000, quorum: 1 });
    compute(grid, sessions[0]!, 40, 4);
    expect(grid.scheduler.speeds.reachOf(2)).toBeGreaterThan(400);
    expect(grid.mustTake(sessions[1]!).units).toHaveLength((8 * 2000) / 40);
  });

  it('SZ8: one claim moves a known factor little, and none moves it beyond an eighth or eight', () => {
    const speeds = new Speeds();
    for (let n = 0; n < 20; n++) speeds.learn(1, 1, 1);
    speeds.learn(1, 0, 1);
    expect(speeds.factorOf(1)).toBeGreaterThan(0.9);
    for (const [claimed, factor] of [
      [0, 1 / 8],
      [1e9, 8],
    ] as const) {
      for (let n = 0; n < 200; n++) speeds.learn(1, claimed, 1);
      expect(speeds.factorOf(1)).toBeCloseTo(factor, 6);
    }
  });

  it('SZ9: of too many devices, those that were measured longest ago are forgotten', () => {
    const speeds = new Speeds(2);
    for (const device of [1, 2, 1, 3]) speeds.learn(device, 1, 5);
    expect([1, 2, 3].map((device) => [speeds.factorOf(device), speeds.reachOf(device)])).toEqual([
      [1, 5],
      [undefined, 0],
      [1, 5],
    ]);
  });

  it('FS12: a lease is charged by it', () => {
    const { grid, sessions } = schooled([100], [50]);
    const job = grid.job({ total: 1_000_000, quorum: 1 });
    compute(grid, sessions[0]!, 40, 4);
    const before = job.pass;
    const { length } = grid.mustTake(sessions[1]!).units;
    expect(job.pass - before).toBeCloseTo(20 * length, 6);
  });

  it('CY2: a device that is known from other jobs gets a copy', () => {
    const { grid, sessions } = schooled([10_000], [100], [100]);
    const [slow, fast, other] = sessions;
    grid.job({ total: 2, quorum: 1, limits: { deadlineMs: 600_000 } });
    compute(grid, fast!, 100);
    const lease = grid.mustTake(slow!);
    grid.now += 1000;
    expect(grid.mustTake(other!).units).toEqual(lease.units);
  });

  it('CY10: one that is slow in other jobs is waited for no longer than the mean', () => {
    const { grid, sessions } = schooled([1000], [600]);
    const [slow, fast] = sessions;
    grid.job({ total: 2, quorum: 1, limits: { deadlineMs: 600_000 } });
    compute(grid, fast!, 600);
    const lease = grid.mustTake(slow!);
    grid.now += 300;
    expect(grid.take(fast!)).toBeUndefined();
    grid.now += 501;
    expect(grid.mustTake(fast!).units).toEqual(lease.units);
  });
});
