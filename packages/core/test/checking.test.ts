import { describe, expect, it } from 'vitest';
import { unitRow, unitState } from '../src/index.ts';
import { account, done, Grid } from './grid.ts';
import { RIGHT, turn, WRONG } from './trust.ts';

const scene = (total = 3) => {
  const grid = new Grid();
  const job = grid.job({ total, policy: { kind: 'check' }, credit: 2 });
  return { grid, job, a: grid.join(1), b: grid.join(2) };
};

describe('verification by the program’s own check', () => {
  it('CK1: the check is asked about one result, once; its yes validates the unit', () => {
    const { grid, job, a, b } = scene();
    const [unit] = turn(grid, a);
    expect(grid.judgements).toEqual([{ kind: 'check', job: job.number, unit: 0, candidate: 0 }]);
    expect(unitState(job, unit!)).toBe('active');
    expect(turn(grid, b)).not.toContain(unit);
    grid.verdict(grid.judgements[0]!, 'yes');
    expect([unitState(job, unit!), account(job, 1)!.credit, account(job, 1)!.valid]).toEqual(['validated', 2, 1]);
    grid.verdict(grid.judgements[0]!, 'yes');
    grid.verdict(grid.judgements[0]!, 'no');
    expect(account(job, 1)).toMatchObject({ valid: 1, invalid: 0, credit: 2 });
  });

  it('CK2: its no makes the result invalid and catches the device; the unit is given to another one', () => {
    const { grid, job, a, b } = scene(1);
    turn(grid, a, WRONG);
    expect(grid.take(b)).toBeUndefined();
    grid.verdict(grid.judgements.splice(0)[0]!, 'no');
    expect(grid.woken).toBe(true);
    expect([unitState(job, 0), account(job, 1)!.invalid, account(job, 1)!.credit]).toEqual(['pending', 1, 0]);
    expect([account(job, 1)!.caught, grid.scheduler.book.caught(1)]).toEqual([1, 1]);
    expect(grid.take(a)).toBeUndefined();
    expect(turn(grid, b, RIGHT)).toEqual([0]);
    grid.verdict(grid.judgements.splice(0)[0]!, 'yes');
    expect(unitRow(grid.scheduler, job, 0)).toMatchObject({
      state: 'validated',
      attempts: [{ state: 'invalid' }, { state: 'valid' }],
    });
  });

  it('CK2: results that never pass end the unit', () => {
    const grid = new Grid();
    const job = grid.job({ total: 1, policy: { kind: 'check' }, limits: { maxAttempts: 2 } });
    for (const number of [1, 2]) {
      turn(grid, grid.join(number), WRONG);
      grid.verdict(grid.judgements.splice(0)[0]!, 'no');
    }
    expect(job.failures.get(0)).toBe('No result passes the check after 2 attempts.');
  });

  it('CK3: a check that fails fails the unit, with the reason, and accuses nobody', () => {
    const { grid, job, a } = scene(1);
    turn(grid, a);
    grid.verdict(grid.judgements[0]!, { failed: 'no such field' });
    expect(unitRow(grid.scheduler, job, 0)).toMatchObject({
      state: 'failed',
      reason: "The program's check could not tell: no such field",
      attempts: [{ state: 'inconclusive' }],
    });
    expect([account(job, 1)!.waiting, grid.scheduler.book.caught(1)]).toEqual([0, 0]);
  });

  it('CK4: a late result is checked for itself, and what comes of it leaves the unit as it is', () => {
    for (const answer of ['yes', 'no', { failed: 'it threw' }] as const) {
      const { grid, job, a, b } = scene(1);
      const slow = grid.mustTake(a);
      grid.leave(a);
      grid.pass(20_000);
      turn(grid, b);
      grid.verdict(grid.judgements.splice(0)[0]!, 'yes');
      grid.send(grid.join(1), { ...done(slow, 'another answer'), ticket: slow });
      expect(grid.judgements).toEqual([{ kind: 'check', job: job.number, unit: 0, candidate: 1 }]);
      grid.verdict(grid.judgements[0]!, answer);
      const state = answer === 'yes' ? 'valid' : answer === 'no' ? 'invalid' : 'inconclusive';
      expect(unitRow(grid.scheduler, job, 0)).toMatchObject({
        state: 'validated',
        attempts: [{ state: 'valid' }, { state }],
      });
      expect([account(job, 1)!.credit, grid.scheduler.book.caught(1)]).toEqual([
        answer === 'yes' ? 2 : 0,
        answer === 'no' ? 1 : 0,
      ]);
    }
  });

  it('CK5: after a crash it is asked again', () => {
    const { grid, job, a } = scene(1);
    turn(grid, a);
    const asked = grid.judgements;
    grid.restart();
    expect(grid.judgements).toEqual(asked);
    grid.verdict(asked[0]!, 'yes');
    expect(unitState(grid.of(job), 0)).toBe('validated');
  });
});
