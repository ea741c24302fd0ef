import { BASE } from './base.ts';
import { CALL } from './call.ts';
import { FOLD } from './fold.ts';
import { KINDS } from './kinds.ts';
import { SPLIT } from './split.ts';

/** What the host asks of the judge's side. */
export const TOOLS = ['call', 'split', 'at', 'fold', 'kinds'] as const;
export type Tool = (typeof TOOLS)[number];

/**
 * The judge's side of the border inside the engine, as text; evaluated before the program, whose changes of built-ins
 * it therefore does not see. It hands out plain strings only, cut to length before they leave the engine, so that
 * nothing outside ever reads a property, or calls a conversion, that the program may have made.
 *
 * `(outputLength, errorLength) => { room, bytes, parse, describe, call, split, at, fold, kinds }`, lengths in UTF-16 units:
 * - `room(n)` throws unless n bytes are free: what the host copies in next is not checked by the engine's interface,
 * - `bytes(encoding, buffer)` gives a typed array, by the protocol's ENCODING,
 * - `describe(thrown)` gives a text for anything that was thrown, and may itself be kept from ending by it,
 * - tools give `{ kind: 'returned', type, json }`, or another kind with `text`.
 */
export const PRELUDE = `
'use strict';
(outputLength, errorLength) => {
  ${BASE}
  ${CALL}
  ${SPLIT}
  ${FOLD}
  ${KINDS}
  const nothing = () => {};
  globalThis.console = { log: nothing, info: nothing, warn: nothing, error: nothing, debug: nothing, trace: nothing };

  const room = (size) => void new Buffer(size);
  const bytes = (encoding, buffer) => new arrays[encoding - 1](buffer);
  return { room, bytes, parse, describe, call, split, at, fold, kinds };
};
`;
