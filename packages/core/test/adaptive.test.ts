import { describe, expect, it } from 'vitest';
import type { Job } from '../src/index.ts';
import { jobState, unitCounts, unitState } from '../src/index.ts';
import { checkRate, checksToGo, LATER_CHECKS } from '../src/trust/odds.ts';
import { USUAL_ERROR_RATE } from '../src/trust/standing.ts';
import { done, Grid } from './grid.ts';
import { adaptive, ALWAYS, exhaust, firstTrust, known, NEVER, school, standing, turn, WRONG } from './trust.ts';

/** Two or more devices that have earned trust, and an adaptive job. */
const trusted = (total: number, devices = 2, checks?: number) => {
  const grid = new Grid();
  const sessions = Array.from({ length: devices }, (_, at) => grid.join(at + 1));
  school(grid, sessions, checks);
  const job = grid.job(adaptive({ total }));
  return { grid, sessions, job };
};

const kindsOf = (grid: Grid, job: Job, kind: string) => grid.kinds(job).filter((other) => other === kind).length;

describe('adaptive verification', () => {
  it('AD1: results of a new device are always replicated, whatever the coin says', () => {
    const grid = new Grid();
    const job = grid.job(adaptive({ total: firstTrust(grid) - 1 }));
    const [a, b] = [grid.join(1), grid.join(2)];
    grid.chance = NEVER;
    for (let unit = 0; unit < job.total; unit++) turn(grid, a);
    expect(unitCounts(job)).toMatchObject({ active: job.total, provisional: 0, validated: 0 });
    expect(job.ready.size).toBe(job.total);
    exhaust(grid, [b]);
    expect([standing(grid, job, 1), kindsOf(grid, job, 'accepted'), kindsOf(grid, job, 'audited')]).toEqual([
      'new',
      0,
      0,
    ]);
    expect(job.counts).toMatchObject({ validated: job.total, valid: 2 * job.total, single: 0 });
  });

  it('AD1: so are those of a device that has survived one check too few', () => {
    const grid = new Grid();
    const [a, b] = [grid.join(1), grid.join(2)];
    school(grid, [a, b], firstTrust(grid) - 1);
    const job = grid.job(adaptive({ total: 20 }));
    const [unit] = turn(grid, a);
    expect(unitState(job, unit!)).toBe('active');
    turn(grid, b);
    expect([unitState(job, unit!), standing(grid, job, 1)]).toEqual(['validated', 'credible']);
    expect(known(grid, job, 1).survived).toBe(firstTrust(grid));
  });

  it('AD2: one result of a credible device makes a unit provisional: it is not given out again, nor paid', () => {
    const { grid, sessions, job } = trusted(3);
    const [unit] = turn(grid, sessions[0]!);
    expect(unitState(job, unit!)).toBe('provisional');
    expect(unitCounts(job)).toMatchObject({ provisional: 1, active: 0, validated: 0, pending: 2 });
    expect([job.ready.size, job.accounts.get(1)!.credit, job.accounts.get(1)!.waiting]).toEqual([0, 0, 1]);
    expect(turn(grid, sessions[1]!)).not.toContain(unit);
  });

  it('AD3: when chance wants it checked, another device computes it, and both are proved', () => {
    const { grid, sessions, job } = trusted(3);
    const before = [1, 2].map((device) => known(grid, job, device).survived);
    grid.chance = ALWAYS;
    const [unit] = turn(grid, sessions[0]!);
    expect([unitState(job, unit!), kindsOf(grid, job, 'audited'), kindsOf(grid, job, 'accepted')]).toEqual([
      'active',
      1,
      0,
    ]);
    expect(grid.take(sessions[0]!)?.units).not.toContain(unit);
    expect(turn(grid, sessions[1]!)).toEqual([unit]);
    expect(unitState(job, unit!)).toBe('validated');
    expect([1, 2].map((device) => known(grid, job, device).survived)).toEqual(before.map((survived) => survived + 1));
  });

  it('AD3: the coin is tossed for each unit, with the share of the device’s record', () => {
    const { grid, sessions, job } = trusted(50);
    const rate = checkRate(known(grid, job, 1), grid.scheduler.book.liars, USUAL_ERROR_RATE);
    expect(rate).toBeLessThan(0.5);
    for (const [at, coin] of [rate * 0.99, rate * 1.01, rate * 1.01, rate * 0.99].entries()) {
      const lease = grid.mustTake(sessions[0]!);
      grid.chance = () => coin;
      grid.send(sessions[0]!, done(lease));
      grid.chance = NEVER;
      const isChecked = coin < rate;
      expect([at, unitState(job, lease.units[0]!)]).toEqual([at, isChecked ? 'active' : 'provisional']);
    }
    expect([kindsOf(grid, job, 'accepted'), kindsOf(grid, job, 'audited')]).toEqual([2, 2]);
  });

  it('AD4: provisional results are final after later checks, and not one check before', () => {
    const { grid, sessions, job } = trusted(40);
    const early = [turn(grid, sessions[0]!), turn(grid, sessions[0]!)].flat();
    grid.chance = ALWAYS;
    for (let check = 0; check < LATER_CHECKS; check++) {
      expect(early.map((unit) => unitState(job, unit))).toEqual(['provisional', 'provisional']);
      const checked = turn(grid, sessions[0]!);
      expect(turn(grid, sessions[1]!)).toEqual(checked);
    }
    expect(early.map((unit) => unitState(job, unit))).toEqual(['validated', 'validated']);
    expect(job.counts).toMatchObject({ validated: 2 + LATER_CHECKS, single: 2, provisional: 0 });
    expect(job.accounts.get(1)).toMatchObject({ single: 2, credit: 2 + LATER_CHECKS, waiting: 0 });
  });

  it('AD4: a device that was only just trusted has more to survive before', () => {
    const { grid, sessions, job } = trusted(200, 2, 2 * firstTrust(new Grid()) - 5);
    const [a, b] = sessions;
    const [first] = turn(grid, a!);
    expect(unitState(job, first!)).toBe('provisional');
    grid.chance = ALWAYS;
    const togo = () => checksToGo(known(grid, job, 1), grid.scheduler.book.liars, USUAL_ERROR_RATE);
    let checks = 0;
    for (; unitState(job, first!) === 'provisional'; checks++) {
      expect(togo() > 0 || checks < LATER_CHECKS).toBe(true);
      turn(grid, a!);
      turn(grid, b!);
    }
    expect(togo()).toBe(0);
    expect(checks).toBeGreaterThan(LATER_CHECKS);
  });

  it('AD5: a job is complete only when nothing is provisional; then everything is, with one digest each', () => {
    const { grid, sessions, job } = trusted(4);
    for (let unit = 0; unit < 4; unit++) turn(grid, sessions[0]!);
    expect([jobState(job), job.completedAt, job.counts.provisional]).toEqual(['running', null, 4]);
    grid.pass(1000);
    exhaust(grid, sessions);
    expect([jobState(job), job.counts.validated, job.counts.provisional]).toEqual(['completed', 4, 0]);
    expect(job.completedAt).toBe(grid.now);
  });

  it('AD5: a provisional unit survives a restart as such', () => {
    const { grid, sessions, job } = trusted(4);
    const [unit] = turn(grid, sessions[0]!);
    grid.restart();
    expect(unitState(grid.of(job), unit!)).toBe('provisional');
    expect(grid.of(job).accounts.get(1)!.ledger.results).toBe(1);
  });

  it('AD6: results that disagree are decided by the odds: two newcomers do not outvote a credible device', () => {
    const { grid, sessions, job } = trusted(30, 3);
    grid.chance = ALWAYS;
    const [unit] = turn(grid, sessions[0]!);
    for (const number of [11, 12]) expect(turn(grid, grid.join(number), WRONG)).toEqual([unit]);
    expect(unitState(job, unit!)).toBe('active');
    const lease = grid.mustTake(sessions[1]!);
    expect(lease.units).toEqual([unit]);
    grid.send(sessions[1]!, done(lease));
    expect(unitState(job, unit!)).toBe('validated');
    expect(job.attempts.device[job.units.canonical[unit!]!]).toBe(1);
    expect([11, 12].map((device) => standing(grid, job, device))).toEqual(['caught', 'caught']);
    expect([1, 2].map((device) => standing(grid, job, device))).toEqual(['credible', 'credible']);
  });

  it('AD6: two newcomers that agree, and whom nobody contradicts, validate a unit', () => {
    const grid = new Grid();
    const job = grid.job(adaptive({ total: 1 }));
    for (const number of [1, 2]) turn(grid, grid.join(number));
    expect(unitState(job, 0)).toBe('validated');
  });

  it('AD6: a credible device that lies is outvoted by two credible ones', () => {
    const { grid, sessions, job } = trusted(30, 3);
    grid.chance = ALWAYS;
    const [unit] = turn(grid, sessions[0]!, WRONG);
    for (const session of sessions.slice(1)) expect(turn(grid, session)).toEqual([unit]);
    expect(unitState(job, unit!)).toBe('validated');
    expect(job.accounts.get(1)).toMatchObject({ invalid: 1, caught: 1, survived: 0 });
  });

  it('AD6: a late result of a device that was not caught opens a provisional unit again', () => {
    const { grid, sessions, job } = trusted(30, 3);
    const slow = grid.mustTake(sessions[1]!);
    grid.leave(sessions[1]!);
    grid.pass(20_000);
    expect(turn(grid, sessions[0]!)).toEqual(slow.units);
    expect(unitState(job, slow.units[0]!)).toBe('provisional');
    grid.send(grid.join(2), { ...done(slow, WRONG), ticket: slow });
    expect(unitState(job, slow.units[0]!)).toBe('active');
    expect(turn(grid, sessions[2]!)).toEqual(slow.units);
    expect([unitState(job, slow.units[0]!), standing(grid, job, 2)]).toEqual(['validated', 'caught']);
  });
});
