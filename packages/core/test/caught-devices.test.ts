import { describe, expect, it } from 'vitest';
import type { Session } from '../src/index.ts';
import { explainDevice } from '../src/index.ts';
import { apprenticeship } from '../src/trust/odds.ts';
import { USUAL_ERROR_RATE } from '../src/trust/standing.ts';
import { done, Grid } from './grid.ts';
import { adaptive, ALWAYS, known, NEVER, RIGHT, school, standing, turn, WRONG } from './trust.ts';

const LONG = 24 * 3_600_000;

/** Two credible devices, and a third that has just been caught in an adaptive job. */
const scene = (total = 200) => {
  const grid = new Grid();
  const [a, b, liar] = [grid.join(1), grid.join(2), grid.join(3)];
  school(grid, [a, b]);
  const job = grid.job(adaptive({ total }));
  grid.chance = ALWAYS;
  const [unit] = turn(grid, a);
  expect(turn(grid, liar, WRONG)).toEqual([unit]);
  expect(turn(grid, b)).toEqual([unit]);
  grid.chance = NEVER;
  expect(standing(grid, job, 3)).toBe('caught');
  grid.pass(10_000);
  return { grid, a, b, liar, job };
};

describe('devices that were caught', () => {
  it('AD9: they get no fresh units while others are there', () => {
    const { grid, liar, job } = scene();
    const { fresh } = job;
    grid.chance = () => 0.5;
    const lease = grid.take(liar);
    expect([job.fresh, lease?.units.every((unit) => unit < fresh) ?? true]).toEqual([fresh, true]);
  });

  it('AD9: when nobody else is there, they do', () => {
    const { grid, a, b, liar, job } = scene();
    const { fresh } = job;
    for (const session of [a, b]) grid.leave(session);
    expect(turn(grid, liar)).toEqual([fresh]);
  });

  it('SG17: those who may not be given the job are not there', () => {
    const { grid, a, b, liar, job } = scene();
    const { fresh } = job;
    for (const { device } of [a, b]) grid.scheduler.devices.get(device)!.apart = true;
    grid.pass(10_000);
    expect(turn(grid, liar)).toEqual([fresh]);
  });

  it('SG17: nor are the public’s devices there for a job of the playground', () => {
    const { grid, liar, job } = scene();
    const { fresh } = job;
    job.clearance = { kind: 'playground' };
    Object.assign(grid.scheduler.devices.get(liar.device)!, { apart: true, optedIn: true });
    grid.pass(10_000);
    expect(turn(grid, liar)).toEqual([fresh]);
  });

  it('AD10: they rest between two leases, and longer each time that they are caught', () => {
    const restOf = (grid: Grid, liar: Session): number => {
      let waited = 0;
      for (; grid.take(liar) === undefined; waited += 1000) grid.pass(1000);
      return waited;
    };
    const { grid, a, b, liar, job } = scene();
    const busy = () => {
      grid.chance = ALWAYS;
      const [unit] = turn(grid, a);
      grid.chance = NEVER;
      return unit!;
    };
    const unit = busy();
    expect(turn(grid, liar)).toEqual([unit]);
    busy();
    expect(grid.take(liar)).toBeUndefined();
    expect(explainDevice(grid.scheduler, 3, grid.now)).toMatch(/it was caught .*tried again in \d+ s/);
    const first = restOf(grid, liar);
    expect(first).toBeGreaterThan(0);
    // Caught once more: the result that it holds now is wrong.
    const [lease] = grid.scheduler.leasesOf.get(3)!;
    grid.send(liar, done(grid.given(lease!), WRONG));
    turn(grid, b);
    expect(known(grid, job, 3).caught).toBe(2);
    grid.pass(LONG);
    busy();
    turn(grid, liar);
    busy();
    expect(restOf(grid, liar)).toBeGreaterThan(first);
  });

  it('AD10: under a fixed quorum all devices are alike', () => {
    const { grid, liar } = scene();
    grid.job({ total: 20, priority: 5 });
    const units = [turn(grid, liar), turn(grid, liar), turn(grid, liar)].flat();
    expect(new Set(units).size).toBe(3);
  });

  it('AD11: they are trusted again once they have survived more checks than a newcomer must', () => {
    const { grid, a, liar, job } = scene(400);
    const needed = () => apprenticeship(known(grid, job, 3), grid.scheduler.book.liars, USUAL_ERROR_RATE);
    expect(needed()).toBeGreaterThan(
      apprenticeship({ survived: 0, caught: 0 }, grid.scheduler.book.liars, USUAL_ERROR_RATE),
    );
    let checks = 0;
    for (; standing(grid, job, 3) === 'caught'; checks++) {
      grid.chance = ALWAYS;
      turn(grid, a);
      turn(grid, liar, RIGHT);
      grid.chance = NEVER;
      grid.pass(1000);
      // Its rest; the others live.
      grid.scheduler.lastGrant.clear();
    }
    expect(standing(grid, job, 3)).toBe('credible');
    expect(checks).toBe(Math.floor(needed()) + 1);
  });

  it('AD12: newcomers are given checks of credible devices’ results first, which others leave to them', () => {
    const grid = new Grid();
    const [a, b] = [grid.join(1), grid.join(2)];
    school(grid, [a, b]);
    const job = grid.job(adaptive({ total: 50 }));
    const newcomer = grid.join(3);
    grid.chance = ALWAYS;
    const [unit] = turn(grid, a);
    grid.chance = NEVER;
    expect(grid.mustTake(b).units).toEqual([job.fresh - 1]);
    expect(job.ready.has(unit!)).toBe(true);
    expect(turn(grid, newcomer)).toEqual([unit]);
    expect(known(grid, job, 3).survived).toBe(1);
  });

  it('AD12: where no newcomer is, credible devices take them before fresh units', () => {
    const grid = new Grid();
    const [a, b] = [grid.join(1), grid.join(2)];
    school(grid, [a, b]);
    grid.job(adaptive({ total: 50 }));
    grid.chance = ALWAYS;
    const [unit] = turn(grid, a);
    expect(grid.mustTake(b).units).toEqual([unit]);
  });
});
