import { describe, expect, it } from 'vitest';
import type { Session } from '../src/index.ts';
import { explainDevice } from '../src/index.ts';
import type { Given } from './grid.ts';
import { done, Grid } from './grid.ts';

const compute = (grid: Grid, session: Session, runMs: number): Given => {
  const lease = grid.mustTake(session);
  grid.send(session, done(lease, '1', { runMs }));
  return lease;
};

/** A slow and a fast device, both measured and idle; `left` units are ready. */
const scene = (left: number) => {
  const grid = new Grid({ heartbeatMs: 60_000 });
  const job = grid.job({ total: 2 + left, quorum: 1, limits: { deadlineMs: 600_000 } });
  const [slow, fast] = [grid.join(1), grid.join(2)];
  compute(grid, slow, 20_000);
  compute(grid, fast, 2000);
  return { grid, job, slow, fast };
};

describe('the last units', () => {
  it('CY7: are withheld from a device that would not be done with one in time', () => {
    const { grid, slow, fast } = scene(3);
    grid.mustTake(fast);
    // Of the other two the fast device is done with the last one after 6 s.
    expect(grid.take(slow)).toBeUndefined();
    expect(grid.take(fast)).toBeDefined();
  });

  it('CY7: are given to a slow one, too, while there are so many that it helps', () => {
    const { grid, slow, fast } = scene(14);
    grid.mustTake(fast);
    expect(grid.take(slow)).toBeDefined();
  });

  it('CY7: a lease has no more units than there is time for', () => {
    const grid = new Grid({ leaseTargetMs: 40_000, heartbeatMs: 60_000 });
    const job = grid.job({ total: 42, quorum: 1, limits: { deadlineMs: 600_000 } });
    const sessions = [1, 2, 3].map((number) => grid.join(number));
    const paces = [10_000, 2000, 2000];
    for (const [at, session] of sessions.entries()) compute(grid, session, paces[at]!);
    const [, second, third] = sessions.map((session) => [session, grid.mustTake(session)] as const);
    for (const [session, lease] of [second!, third!]) {
      grid.send(session, done(lease, '1', { runMs: 2000 }));
      grid.mustTake(session);
    }
    const { until } = job.horizon;
    const lease = grid.take(sessions[0]!);
    expect(lease === undefined || lease.units.length * 10_000 <= 1.1 * (until - grid.now) + 1000).toBe(true);
  });

  it('CY8: are withheld for no longer than a moment in which nobody was given anything', () => {
    const { grid, job, slow, fast } = scene(3);
    grid.mustTake(fast);
    expect(grid.take(slow)).toBeUndefined();
    grid.pass(job.meanUnitMs / 2 + 500);
    expect(grid.woken).toBe(true);
    expect(grid.serve().map(({ session }) => session)).toEqual([slow]);
  });

  it('CY9: are not left to a device that does not ask', () => {
    const { grid, slow } = scene(3);
    grid.now += 1000;
    expect(grid.take(slow)).toBeDefined();
  });

  it('EP9: the device is told', () => {
    const { grid, job, slow, fast } = scene(3);
    grid.mustTake(fast);
    grid.take(slow);
    const text = `“${job.spec.name}”: its last units are left to devices that will be done with them sooner.`;
    expect(explainDevice(grid.scheduler, 1, grid.now)).toBe(text);
    grid.pass(job.meanUnitMs / 2 + 500);
    expect(explainDevice(grid.scheduler, 1, grid.now)).not.toBe(text);
  });
});
