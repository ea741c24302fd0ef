import { ProblemError } from '@gossamer/protocol';
import { describe, expect, it } from 'vitest';
import { cancelJob, durableBytes, holdJob, jobState, retryJob, unitCounts, unitRow, unitState } from '../src/index.ts';
import type { Job } from '../src/index.ts';
import { account, done, Grid, proved, threw } from './grid.ts';

const retry = (grid: Grid, job: Job): number =>
  grid.run((effects) => retryJob(grid.scheduler, grid.of(job), grid.now, effects));

/** A job of which the unit 0 has failed, and the unit 1 is done. */
const half = (wish: Parameters<Grid['job']>[0] = {}) => {
  const grid = new Grid();
  const job = grid.job({ total: 2, quorum: 1, limits: { maxErrors: 1 }, ...wish });
  const a = grid.join(1);
  const first = grid.mustTake(a);
  grid.send(a, threw({ ...first, units: [0] }));
  const left = first.units.length > 1 ? first : grid.mustTake(a);
  grid.send(a, done(left, '42', { offsets: [left.units.indexOf(1)] }));
  return { grid, job, a };
};

describe('retry', () => {
  it('RF1: failed units of a complete job are open again, the others stay, and the job completes once more', () => {
    const { grid, job, a } = half();
    expect([jobState(job), unitCounts(job).failed]).toEqual(['completed', 1]);
    expect(retry(grid, job)).toBe(1);
    expect([jobState(job), job.completedAt, unitCounts(job)]).toMatchObject([
      'running',
      null,
      { pending: 1, validated: 1, failed: 0 },
    ]);
    expect(unitRow(grid.scheduler, job, 0)).toMatchObject({ state: 'pending', reason: null, errors: 0 });
    grid.now += 5;
    const again = grid.mustTake(a);
    expect(again.units).toEqual([0]);
    grid.send(a, done(again));
    expect([jobState(job), job.completedAt, job.ends.length]).toEqual(['completed', grid.now, 2]);
    expect(job.ends.map(({ validated, failed }) => [validated, failed])).toEqual([
      [1, 1],
      [2, 0],
    ]);
  });

  it('RF1: whoever waits is woken by it, and a held job stays held', () => {
    const { grid, job, a } = half();
    expect(grid.take(a)).toBeUndefined();
    grid.woken = false;
    retry(grid, job);
    expect(grid.woken).toBe(true);
    expect(grid.serve().map(({ session }) => session)).toEqual([a]);
    const other = half({ total: 3 });
    other.grid.run((effects) => holdJob(other.job, 'a look', other.grid.now, effects));
    expect(retry(other.grid, other.job)).toBe(1);
    expect([jobState(other.job), other.grid.take(other.a)]).toEqual(['held', undefined]);
  });

  it('RF2: a unit that is retried has a fresh budget of errors', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1, limits: { maxErrors: 3 } });
    const a = grid.join(1);
    const fail = (times: number): void => {
      for (let at = 0; at < times; at++) grid.send(a, threw(grid.mustTake(a)));
    };
    for (let round = 0; round < 3; round++) {
      fail(2);
      expect(unitState(job, 0)).toBe('pending');
      fail(1);
      expect(unitState(job, 0)).toBe('failed');
      expect(retry(grid, job)).toBe(1);
    }
    expect(job.counts.errored).toBe(9);
  });

  it('RF2: and one of attempts, lost ones included; who took part before may take part again', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 2, limits: { maxAttempts: 3 } });
    const [a, b] = [grid.join(1), grid.join(2)];
    grid.send(a, done(grid.mustTake(a), 'one'));
    grid.mustTake(b);
    grid.leave(b);
    grid.pass(20_000);
    const again = grid.join(2);
    grid.send(again, done(grid.mustTake(again), 'other'));
    expect([unitState(job, 0), job.counts.inconclusive]).toEqual(['failed', 2]);
    expect(retry(grid, job)).toBe(1);
    grid.send(a, done(grid.mustTake(a), 'same'));
    grid.send(again, done(grid.mustTake(again), 'same'));
    expect([unitState(job, 0), job.counts.valid]).toEqual(['validated', 2]);
  });

  it('RF2: within one round a device still counts once', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 2, limits: { maxAttempts: 2 } });
    const [a, b] = [grid.join(1), grid.join(2)];
    for (const [session, text] of [
      [a, 'one'],
      [b, 'other'],
    ] as const)
      grid.send(session, done(grid.mustTake(session), text));
    retry(grid, job);
    grid.send(a, done(grid.mustTake(a), 'same'));
    expect([grid.take(a), unitState(job, 0)]).toEqual([undefined, 'active']);
  });

  it('RF3: credit, verdicts and standing stay what they were', () => {
    const { grid, job } = half();
    const before = { ...account(job, 1)! };
    retry(grid, job);
    expect(account(job, 1)).toEqual(before);
  });

  it('RF4: when nothing has failed nothing is written, and so it is the second time', () => {
    const { grid, job } = half();
    retry(grid, job);
    const written = grid.facts(job).length;
    expect([retry(grid, job), grid.facts(job).length]).toEqual([0, written]);
  });

  it('RF5: a cancelled job is refused', () => {
    const { grid, job } = half({ total: 3 });
    grid.run((effects) => cancelJob(grid.scheduler, job, '', grid.now, effects));
    expect(() => retry(grid, job)).toThrow(new ProblemError('job-cancelled'));
  });

  it('RF6: the log gives the same job before, between and after, and units that were opened again are given out after a start', () => {
    const { grid, job } = half();
    retry(grid, job);
    grid.restart();
    expect(jobState(grid.of(job))).toBe('running');
    const a = grid.join(1);
    const lease = grid.mustTake(a);
    expect(lease.units).toEqual([0]);
    grid.send(a, done(lease));
    grid.restart();
    expect([jobState(grid.of(job)), grid.of(job).ends.length]).toEqual(['completed', 2]);
  });

  it('RF6: a crash before it is written leaves the unit failed', () => {
    const { grid, job } = half();
    const bytes = durableBytes(job);
    grid.crashDuring((effects) => retryJob(grid.scheduler, job, grid.now, effects));
    expect(durableBytes(grid.of(job))).toEqual(bytes);
  });

  it('RF7: a result that was on its way when its unit failed, and comes after the retry, counts', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 2, limits: { maxErrors: 1 } });
    const [a, b] = [grid.join(1), grid.join(2)];
    const [x, y] = [grid.mustTake(a), grid.mustTake(b)];
    grid.leave(b);
    grid.pass(12_000);
    grid.send(a, threw(x));
    expect(unitState(job, 0)).toBe('failed');
    retry(grid, job);
    const late = grid.join(2);
    grid.send(late, proved(done(y), y));
    const again = grid.mustTake(a);
    grid.send(a, done(again));
    expect(unitState(job, 0)).toBe('validated');
  });

  it('RF8: a job that is opened again makes up for nothing that others were given meanwhile', () => {
    const grid = new Grid();
    const old = grid.job({ total: 1, quorum: 1, limits: { maxErrors: 1 } });
    const a = grid.join(1);
    grid.send(a, threw(grid.mustTake(a)));
    const busy = grid.job({ total: 1000, quorum: 1 });
    for (let at = 0; at < 5; at++) grid.send(a, done(grid.mustTake(a)));
    retry(grid, old);
    expect(old.pass).toBe(busy.pass);
  });
});
