import { poissonUpper95 } from '../stats/poisson.ts';
import type { Outcome } from './outcome.ts';

/** Null as soon as one is: a job that was not completed has no time. */
const plus = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);

const add = (a: Outcome, b: Outcome): Outcome => ({
  complete: a.complete && b.complete,
  units: a.units + b.units,
  validated: a.validated + b.validated,
  failed: a.failed + b.failed,
  attempts: a.attempts + b.attempts,
  attemptsPerUnit: (a.attempts + b.attempts) / Math.max(1, a.validated + b.validated),
  lostPerUnit: (a.lostPerUnit * a.validated + b.lostPerUnit * b.validated) / Math.max(1, a.validated + b.validated),
  wrongFinal: a.wrongFinal + b.wrongFinal,
  wrongWhenFinal: a.wrongWhenFinal + b.wrongWhenFinal,
  wrongUpper95: poissonUpper95(a.wrongFinal + b.wrongFinal),
  revoked: a.revoked + b.revoked,
  wronged: a.wronged + b.wronged,
  caught: a.caught + b.caught,
  caughtKeep: a.caughtKeep + b.caughtKeep,
  wrongCredit: a.wrongCredit + b.wrongCredit,
  makespan: plus(a.makespan, b.makespan),
  simulatedSeconds: plus(a.simulatedSeconds, b.simulatedSeconds),
});

/** Jobs of several seeds as one: counts are summed, so that rare events are counted, and `makespan` is the mean. */
export const sumOf = (outcomes: readonly Outcome[]): Outcome => {
  const sum = outcomes.reduce(add);
  return { ...sum, makespan: sum.makespan === null ? null : sum.makespan / outcomes.length };
};
