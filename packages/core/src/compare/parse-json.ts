import { lenientText, utf8 } from '@gossamer/protocol';
import { sameBytes } from './same-bytes.ts';

/**
 * How deep JSON is read. A megabyte of brackets would hold up the parser for the better part of a second, and with it
 * everything else, at the wish of any stranger who returns it.
 */
const DEEPEST = 1000;

/**
 * The value that the bytes are JSON of, or null where they are none or are nested too deeply. Bytes that are no UTF-8
 * are no JSON: with replacements in them, two different ones would become the same.
 */
export const parseJson = (body: Uint8Array): { value: unknown } | null => {
  if (isTooDeep(body)) return null;
  const text = lenientText(body);
  if (!sameBytes(utf8(text), body)) return null;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
};

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Of `[` and `{`, and of `]` and `}`: all but the bit in which they differ. */
const OPENING = 0x5b;
const CLOSING = 0x5d;
const CURLY_BIT = 0x20;

const isTooDeep = (body: Uint8Array): boolean => {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i]!;
    if (byte === QUOTE) inText = !inText;
    else if (inText) i += byte === BACKSLASH ? 1 : 0;
    else if ((byte & ~CURLY_BIT) === OPENING && ++depth > DEEPEST) return true;
    else if ((byte & ~CURLY_BIT) === CLOSING) depth--;
  }
  return false;
};
