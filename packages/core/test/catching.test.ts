import { describe, expect, it } from 'vitest';
import type { Job } from '../src/index.ts';
import { jobState, unitState } from '../src/index.ts';
import { Grid } from './grid.ts';
import { adaptive, ALWAYS, exhaust, known, NEVER, RIGHT, school, standing, survivedIn, turn, WRONG } from './trust.ts';

const caughtFacts = (grid: Grid, job: Job) =>
  grid.facts(job).flatMap((fact) => (fact.kind === 'caught' ? [[fact.device, fact.here]] : []));

/** A credible device has provisional results in two jobs; its next one, in the second of them, will be checked. */
const scene = (volunteers: { 4?: string } = {}) => {
  const grid = new Grid();
  const [a, b, c] = [grid.join(1), grid.join(2), grid.join(3)];
  const fellow = grid.join(4, 1, { volunteer: volunteers[4] ?? 'volunteer 4' });
  school(grid, [a, b, c]);
  const other = school(grid, [fellow, b, c]);
  const first = grid.job(adaptive({ total: 60 }));
  const early = [turn(grid, a), turn(grid, a)].flat();
  const fellows = turn(grid, fellow);
  const second = grid.job(adaptive({ total: 60, priority: 1 }));
  const late = turn(grid, a);
  expect([first.counts.provisional, second.counts.provisional]).toEqual([3, 1]);
  const lie = () => {
    grid.chance = ALWAYS;
    const [unit] = turn(grid, a, WRONG);
    for (const session of [b, c]) expect(turn(grid, session)).toEqual([unit]);
    grid.chance = NEVER;
    return unit!;
  };
  return { grid, a, b, c, first, second, early, late, fellows, lie, other };
};

describe('catching a device', () => {
  it('CA1: a wrong result opens all that stands on its device’s word again, in all jobs', () => {
    const { grid, first, second, early, late, fellows, lie } = scene();
    const unit = lie();
    expect([unitState(second, unit), ...late.map((at) => unitState(second, at))]).toEqual(['validated', 'active']);
    expect(early.map((at) => unitState(first, at))).toEqual(['active', 'active']);
    expect(fellows.map((at) => unitState(first, at))).toEqual(['provisional']);
    expect([first.counts.reopened, second.counts.reopened]).toEqual([2, 1]);
    expect([caughtFacts(grid, first), caughtFacts(grid, second)]).toEqual([[[1, false]], [[1, true]]]);
  });

  it('CA2: what it has earned is gone, in all jobs, and it is checked again', () => {
    const { grid, first, second, lie } = scene();
    expect(survivedIn(grid, 1)).toBeGreaterThan(0);
    lie();
    expect([survivedIn(grid, 1), grid.scheduler.book.survivedBy(1), grid.scheduler.book.caught(1)]).toEqual([0, 0, 1]);
    expect([first, second].map((job) => standing(grid, job, 1))).toEqual(['caught', 'caught']);
    expect(second.accounts.get(1)).toMatchObject({ invalid: 1, caught: 1, credit: 0 });
    for (const job of grid.scheduler.jobs.values()) expect(job.accounts.get(1)?.ledger.isEmpty ?? true).toBe(true);
  });

  it('CA1: the units are computed again, and a right result of it still speaks beside the new one', () => {
    const { grid, b, c, first, second, early, late, lie } = scene();
    lie();
    grid.pass(1000);
    exhaust(grid, [b, c]);
    for (const session of [b, c]) grid.leave(session);
    expect([...early.map((at) => unitState(first, at)), ...late.map((at) => unitState(second, at))]).toEqual([
      'validated',
      'validated',
      'validated',
    ]);
    for (const unit of early) expect(first.attempts.device[first.units.canonical[unit]!]).toBe(1);
  });

  it('CA1: wrong results that were provisional never become final', () => {
    const grid = new Grid();
    const [a, b, c] = [grid.join(1), grid.join(2), grid.join(3)];
    school(grid, [a, b, c]);
    const job = grid.job(adaptive({ total: 12 }));
    const lies = [turn(grid, a, WRONG), turn(grid, a, WRONG), turn(grid, a, WRONG)].flat();
    expect(lies.map((unit) => unitState(job, unit))).toEqual(lies.map(() => 'provisional'));
    grid.chance = ALWAYS;
    turn(grid, a, WRONG);
    for (const session of [b, c]) turn(grid, session);
    exhaust(grid, [b, c]);
    expect(jobState(job)).toBe('completed');
    for (const unit of lies) expect(job.attempts.device[job.units.canonical[unit]!]).not.toBe(1);
    expect(job.accounts.get(1)).toMatchObject({ invalid: 4, valid: 0, credit: 0 });
  });

  it('CA3: its volunteer’s other devices fall, too', () => {
    const { grid, first, fellows, lie } = scene({ 4: 'volunteer 1' });
    expect(standing(grid, first, 4)).toBe('credible');
    lie();
    expect(known(grid, first, 4)).toEqual({ survived: 0, caught: 1 });
    expect(standing(grid, first, 4)).toBe('caught');
    expect(fellows.map((at) => unitState(first, at))).toEqual(['active']);
    expect(grid.scheduler.book.caught(4)).toBe(0);
  });

  it('CA3: and other volunteers’ devices do not', () => {
    const { grid, first, lie } = scene();
    const before = known(grid, first, 4);
    lie();
    expect(known(grid, first, 4)).toEqual(before);
    expect(standing(grid, first, 2)).toBe('credible');
  });

  it('CA4: it is the same after a restart, and nobody is caught twice for it', () => {
    const { grid, first, second, lie } = scene();
    lie();
    const before = [first, second].map((job) => [known(grid, job, 1), grid.of(job).counts]);
    const facts = [first, second].map((job) => caughtFacts(grid, job));
    grid.restart();
    expect([first, second].map((job) => [known(grid, job, 1), grid.of(job).counts])).toEqual(before);
    expect([first, second].map((job) => caughtFacts(grid, job))).toEqual(facts);
  });

  it('CA4: a crash between the writes to the logs of two jobs is made good', () => {
    const { grid, first, second, early, lie } = scene();
    lie();
    grid.tear(first);
    expect(early.map((at) => unitState(grid.of(first), at))).toEqual(['active', 'active']);
    expect(caughtFacts(grid, first)).toEqual([[1, false]]);
    expect(survivedIn(grid, 1)).toBe(0);
    expect(caughtFacts(grid, second)).toEqual([[1, true]]);
  });

  // catchAgain looks at the caught device alone, not at its volunteer's others.
  it('CA4: also where it was another device of the volunteer that was to fall in the other job', () => {
    const { grid, lie, other } = scene({ 4: 'volunteer 1' });
    lie();
    expect(survivedIn(grid, 4)).toBe(0);
    grid.tear(other);
    expect(survivedIn(grid, 4)).toBe(0);
  });
});

describe('devices of another class', () => {
  const outvoted = (wish: Parameters<typeof adaptive>[0], classes: ('chromium' | 'firefox')[]) => {
    const grid = new Grid();
    const sessions = classes.map((kind, at) => grid.join(at + 1, 1, { class: kind }));
    school(grid, sessions);
    const first = grid.job(adaptive({ total: 40 }));
    const [early] = turn(grid, sessions[0]!);
    const job = grid.job(adaptive({ total: 40, priority: 1, ...wish }));
    grid.chance = ALWAYS;
    turn(grid, sessions[0]!, WRONG);
    for (const session of sessions.slice(1)) {
      turn(grid, session, RIGHT);
      for (const request of grid.judgements.splice(0))
        grid.verdict(request, request.kind === 'same' && request.reference === 0 ? 'no' : 'yes');
    }
    expect(job.accounts.get(1)).toMatchObject({ invalid: 1, caught: 1 });
    return { grid, job, first, early: early! };
  };

  it('CA5: a device that only devices of other classes outvoted is distrusted in this job alone', () => {
    const { grid, job, first, early } = outvoted({}, ['firefox', 'chromium', 'chromium']);
    expect([standing(grid, job, 1), standing(grid, first, 1)]).toEqual(['caught', 'credible']);
    expect(unitState(first, early)).toBe('provisional');
    expect([grid.scheduler.book.caught(1), job.accounts.get(1)!.foreign]).toEqual([0, 1]);
    grid.restart();
    expect([standing(grid, job, 1), standing(grid, first, 1)]).toEqual(['caught', 'credible']);
    expect(unitState(grid.of(first), early)).toBe('provisional');
  });

  it('CA5: one of its own class among them, or a comparison that allows for it, makes it a matter of the grid', () => {
    const own = outvoted({}, ['firefox', 'chromium', 'firefox']);
    const lenient = outvoted({ comparison: { kind: 'tolerance', absolute: 1 } }, ['firefox', 'chromium', 'chromium']);
    for (const { grid, first, early } of [own, lenient]) {
      expect(standing(grid, first, 1)).toBe('caught');
      expect(unitState(first, early)).toBe('active');
    }
  });
});
