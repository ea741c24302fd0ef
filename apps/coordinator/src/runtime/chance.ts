import { randomBytes } from 'node:crypto';

const KEPT = 1024;
const BYTES = 4;

/** Numbers from 0 up to, but without, 1 that nobody can foresee, from the system's source: it is asked for many at once. */
export const unforeseeable = (): (() => number) => {
  let bytes = randomBytes(0);
  let next = 0;
  return () => {
    if (next === bytes.byteLength) {
      bytes = randomBytes(KEPT * BYTES);
      next = 0;
    }
    const number = bytes.readUInt32LE(next) / 2 ** 32;
    next += BYTES;
    return number;
  };
};
