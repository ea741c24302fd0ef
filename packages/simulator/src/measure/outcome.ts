import { unitState } from '@gossamer/core';
import type { SimJob } from '../grid/sim-job.ts';
import { RIGHT } from '../population/liars.ts';
import { poissonUpper95 } from '../stats/poisson.ts';

/** What became of a job. Times in virtual ms. */
export interface Outcome {
  complete: boolean;
  units: number;
  validated: number;
  failed: number;
  /** Attempts that returned, with a result or an error, and these per validated unit. Those that were lost are not in it. */
  attempts: number;
  attemptsPerUnit: number;
  /** Attempts that ended with nothing, per validated unit. */
  lostPerUnit: number;
  /** Final results that are wrong. */
  wrongFinal: number;
  /** Results that were wrong when they became final. */
  wrongWhenFinal: number;
  /**
   * Upper bound, at 95%, of the mean number of wrong final results, as if they came one by one (Poisson). Those of one
   * liar come together, so that the true bound is wider where few liars made them.
   */
  wrongUpper95: number;
  /** Results taken back: they were provisional, and their device was caught. */
  revoked: number;
  /** Right results that were found invalid. */
  wronged: number;
  /** Devices that were caught, and credit that these keep for wrong results; and that all devices do. */
  caught: number;
  caughtKeep: number;
  wrongCredit: number;
  /** From the job's creation to its completion; null when it is not complete. */
  makespan: number | null;
  /** Virtual time until then, from the beginning of the world. */
  simulatedSeconds: number | null;
}

const wrongAmong = ({ job, truth }: SimJob): number => {
  let wrong = 0;
  for (let unit = 0; unit < job.units.length; unit++) {
    if (unitState(job, unit) !== 'validated') continue;
    if (truth.codeAt(job.units.canonical[unit]!) !== RIGHT) wrong += 1;
  }
  return wrong;
};

export const outcomeOf = (simulated: SimJob): Outcome => {
  const { job, truth, createdAt, completedAt, plan } = simulated;
  const wrongFinal = wrongAmong(simulated);
  const { validated } = truth;
  const attempts = truth.returned + truth.errored;
  const caught = new Set([...job.accounts].filter(([, account]) => account.caught > 0).map(([device]) => device));
  let caughtKeep = 0;
  let wrongCredit = 0;
  for (const [device, credit] of truth.ill) {
    wrongCredit += credit;
    if (caught.has(device)) caughtKeep += credit;
  }
  return {
    complete: completedAt !== null,
    units: plan.units,
    validated,
    failed: job.counts.failed,
    attempts,
    attemptsPerUnit: attempts / Math.max(1, validated),
    lostPerUnit: truth.lost / Math.max(1, validated),
    wrongFinal,
    wrongWhenFinal: truth.wrongWhenFinal,
    wrongUpper95: poissonUpper95(wrongFinal),
    revoked: truth.revoked,
    wronged: truth.wronged,
    caught: caught.size,
    caughtKeep,
    wrongCredit,
    makespan: completedAt === null ? null : completedAt - createdAt,
    simulatedSeconds: completedAt === null ? null : completedAt / 1000,
  };
};
