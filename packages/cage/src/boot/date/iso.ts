import { charCodeAt } from '../primordials.ts';
import { instantOf } from './civil.ts';
import { COLON, digitAt, DOT, letterAt, millisecondsAt, MINUS, pastDigits, PLUS } from './letters.ts';

const T = 116;
const Z = 122;

/** The number that so many digits at a place are; -1 where they are none. */
const numberAt = (text: string, at: number, digits: number): number => {
  let number = 0;
  for (let i = 0; i < digits; i++) {
    const digit = digitAt(text, at + i);
    if (digit < 0) return -1;
    number = number * 10 + digit;
  }
  return number;
};

/**
 * The instant that a text of the date time string format is (ECMA-262, "Date Time String Format"), ms since the epoch; a time
 * without a zone is one of UTC, where a browser would take its user's. NaN for a date that is none, undefined for a text of
 * another format.
 */
export const readIso = (text: string): number | undefined => {
  const { length } = text;
  let at = 0;
  const sign = charCodeAt(text, 0);
  const isLong = sign === PLUS || sign === MINUS;
  if (isLong) at = 1;
  const years = isLong ? 6 : 4;
  let year = numberAt(text, at, years);
  if (year < 0) return undefined;
  // There is no year -000000.
  if (sign === MINUS) year = year === 0 ? NaN : -year;
  at += years;
  let month = 1;
  let day = 1;
  if (charCodeAt(text, at) === MINUS) {
    month = numberAt(text, at + 1, 2);
    if (month < 0) return undefined;
    at += 3;
    if (charCodeAt(text, at) === MINUS) {
      day = numberAt(text, at + 1, 2);
      if (day < 0) return undefined;
      at += 3;
    }
  }
  if (at === length) return instantOf(year, month, day, 0, 0, 0, 0, 0);

  if (letterAt(text, at) !== T) return undefined;
  const hour = numberAt(text, at + 1, 2);
  const minute = numberAt(text, at + 4, 2);
  if (hour < 0 || charCodeAt(text, at + 3) !== COLON || minute < 0) return undefined;
  at += 6;
  let second = 0;
  let ms = 0;
  if (charCodeAt(text, at) === COLON) {
    second = numberAt(text, at + 1, 2);
    if (second < 0) return undefined;
    at += 3;
    if (charCodeAt(text, at) === DOT) {
      at += 1;
      if (digitAt(text, at) < 0) return undefined;
      ms = millisecondsAt(text, at);
      at = pastDigits(text, at);
    }
  }
  let offset = 0;
  const zone = charCodeAt(text, at);
  if (zone === PLUS || zone === MINUS) {
    const hours = numberAt(text, at + 1, 2);
    const hasColon = charCodeAt(text, at + 3) === COLON;
    const minutes = numberAt(text, at + (hasColon ? 4 : 3), 2);
    if (hours < 0 || minutes < 0) return undefined;
    if (hours > 23 || minutes > 59) return NaN;
    offset = (hours * 60 + minutes) * (zone === MINUS ? -1 : 1);
    at += hasColon ? 6 : 5;
  } else if (letterAt(text, at) === Z) at += 1;
  return at === length ? instantOf(year, month, day, hour, minute, second, ms, offset) : undefined;
};
