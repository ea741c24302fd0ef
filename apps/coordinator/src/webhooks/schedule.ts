const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * How long after a try that failed the next one comes, ms: the schedule that Standard Webhooks recommends, ten tries over
 * a little more than three days.
 */
export const RETRIES_MS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** By so much each may be shorter or longer, that receivers that were away together are not met by all at once. */
const JITTER = 0.2;

/** Until the next try after `tried` ones, ms; null: there is none. `chance` gives numbers from 0 up to, without, 1. */
export const retryAfter = (tried: number, chance: () => number, retries = RETRIES_MS): number | null => {
  const base = retries[tried - 1];
  return base === undefined ? null : Math.round(base * (1 - JITTER + 2 * JITTER * chance()));
};
