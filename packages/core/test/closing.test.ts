import { describe, expect, it } from 'vitest';
import type { Job } from '../src/index.ts';
import { holdJob, jobState, unitState } from '../src/index.ts';
import { LATER_CHECKS } from '../src/trust/odds.ts';
import { done, Grid } from './grid.ts';
import { adaptive, exhaust, firstTrust, school, turn, WRONG } from './trust.ts';

const audited = (grid: Grid, job: Job): number[] =>
  grid.facts(job).flatMap((fact) => (fact.kind === 'audited' ? fact.items.map(({ unit }) => unit) : []));

const LONG = 3_600_000;

const scene = (total: number) => {
  const grid = new Grid();
  const [a, b, c] = [grid.join(1), grid.join(2), grid.join(3)];
  school(grid, [a, b, c]);
  return { grid, a, b, c, job: grid.job(adaptive({ total })) };
};

describe('checks in the end', () => {
  it('AD7: when nothing else is left, as many as are needed are checked, the youngest among them', () => {
    const { grid, a, b, job } = scene(8);
    const units = Array.from({ length: 8 }, () => turn(grid, a)[0]!);
    expect(audited(grid, job)).toEqual([]);
    // Chance would have the oldest.
    grid.chance = () => 0;
    grid.pass(1000);
    const lease = grid.mustTake(b);
    const checks = audited(grid, job);
    expect(checks).toHaveLength(LATER_CHECKS);
    expect(checks).toContain(units.at(-1));
    grid.send(b, done(lease));
    exhaust(grid, [b]);
    expect([jobState(job), job.counts.single]).toEqual(['completed', 8 - LATER_CHECKS]);
  });

  it('AD7: which others are checked is for chance to say', () => {
    const picks = [0, 0.5, 0.99].map((chance) => {
      const { grid, a, b, job } = scene(9);
      for (let unit = 0; unit < 9; unit++) turn(grid, a);
      grid.chance = () => chance;
      grid.pass(1000);
      grid.take(b);
      return audited(grid, job).join();
    });
    expect(new Set(picks).size).toBe(3);
  });

  it('AD7: not while units are left that were never given out, nor while the device computes for the job', () => {
    const { grid, a, b, c, job } = scene(6);
    for (let unit = 0; unit < 4; unit++) turn(grid, a);
    const running = grid.mustTake(a);
    turn(grid, b);
    // Not so late that what a computes would be copied.
    grid.pass(50);
    expect(grid.take(b)).toBeUndefined();
    const alien = () => audited(grid, job).filter((unit) => job.attempts.device[job.units.head[unit]!] === 1);
    expect(alien()).toEqual([]);
    // What b has returned is checked by c.
    exhaust(grid, [c]);
    expect(alien()).toEqual([]);
    grid.send(a, done(running));
    grid.pass(1000);
    expect(grid.mustTake(b).units).toHaveLength(1);
    expect(alien().length).toBeGreaterThan(0);
  });

  it('AD17: not to wait for a device that only checks what others have returned', () => {
    const { grid, a, b, c, job } = scene(5);
    const units = [turn(grid, a), turn(grid, a), turn(grid, a), turn(grid, b), turn(grid, b)];
    const mine = units.slice(3).flat();
    const isMine = () => audited(grid, job).filter((unit) => mine.includes(unit));
    grid.pass(1000);
    // It checks a result of a's, and its own are checked all the same.
    grid.mustTake(b);
    grid.pass(1000);
    exhaust(grid, [c, a]);
    expect(isMine().length).toBe(LATER_CHECKS);
  });

  it('AD7: a parked device is woken for them by time alone', () => {
    const { grid, a, b, job } = scene(3);
    const last = [grid.mustTake(a), grid.mustTake(a), grid.mustTake(a)];
    expect(grid.take(b)).toBeUndefined();
    for (const lease of last) grid.send(a, done(lease));
    grid.pass(1000);
    expect(grid.woken).toBe(true);
    expect(grid.serve().map(({ session }) => session)).toContain(b);
    expect(audited(grid, job).length).toBe(LATER_CHECKS);
  });

  it('AD8: what stands on the word of a device that has gone is checked, though other units are left', () => {
    const { grid, a, b, c, job } = scene(200);
    const units = [turn(grid, a), turn(grid, a), turn(grid, a)].flat();
    grid.leave(a);
    grid.pass(1000);
    turn(grid, b);
    expect(audited(grid, job)).toEqual([]);
    grid.pass(LONG);
    expect(audited(grid, job)).toHaveLength(LATER_CHECKS);
    expect(audited(grid, job)).toContain(units.at(-1));
    for (const session of [b, c, b, c]) turn(grid, session);
    expect(units.map((unit) => unitState(job, unit))).toEqual(['validated', 'validated', 'validated']);
  });

  it('AD8: a device that came back is not gone, and one that goes in a restart is', () => {
    const { grid, a, job } = scene(200);
    turn(grid, a);
    grid.leave(a);
    grid.join(1);
    grid.pass(LONG);
    expect(audited(grid, job)).toEqual([]);
    grid.restart();
    grid.pass(LONG);
    expect(audited(grid, job)).toHaveLength(1);
  });

  it('AD7: of a device that was only just trusted, everything is checked that it must survive yet', () => {
    const grid = new Grid();
    const [a, b] = [grid.join(1), grid.join(2)];
    school(grid, [a, b], firstTrust(grid) + 1);
    const job = grid.job(adaptive({ total: 4 }));
    for (let unit = 0; unit < 4; unit++) turn(grid, a);
    grid.pass(1000);
    exhaust(grid, [b]);
    expect(audited(grid, job).toSorted((x, y) => x - y)).toEqual([0, 1, 2, 3]);
    expect([jobState(job), job.counts.single]).toEqual(['completed', 0]);
  });

  it('AD7: a wrong result that is found in the end opens all that stood on its device’s word', () => {
    const { grid, a, b, c, job } = scene(6);
    for (let unit = 0; unit < 5; unit++) turn(grid, a);
    const [last] = turn(grid, a, WRONG);
    grid.pass(1000);
    exhaust(grid, [b, c]);
    expect(job.accounts.get(1)).toMatchObject({ invalid: 1, caught: 1, single: 0 });
    expect([jobState(job), job.counts.reopened > 0]).toEqual(['completed', true]);
    expect(job.attempts.device[job.units.canonical[last!]!]).not.toBe(1);
  });

  it('AD7: a held job checks nothing', () => {
    const { grid, a, b, job } = scene(2);
    for (let unit = 0; unit < 2; unit++) turn(grid, a);
    grid.run((effects) => holdJob(job, '', grid.now, effects));
    grid.pass(1000);
    expect([grid.take(b), audited(grid, job)]).toEqual([undefined, []]);
  });
});
