import { RIGHT } from '../population/liars.ts';

const ZERO = 0x30;
const POINT = 0x2e;
/** The core compares results up to this size as they are, without a hash. */
const MOST_BYTES = 15;

const digitsOf = (value: number): number => (value < 10 ? 1 : Math.floor(Math.log10(value)) + 1);

const writeDigits = (bytes: Uint8Array, end: number, value: number): void => {
  let rest = value;
  let at = end;
  do {
    bytes[--at] = ZERO + (rest % 10);
    rest = Math.floor(rest / 10);
  } while (rest > 0);
};

/** The JSON text of a result: the unit's index, and for a wrong one a fraction that is its code. Throws RangeError. */
export const resultBytes = (unit: number, code: number): Uint8Array => {
  const whole = digitsOf(unit);
  const length = code === RIGHT ? whole : whole + 1 + digitsOf(code);
  if (length > MOST_BYTES) throw new RangeError(`unit ${unit} with lie ${code} does not fit ${MOST_BYTES} bytes`);
  const bytes = new Uint8Array(length);
  writeDigits(bytes, whole, unit);
  if (code === RIGHT) return bytes;
  bytes[whole] = POINT;
  writeDigits(bytes, length, code);
  return bytes;
};

/** The code of a result. */
export const codeOfBytes = (bytes: Uint8Array): number => {
  const point = bytes.indexOf(POINT);
  if (point === -1) return RIGHT;
  let code = 0;
  for (let at = point + 1; at < bytes.length; at++) code = code * 10 + bytes[at]! - ZERO;
  return code;
};
