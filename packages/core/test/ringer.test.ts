import { describe, expect, it } from 'vitest';
import type { Given } from './grid.ts';
import { unitRow, unitState } from '../src/index.ts';
import { done, Grid, threw } from './grid.ts';
import { adaptive, ALWAYS, known, NEVER, RIGHT, school, standing, turn, WRONG } from './trust.ts';

/** Unit 0 is validated by two others; then a credible device takes a lease with a ringer in it. */
const scene = () => {
  const grid = new Grid();
  const [a, b, c] = [grid.join(1), grid.join(2), grid.join(3)];
  school(grid, [a, b, c]);
  const job = grid.job(adaptive({ total: 40, credit: 2 }));
  grid.chance = ALWAYS;
  turn(grid, b);
  turn(grid, c);
  grid.chance = NEVER;
  expect(unitState(job, 0)).toBe('validated');
  return { grid, a, b, job };
};
const withRinger = () => {
  const { grid, a, b, job } = scene();
  grid.chance = ALWAYS;
  const lease = grid.mustTake(a);
  grid.chance = NEVER;
  expect(lease.units).toContain(0);
  return { grid, a, b, job, lease };
};

const answer = (lease: Given, ringer: string) => {
  const report = done(lease, RIGHT);
  report.attempts[lease.units.indexOf(0)]!.body = new TextEncoder().encode(ringer);
  return report;
};

describe('ringers', () => {
  it('AD13: a unit whose result is final can be in a lease, among others', () => {
    const { lease, job } = withRinger();
    expect(lease.units).toHaveLength(2);
    expect(lease.units.filter((unit) => unitState(job, unit) === 'validated')).toEqual([0]);
  });

  it('AD13: it stands anywhere among them, as chance wills, and mostly there is none', () => {
    const { grid, a } = scene();
    expect(grid.mustTake(a).units).not.toContain(0);
    const places = [0, 0.999].map((place) => {
      const other = scene();
      // Whether, which unit, and where.
      const script = [0, 0, place];
      other.grid.chance = () => script.shift() ?? 0.999;
      return other.grid.mustTake(other.a).units.indexOf(0);
    });
    expect(places).toEqual([0, 1]);
  });

  it('AD14: its right result counts as a survived check and is paid; the unit stays as it is', () => {
    const { grid, a, job, lease } = withRinger();
    const before = known(grid, job, 1).survived;
    const canonical = job.units.canonical[0];
    grid.send(a, answer(lease, RIGHT));
    const asked = grid.judgements.splice(0);
    expect(asked).toEqual([{ kind: 'same', job: job.number, unit: 0, reference: 0, candidate: 2 }]);
    expect(known(grid, job, 1).survived).toBe(before);
    grid.verdict(asked[0]!, 'yes');
    expect(known(grid, job, 1).survived).toBe(before + 1);
    expect([job.counts.validated, job.units.canonical[0]]).toEqual([1, canonical]);
    expect(job.accounts.get(1)).toMatchObject({ valid: 1, credit: 2 });
  });

  it('AD15: its wrong result catches the device; the unit stays as it is', () => {
    const { grid, a, b, job, lease } = withRinger();
    const canonical = job.units.canonical[0];
    grid.send(a, answer(lease, WRONG));
    const other = lease.units.find((unit) => unit !== 0)!;
    expect(unitState(job, other)).toBe('provisional');
    grid.verdict(grid.judgements.splice(0)[0]!, 'no');
    expect([standing(grid, job, 1), known(grid, job, 1)]).toEqual(['caught', { survived: 0, caught: 1 }]);
    expect([unitState(job, 0), job.counts.validated, job.units.canonical[0]]).toEqual(['validated', 1, canonical]);
    expect(job.accounts.get(1)).toMatchObject({ invalid: 1, credit: 0 });
    // What stood on its word is computed again.
    expect(unitState(job, other)).toBe('active');
    expect(turn(grid, b)).toEqual([other]);
  });

  it('AD15: one that throws, or is lost, changes nothing', () => {
    for (const end of ['throw', 'leave'] as const) {
      const { grid, a, job, lease } = withRinger();
      const row = () => unitRow(grid.scheduler, job, 0).attempts.filter(({ state }) => state !== 'leased');
      const before = row();
      if (end === 'throw') grid.send(a, threw(lease));
      else grid.leave(a);
      grid.pass(60_000);
      expect([row(), unitState(job, 0), standing(grid, job, 1), grid.judgements]).toEqual([
        before,
        'validated',
        'credible',
        [],
      ]);
      expect(job.holders.has(0)).toBe(false);
    }
  });

  it('AD13: a device gets none of a unit in which it took part, nor in a job where devices may repeat units', () => {
    const { grid, b } = scene();
    grid.chance = ALWAYS;
    expect(grid.mustTake(b).units).not.toContain(0);
    const other = scene();
    other.grid.run((effects) => effects);
    other.job.independence.device = false;
    other.grid.chance = ALWAYS;
    expect(other.grid.mustTake(other.a).units).not.toContain(0);
  });

  it('AD16: a caught device for which there is nothing else is given one, and so proves itself', () => {
    const { grid, a, b, job, lease } = withRinger();
    grid.send(a, answer(lease, WRONG));
    grid.verdict(grid.judgements.splice(0)[0]!, 'no');
    const [redo] = turn(grid, b);
    expect(unitState(job, redo!)).toBe('validated');
    grid.chance = () => 0.001;
    const [next] = turn(grid, b);
    turn(grid, grid.join(3));
    expect(unitState(job, next!)).toBe('validated');
    // It takes part in all units but this one.
    grid.chance = () => (next! + 0.5) / job.fresh;
    expect(job.ready.size).toBe(0);
    const { survived } = known(grid, job, 1);
    const proof = grid.mustTake(a);
    expect(proof.units).toEqual([next]);
    grid.send(a, done(proof));
    grid.verdict(grid.judgements.splice(0)[0]!, 'yes');
    expect(known(grid, job, 1)).toEqual({ survived: survived + 1, caught: 1 });
  });
});
