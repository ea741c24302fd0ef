import type { CageError } from '@gossamer/cage/engine';
import { LIMITS } from '@gossamer/protocol';

const encoder = new TextEncoder();

/** Halves a text, without leaving half of a surrogate pair. */
const halve = (text: string): string => text.slice(0, text.length >> 1).toWellFormed();

/**
 * The body of an `errored` report: UTF-8 JSON `{phase, message, stack}` of at most `limit` bytes. What is too long is
 * cut, the stack first, for the message says more.
 */
export const errorBody = (error: CageError, limit: number = LIMITS.errorText): Uint8Array<ArrayBuffer> => {
  const cut = { phase: error.phase, message: error.message.toWellFormed(), stack: error.stack.toWellFormed() };
  let body = encoder.encode(JSON.stringify(cut));
  while (body.byteLength > limit && (cut.stack !== '' || cut.message !== '')) {
    if (cut.stack !== '') cut.stack = halve(cut.stack);
    else cut.message = halve(cut.message);
    body = encoder.encode(JSON.stringify(cut));
  }
  return body;
};
