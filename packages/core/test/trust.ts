import type { Job, Session } from '../src/index.ts';
import type { Record } from '../src/trust/odds.ts';
import { apprenticeship } from '../src/trust/odds.ts';
import { recordIn } from '../src/trust/record.ts';
import type { Standing } from '../src/trust/standing.ts';
import { standingIn, USUAL_ERROR_RATE } from '../src/trust/standing.ts';
import type { Grid, JobWish } from './grid.ts';
import { done } from './grid.ts';

/** The coin of spot checks: everything is checked, or nothing that need not be. */
export const ALWAYS = (): number => 0;
export const NEVER = (): number => 0.999;

export const RIGHT = '42';
export const WRONG = '13';

export const adaptive = (wish: JobWish = {}): JobWish => ({
  policy: { kind: 'adaptive', maxErrorRate: USUAL_ERROR_RATE },
  ...wish,
});

/** Checks after which a device of which nothing is known is first trusted. */
export const firstTrust = (grid: Grid): number =>
  Math.floor(apprenticeship({ survived: 0, caught: 0 }, grid.scheduler.book.liars, USUAL_ERROR_RATE)) + 1;

/** Takes one lease and returns one result for all of its units; gives the units. */
export const turn = (grid: Grid, session: Session, text = RIGHT): number[] => {
  const lease = grid.mustTake(session);
  grid.send(session, done(lease, text));
  return lease.units;
};

/** The sessions compute in turns, each with an answer of its own if it has one, until none is given anything. */
export const exhaust = (
  grid: Grid,
  sessions: readonly Session[],
  answers: ReadonlyMap<Session, string> = new Map(),
) => {
  for (let idle = 0, round = 0; idle < sessions.length; round++) {
    if (round > 10_000) throw new Error('there is no end');
    const session = sessions[round % sessions.length]!;
    const lease = grid.take(session);
    idle = lease === undefined ? idle + 1 : 0;
    if (lease !== undefined) grid.send(session, done(lease, answers.get(session) ?? RIGHT));
  }
};

/** The devices confirm each other in a job of its own until each has survived so many checks more. */
export const school = (grid: Grid, sessions: readonly Session[], checks = 6 * firstTrust(grid)): Job => {
  const job = grid.job({ total: checks, quorum: sessions.length, priority: 9 });
  exhaust(grid, sessions);
  return job;
};

export const standing = (grid: Grid, job: Job, device: number): Standing =>
  standingIn(grid.scheduler, grid.of(job), device);
export const known = (grid: Grid, job: Job, device: number): Record => recordIn(grid.scheduler, grid.of(job), device);

/** Of each job: what its account says of a device. */
export const survivedIn = (grid: Grid, device: number): number =>
  [...grid.scheduler.jobs.values()].reduce((sum, job) => sum + (job.accounts.get(device)?.survived ?? 0), 0);
