import { describe, expect, it } from 'vitest';
import { cancelJob, errorEstimate, estimateJob } from '../src/index.ts';
import { wrongBound } from '../src/trust/odds.ts';
import { done, Grid } from './grid.ts';
import { adaptive, ALWAYS, exhaust, known, NEVER, school, turn, WRONG } from './trust.ts';

describe('estimates', () => {
  it('ES1: nothing is said before the first unit is done, nor after the end', () => {
    const grid = new Grid();
    const job = grid.job({ total: 2, quorum: 1 });
    const a = grid.join(1);
    const lease = grid.mustTake(a);
    expect(estimateJob(job, grid.now)).toBeNull();
    grid.send(a, done(lease));
    expect(estimateJob(job, grid.now)).not.toBeNull();
    turn(grid, a);
    expect(estimateJob(job, grid.now)).toBeNull();
    const gone = grid.job({ total: 2, quorum: 1 });
    turn(grid, a);
    grid.run((effects) => cancelJob(grid.scheduler, gone, '', grid.now, effects));
    expect(estimateJob(gone, grid.now)).toBeNull();
  });

  it('ES2: the time left follows the pace of the last minutes; without any it is not told', () => {
    const grid = new Grid();
    const job = grid.job({ total: 100, quorum: 1 });
    const a = grid.join(1);
    for (let unit = 0; unit < 40; unit++) grid.send(a, done(grid.mustTake(a), '1', { runMs: 1000 }));
    const { leftMs } = estimateJob(job, grid.now)!;
    expect(leftMs!).toBeGreaterThan(60 * 1000 * 0.7);
    expect(leftMs!).toBeLessThan(60 * 1000 * 1.3);
    expect(estimateJob(job, grid.now + 3_600_000)!.leftMs).toBeNull();
  });

  it('ES3: the cost is that of the attempts so far, for the whole job', () => {
    const grid = new Grid();
    const job = grid.job({ total: 50, quorum: 2, credit: 3 });
    const [a, b] = [grid.join(1), grid.join(2)];
    for (let unit = 0; unit < 10; unit++) for (const session of [a, b]) turn(grid, session);
    const { attemptsPerUnit, unitMs, computeMs, credit } = estimateJob(job, grid.now)!;
    expect([attemptsPerUnit, credit, unitMs]).toEqual([2, 50 * 2 * 3, 1000]);
    expect(computeMs).toBe(50 * 2 * 1000);
  });

  it('ES4: of adaptive jobs alone it is told how many of the final results may be wrong, and from what', () => {
    const grid = new Grid();
    const [a, b] = [grid.join(1), grid.join(2)];
    expect(errorEstimate(grid.scheduler, school(grid, [a, b]))).toBeNull();
    const job = grid.job(adaptive({ total: 10 }));
    const { policy } = job.spec;
    expect(errorEstimate(grid.scheduler, job)).toMatchObject({
      rate: 0,
      confirmed: 0,
      single: 0,
      checks: 0,
      caught: 0,
    });
    for (let unit = 0; unit < 10; unit++) turn(grid, a);
    grid.pass(1000);
    exhaust(grid, [b]);
    const { liars } = grid.scheduler.book;
    const { single, validated } = job.counts;
    expect([validated, single > 0, single < 10]).toEqual([10, true, true]);
    const estimate = errorEstimate(grid.scheduler, job)!;
    expect(estimate).toMatchObject({
      maxErrorRate: policy.kind === 'adaptive' ? policy.maxErrorRate : 0,
      confirmed: validated - single,
      single,
      checks: 2 * (validated - single),
      failedChecks: 0,
      caught: 0,
      revoked: 0,
      assumedLiars: liars,
    });
    const alone = (single * wrongBound(known(grid, job, 1), liars)) / validated;
    expect(estimate.rate).toBeGreaterThan(alone);
    expect(estimate.rate).toBeLessThan(alone + liars ** 2);
  });

  it('ES5: what was caught, and taken back for it, is in it', () => {
    const grid = new Grid();
    const [a, b, c] = [grid.join(1), grid.join(2), grid.join(3)];
    school(grid, [a, b, c]);
    const job = grid.job(adaptive({ total: 30 }));
    grid.chance = NEVER;
    for (let unit = 0; unit < 3; unit++) turn(grid, a);
    grid.chance = ALWAYS;
    turn(grid, a, WRONG);
    for (const session of [b, c]) turn(grid, session);
    expect(errorEstimate(grid.scheduler, job)).toMatchObject({ failedChecks: 1, caught: 1, revoked: 3, confirmed: 1 });
  });
});
