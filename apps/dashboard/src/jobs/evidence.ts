import type { ErrorEstimate, JobEstimate } from '@gossamer/protocol';
import { count, share, span } from '../words.ts';

/** One line of what speaks for the final results of a job. */
export interface Evidence {
  label: string;
  value: string;
  meaning: string;
}

/** What the error estimate rests on, line by line. */
export const evidenceOf = (estimate: ErrorEstimate): Evidence[] => [
  {
    label: 'Stated target',
    value: share(estimate.maxErrorRate),
    meaning: 'of the final results may be wrong, as its submitter states',
  },
  {
    label: 'Estimated',
    value: share(estimate.rate),
    meaning: `of them are wrong, if ${share(estimate.assumedLiars)} of all devices lie, in league with each other`,
  },
  {
    label: 'Confirmed',
    value: count(estimate.confirmed),
    meaning: 'final results on which independent attempts agree',
  },
  {
    label: 'Single',
    value: count(estimate.single),
    meaning: 'final results of one device that has survived later checks',
  },
  {
    label: 'Compared',
    value: count(estimate.checks),
    meaning: `results that were compared with others; ${count(estimate.failedChecks)} of them were found wrong`,
  },
  {
    label: 'Caught',
    value: count(estimate.caught),
    meaning: `times that a device was caught here; ${count(estimate.revoked)} results that stood on its word were taken back`,
  },
];

/** What a job costs, in words. */
export const costWords = ({ attemptsPerUnit, unitMs, computeMs, credit }: JobEstimate): string =>
  `About ${span(computeMs)} of run time over all devices, and ${count(Math.round(credit))} credit, for the whole job: ` +
  `${attemptsPerUnit.toFixed(2)} attempts a unit so far, of ${span(unitMs)} each.`;
