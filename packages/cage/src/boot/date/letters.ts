import { charCodeAt } from '../primordials.ts';

export const ZERO = 48;
export const COLON = 58;
export const DOT = 46;
export const PLUS = 43;
export const MINUS = 45;

/** The digit at a place of a text; -1 where there is none. */
export const digitAt = (text: string, at: number): number => {
  const digit = charCodeAt(text, at) - ZERO;
  return digit >= 0 && digit <= 9 ? digit : -1;
};

/** The letter of the English alphabet at a place, as the code of its lower case; 0 where there is none. */
export const letterAt = (text: string, at: number): number => {
  const letter = charCodeAt(text, at) | 32;
  return letter >= 97 && letter <= 122 ? letter : 0;
};

/** The place behind the digits at a place. */
export const pastDigits = (text: string, at: number): number => {
  let end = at;
  while (digitAt(text, end) >= 0) end += 1;
  return end;
};

/** The digits behind a decimal point as milliseconds: the first three, as more are left out. */
export const millisecondsAt = (text: string, at: number): number => {
  let ms = 0;
  for (let i = 0, unit = 100; i < 3 && digitAt(text, at + i) >= 0; i++, unit /= 10) ms += digitAt(text, at + i) * unit;
  return ms;
};
