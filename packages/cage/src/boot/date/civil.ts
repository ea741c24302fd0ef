import { NativeDate } from '../primordials.ts';

const { UTC } = NativeDate;
const { floor } = Math;

const DAY_MS = 86_400_000;
/** The Gregorian calendar repeats after so many years, which are so many days. */
const CYCLE_YEARS = 400;
const CYCLE_DAYS = 146_097;
/** The last instant that a `Date` can be, ms (ECMA-262, "Time Values and Time Range"). */
const LAST = 8.64e15;

/**
 * The instant of a date and time, ms since the epoch, or NaN where one of them is none. As in browsers a month has 31 days: the
 * 31st of February is the 2nd or 3rd of March. Hour 24 is the end of the day. `offset`: of the zone, minutes east of UTC.
 */
export const instantOf = (
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  ms: number,
  offset: number,
): number => {
  if (month < 1 || month > 12 || day < 1 || day > 31) return NaN;
  if (hour > 24 || minute > 59 || second > 59 || (hour === 24 && minute + second + ms > 0)) return NaN;
  // `Date.UTC` takes years below 100 for those of the last century.
  const cycles = floor((year - 2000) / CYCLE_YEARS);
  const time = UTC(year - cycles * CYCLE_YEARS, month - 1, day, hour, minute - offset, second, ms);
  const at = time + cycles * CYCLE_DAYS * DAY_MS;
  return at >= -LAST && at <= LAST ? at : NaN;
};
