import type { CageError } from '@gossamer/cage/engine';
import { failureText, LIMITS } from '@gossamer/protocol';

const encoder = new TextEncoder();

/** The body of a report on an attempt that failed, of at most `limit` bytes: the error, and what was logged before it. */
export const errorBody = (
  { phase, message, stack }: CageError,
  log: readonly string[],
  limit: number = LIMITS.errorText,
): Uint8Array<ArrayBuffer> => encoder.encode(failureText({ phase, message, stack, log }, limit));
