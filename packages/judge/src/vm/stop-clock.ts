/** The instant at which a program runs, as in the cage: 2000-01-01T00:00:00Z, ms since the epoch. */
const INSTANT = 946_684_800_000;

const FIELDS = ['Seconds', 'Minutes', 'Hours', 'Date', 'Month', 'FullYear', 'Day'] as const;

/**
 * Stops this thread's clock, in UTC: the engine takes its time, its zone and the seed of `Math.random` from the thread's
 * `Date`, and a verdict must not depend on when or where it is given. Only for the judge's own thread.
 */
export const stopClock = (): void => {
  Date.now = () => INSTANT;
  Date.prototype.getTimezoneOffset = () => 0;
  for (const field of FIELDS) Date.prototype[`get${field}`] = Date.prototype[`getUTC${field}`];
};
