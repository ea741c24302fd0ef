import { ProblemError, Sha256 } from '@gossamer/protocol';
import type { ByteRange } from './blob-store.ts';

/** The name again, once it is known to be 64 hexadecimal digits and nothing else; throws `request-invalid`. */
export const checkedHash = (hash: Sha256): Sha256 => {
  const parsed = Sha256.safeParse(hash);
  if (!parsed.success) throw new ProblemError('request-invalid', 'a blob is named by 64 lower-case hexadecimal digits');
  return parsed.data;
};

/** The range, or the whole blob where there is none; throws `range-unsatisfiable` unless it lies within `size` bytes. */
export const checkedRange = (range: ByteRange | undefined, size: number): ByteRange => {
  const { start, end } = range ?? { start: 0, end: size };
  const whole = Number.isSafeInteger(start) && Number.isSafeInteger(end);
  if (!whole || start < 0 || end < start || end > size) {
    throw new ProblemError('range-unsatisfiable', `bytes ${start} to ${end} of ${size}`);
  }
  return { start, end };
};

/** Throws `body-too-large` over `limit` bytes. */
export const checkSize = (size: number, limit: number): void => {
  if (size > limit) throw new ProblemError('body-too-large', `more than ${limit} bytes`);
};

/** Throws `blob-mismatch` unless the content's hash is the blob's name. */
export const checkMatch = (hash: Sha256, found: string): void => {
  if (hash !== found) throw new ProblemError('blob-mismatch', `it is named ${hash}, its SHA-256 is ${found}`);
};
