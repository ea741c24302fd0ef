import { describe, expect, it } from 'vitest';
import type { Session } from '../src/index.ts';
import { attemptCounts, unitRow } from '../src/index.ts';
import { account, Grid } from './grid.ts';
import { turn, WRONG } from './trust.ts';

/** Two devices agree on unit 0; the first one and an honest one on unit 1. Later both of them are caught. */
const scene = (quorum = 2) => {
  const grid = new Grid();
  const [a, x, b, c, d] = [1, 2, 3, 4, 5].map((number) => grid.join(number)) as [
    Session,
    Session,
    Session,
    Session,
    Session,
  ];
  const job = grid.job({ total: 2, quorum, credit: 3 });
  turn(grid, a);
  if (quorum > 1) turn(grid, x);
  turn(grid, a);
  if (quorum > 1) turn(grid, b);
  expect(job.counts.validated).toBe(2);
  const lie = (liar: Session) => {
    grid.job({ total: 1, quorum: 2, priority: 5 });
    turn(grid, liar, WRONG);
    turn(grid, c);
    turn(grid, d);
  };
  return { grid, job, lies: [() => lie(a), () => lie(x)] };
};

const states = (grid: Grid, job: ReturnType<Grid['job']>, unit: number) =>
  unitRow(grid.scheduler, grid.of(job), unit).attempts.map(({ state }) => state);

describe('credit of devices that were caught', () => {
  it('CA6: credit that rests on the agreement of caught devices alone is taken back', () => {
    const { grid, job, lies } = scene();
    expect([account(job, 1)!.credit, account(job, 2)!.credit, account(job, 3)!.credit]).toEqual([6, 3, 3]);
    for (const lie of lies) lie();
    expect(states(grid, job, 0)).toEqual(['revoked', 'revoked']);
    expect([account(job, 1)!.credit, account(job, 2)!.credit]).toEqual([3, 0]);
    expect(account(job, 2)).toMatchObject({ valid: 0, revoked: 1 });
    expect(attemptCounts(job)).toMatchObject({ valid: 2, revoked: 2, returned: 0 });
  });

  it('CA6: what a device confirmed that was not caught stays, and the canonical result does in any case', () => {
    const { grid, job, lies } = scene();
    const canonical = [...job.units.canonical];
    lies[0]!();
    expect([states(grid, job, 0), states(grid, job, 1)]).toEqual([
      ['valid', 'valid'],
      ['valid', 'valid'],
    ]);
    lies[1]!();
    expect(states(grid, job, 1)).toEqual(['valid', 'valid']);
    expect(account(job, 3)!.credit).toBe(3);
    expect([[...job.units.canonical], job.counts.validated]).toEqual([canonical, 2]);
  });

  it('CA6: it is taken back once, and stays so after a restart', () => {
    const { grid, job, lies } = scene();
    for (const lie of [...lies, ...lies]) lie();
    expect(account(job, 1)!.credit).toBe(3);
    grid.restart();
    expect(account(grid.of(job), 1)!.credit).toBe(3);
    expect(grid.kinds(job).filter((kind) => kind === 'revoked')).toHaveLength(1);
  });

  it('CA6: where one result was enough by the policy, there is nothing to take back', () => {
    const { grid, job, lies } = scene(1);
    for (const lie of lies) lie();
    expect(account(job, 1)!.credit).toBe(6);
    expect(states(grid, job, 0)).toEqual(['valid']);
  });
});
