import { OUTCOME } from '@gossamer/protocol';
import { describe, expect, it } from 'vitest';
import { attemptCounts, jobState, unitCounts, unitRow, unitState } from '../src/index.ts';
import { account, done, Grid, overran, threw } from './grid.ts';

const states = (grid: Grid, job: Parameters<Grid['of']>[0], unit = 0) =>
  unitRow(grid.scheduler, grid.of(job), unit).attempts.map(({ device, state }) => [device, state]);

describe('when a result is true', () => {
  it('JU1: a unit is validated when quorum results agree, and not before', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1 });
    const [a, b] = [grid.join(1), grid.join(2)];
    const [x, y] = [grid.mustTake(a), grid.mustTake(b)];
    expect([x.units, y.units]).toEqual([[0], [0]]);
    grid.send(a, done(x));
    expect([unitState(job, 0), jobState(job)]).toEqual(['active', 'running']);
    expect(account(job, 1)).toMatchObject({ waiting: 1, valid: 0, credit: 0 });
    grid.now += 5;
    grid.send(b, done(y));
    expect([unitState(job, 0), jobState(job), job.completedAt]).toEqual(['validated', 'completed', grid.now]);
    expect(states(grid, job)).toEqual([
      [1, 'valid'],
      [2, 'valid'],
    ]);
    expect(job.units.canonical[0]).toBe(0);
  });

  it('JU1: a job that is trusted takes the first result', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1 });
    const a = grid.join(1);
    grid.send(a, done(grid.mustTake(a)));
    expect(unitState(job, 0)).toBe('validated');
  });

  it('JU2: results that disagree bring a third attempt; the one that is outvoted is invalid and earns nothing', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, credit: 2.5 });
    const [a, b, c] = [grid.join(1), grid.join(2), grid.join(3)];
    const [x, y] = [grid.mustTake(a), grid.mustTake(b)];
    expect(grid.take(c)).toBeUndefined();
    grid.send(a, done(x, '42'));
    grid.send(b, done(y, '41'));
    expect(unitState(job, 0)).toBe('active');
    const [served] = grid.serve();
    expect(served!.session).toBe(c);
    grid.send(c, done(served!.given[0]!, '42'));
    expect(states(grid, job)).toEqual([
      [1, 'valid'],
      [2, 'invalid'],
      [3, 'valid'],
    ]);
    expect(account(job, 1)).toMatchObject({ valid: 1, credit: 2.5, waiting: 0 });
    expect(account(job, 2)).toMatchObject({ invalid: 1, credit: 0, waiting: 0 });
    expect(attemptCounts(job)).toMatchObject({ valid: 2, invalid: 1, returned: 0, leased: 0 });
  });

  it('JU2: the canonical result is the oldest of the group that won', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1 });
    const sessions = [1, 2, 3].map((number) => grid.join(number));
    const [x, y] = [grid.mustTake(sessions[0]!), grid.mustTake(sessions[1]!)];
    grid.send(sessions[0]!, done(x, 'wrong'));
    grid.send(sessions[1]!, done(y, 'right'));
    grid.send(sessions[2]!, done(grid.mustTake(sessions[2]!), 'right'));
    expect(job.attempts.device[job.units.canonical[0]!]).toBe(2);
  });

  it('JU3: credit is the same however often a result is sent', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, credit: 3 });
    const [a, b] = [grid.join(1), grid.join(2)];
    const [x, y] = [grid.mustTake(a), grid.mustTake(b)];
    grid.send(a, done(x), done(x));
    grid.send(b, done(y));
    grid.send(b, { ...done(y), ticket: y }, { ...done(y), ticket: y });
    expect([account(job, 1)!.credit, account(job, 2)!.credit]).toEqual([3, 3]);
    expect(job.counts.returned).toBe(2);
  });

  it('JU4: JSON and bytes are not the same, nor are results that differ in their last byte, large ones included', () => {
    for (const size of [2, 14, 15, 16, 17, 256, 5000]) {
      const grid = new Grid();
      const job = grid.job({ total: 1 });
      const bodies = ['a', 'b', 'b'].map((last) => 'x'.repeat(size - 1) + last);
      const sessions = bodies.map((_, at) => grid.join(at + 1));
      for (const at of [0, 1]) grid.send(sessions[at]!, done(grid.mustTake(sessions[at]!), bodies[at]));
      expect(unitState(job, 0)).toBe('active');
      const last = done(grid.mustTake(sessions[2]!), bodies[2]);
      grid.send(sessions[2]!, last);
      expect(unitState(job, 0)).toBe('validated');
    }
    const grid = new Grid();
    const job = grid.job({ total: 1 });
    const [a, b] = [grid.join(1), grid.join(2)];
    grid.send(a, done(grid.mustTake(a), '7'));
    const other = done(grid.mustTake(b), '7');
    grid.send(b, { ...other, attempts: other.attempts.map((attempt) => ({ ...attempt, outcome: OUTCOME.bytes })) });
    expect(unitState(job, 0)).toBe('active');
  });

  it('JU5: a program that throws maxErrors times ends its unit, with its last message', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1, limits: { maxErrors: 2 } });
    const a = grid.join(1);
    grid.send(a, threw(grid.mustTake(a), 'first'));
    expect(unitState(job, 0)).toBe('pending');
    grid.send(a, threw(grid.mustTake(a), 'no such star'));
    expect(unitRow(grid.scheduler, job, 0)).toMatchObject({
      state: 'failed',
      errors: 2,
      reason: 'The program failed 2 times. Last error: no such star',
    });
    expect(account(job, 1)).toMatchObject({ errored: 2, credit: 0 });
    expect(jobState(job)).toBe('completed');
    expect(unitCounts(job)).toMatchObject({ failed: 1, pending: 0, active: 0 });
  });

  it('JU5: a program that runs past its deadline has failed, and says so', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 1, limits: { maxErrors: 1, deadlineMs: 1500 } });
    const a = grid.join(1);
    grid.send(a, overran(grid.mustTake(a)));
    expect(job.failures.get(0)).toBe(
      'The program failed 1 time. Last error: It ran longer than its deadline of 1500 ms.',
    );
  });

  it('JU5: a result over the limit of the job is an error that tells both sizes', () => {
    const grid = new Grid();
    const job = grid.job({ total: 2, quorum: 1, limits: { maxErrors: 1, resultBytes: 10 } });
    const a = grid.join(1);
    grid.send(a, done(grid.mustTake(a), '0123456789'));
    grid.send(a, done(grid.mustTake(a), '0123456789A'));
    expect([unitState(job, 0), unitState(job, 1)]).toEqual(['validated', 'failed']);
    expect(job.failures.get(1)).toContain('The result has 11 bytes; the job allows 10.');
  });

  it('JU6: when a unit fails, results that waited are inconclusive and wait no more', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, limits: { maxErrors: 1 } });
    const [a, b] = [grid.join(1), grid.join(2)];
    const [x, y] = [grid.mustTake(a), grid.mustTake(b)];
    grid.send(a, done(x));
    grid.send(b, threw(y));
    expect(states(grid, job)).toEqual([
      [1, 'inconclusive'],
      [2, 'errored'],
    ]);
    expect(account(job, 1)).toMatchObject({ inconclusive: 1, waiting: 0, credit: 0 });
  });

  it('JU7: results that never agree end the unit after maxAttempts, and no more attempts than that are given out', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 3, limits: { maxAttempts: 4 } });
    let taken = 0;
    for (let device = 1; device <= 8; device++) {
      const session = grid.join(device);
      const lease = grid.take(session);
      if (lease === undefined) continue;
      taken += 1;
      grid.send(session, done(lease, `answer ${device}`));
    }
    expect(taken).toBe(4);
    expect(job.failures.get(0)).toBe('No 3 results agree after 4 attempts.');
  });

  it('JU7: a quorum above maxAttempts gives out maxAttempts attempts at once, and fails', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, quorum: 5, limits: { maxAttempts: 2 } });
    const [a, b, c] = [grid.join(1), grid.join(2), grid.join(3)];
    const [x, y] = [grid.mustTake(a), grid.mustTake(b)];
    expect(grid.take(c)).toBeUndefined();
    grid.send(a, done(x));
    grid.send(b, done(y));
    expect(job.failures.get(0)).toBe('No 5 results agree after 2 attempts.');
  });
});
