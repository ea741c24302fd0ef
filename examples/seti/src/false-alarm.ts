import { SPECTRA_PER_CELL } from './synthesize.ts';

/**
 * The default threshold. Over 16 rows of the synthetic noise one path exceeds it with a chance of about 2e-14, so among
 * the 2^20 channels x 31 drifts of the demo (3e7 paths) about one observation in a million has a false alarm.
 */
export const DEFAULT_THRESHOLD = 10;

/**
 * The chance that one path over synthetic noise alone exceeds `threshold`.
 *
 * A path's sum, times SPECTRA_PER_CELL, is the sum of n = rows * SPECTRA_PER_CELL unit exponentials: Gamma(n), of mean n
 * and standard deviation sqrt(n). With x = n + threshold * sqrt(n) its upper tail is the Erlang distribution's
 * `exp(-x) * sum(x^j / j!, j < n)`; a Gaussian's tail would be far too small, for the noise is skewed.
 * Times the number of paths this bounds the expected false alarms (paths that overlap are not independent).
 */
export function falseAlarmProbability(rows: number, threshold: number): number {
  const n = rows * SPECTRA_PER_CELL;
  const x = n + threshold * Math.sqrt(n);
  let logTerm = -x;
  let sum = Math.exp(logTerm);
  for (let j = 1; j < n; j++) {
    logTerm += Math.log(x / j);
    sum += Math.exp(logTerm);
  }
  return sum;
}
