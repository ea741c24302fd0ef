import { charCodeAt, stringSlice } from '../primordials.ts';
import { instantOf } from './civil.ts';
import { COLON, digitAt, DOT, letterAt, millisecondsAt, MINUS, pastDigits, PLUS } from './letters.ts';
import { wordOf } from './vocabulary.ts';

const OPEN = 40;
const CLOSE = 41;
/** More digits change no number any more: it is none of a date. */
const MOST = 1e9;

const isDay = (number: number): boolean => number >= 1 && number <= 31;

/** Two digits are years from 1950 to 2049. */
const yearOf = (number: number): number => (number < 50 ? number + 2000 : number < 100 ? number + 1900 : number);

/**
 * Which of the numbers are year, month and day. `month`: the one that is named, or 0. A number that can be no day comes first
 * where it is a year; else the month comes before the day.
 */
const onDay = (
  first: number,
  second: number,
  third: number,
  month: number,
  then: (year: number, month: number, day: number) => number,
): number => {
  if (month > 0) return isDay(first) ? then(yearOf(second), month, first) : then(yearOf(first), month, second);
  return isDay(first) ? then(yearOf(third), first, second) : then(yearOf(first), second, third);
};

/**
 * The instant that a text in words and numbers is (`Jan 2, 2000 10:00 PM +0100`, `01/02/2000`, `2-Jan-2000`), ms since the
 * epoch, or NaN. Browsers differ in what they take here and read it in their user's zone: this reads what V8 does, everywhere,
 * and in UTC where the text names no zone.
 */
export const readWords = (text: string): number => {
  const { length } = text;
  /** Numbers that are no time, and how many. */
  let first = 1;
  let second = 1;
  let third = 1;
  let count = 0;
  let month = 0;
  let hour = -1;
  let minute = 0;
  let seconds = 0;
  let ms = 0;
  /** The first hour of the half of the day that is named. */
  let half = -1;
  /** Minutes east of UTC. */
  let offset = 0;
  let hasZone = false;
  let hasNumber = false;
  let at = 0;

  const number = (): number => {
    let value = 0;
    for (; digitAt(text, at) >= 0; at++) value = value < MOST ? value * 10 + digitAt(text, at) : value;
    return value;
  };
  const isAt = (mark: number): boolean => charCodeAt(text, at) === mark;
  /** The number behind the colon at this place; -1 where there is none. */
  const behindColon = (): number => {
    at += 1;
    return digitAt(text, at) < 0 ? -1 : number();
  };

  while (at < length) {
    const code = charCodeAt(text, at);
    const from = at;
    if (digitAt(text, at) >= 0) {
      const value = number();
      hasNumber = true;
      if (isAt(COLON)) {
        minute = behindColon();
        if (hour >= 0 || minute < 0) return NaN;
        hour = value;
        if (!isAt(COLON)) continue;
        seconds = behindColon();
        if (seconds < 0) return NaN;
        if (!isAt(DOT)) continue;
        ms = millisecondsAt(text, at + 1);
        at = pastDigits(text, at + 1);
        continue;
      }
      count += 1;
      if (count === 1) first = value;
      else if (count === 2) second = value;
      else if (count === 3) third = value;
      else return NaN;
      if (isAt(MINUS)) at += 1;
    } else if (letterAt(text, at) > 0) {
      while (letterAt(text, at) > 0) at += 1;
      const word = wordOf(stringSlice(text, from, at));
      if (word?.kind === 'month') {
        month = word.value;
        if (isAt(MINUS)) at += 1;
      } else if (word?.kind === 'half' && hour >= 0) half = word.value;
      else if (word?.kind === 'zone' && hasNumber) {
        offset = word.value * 60;
        hasZone = true;
      } else if (hasNumber || digitAt(text, at) >= 0) return NaN;
    } else if ((code === PLUS || code === MINUS) && (hour >= 0 || hasZone)) {
      at += 1;
      const begin = at;
      const value = number();
      const digits = at - begin;
      if (digits === 0) return NaN;
      // `+1`, `+01` and `+01:30`, or `+0130`.
      const isWhole = digits > 2 && !isAt(COLON);
      const minutes = isWhole ? value % 100 : isAt(COLON) ? behindColon() : 0;
      if (minutes < 0) return NaN;
      const east = (isWhole ? (value - minutes) / 100 : value) * 60 + minutes;
      offset = code === MINUS ? -east : east;
      hasZone = true;
    } else if (code === OPEN) {
      for (let depth = 0; at < length; at++) {
        if (isAt(OPEN)) depth += 1;
        else if (isAt(CLOSE)) depth -= 1;
        if (depth === 0) break;
      }
      at += 1;
    } else {
      if (hasNumber && (code === PLUS || code === MINUS || code === CLOSE)) return NaN;
      at += 1;
    }
  }

  if (count === 0) return NaN;
  if (half >= 0) {
    if (hour > 12) return NaN;
    hour = (hour % 12) + half;
  }
  return onDay(first, second, third, month, (year, ofYear, day) =>
    instantOf(year, ofYear, day, hour < 0 ? 0 : hour, minute, seconds, ms, offset),
  );
};
