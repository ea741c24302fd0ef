import type { UnitsMessage } from '../door/layout.ts';
import { HEAD } from '../door/layout.ts';
import {
  bufferByteLength,
  bytesSet,
  fromUtf8,
  jsonParse,
  NativeArrayBuffer,
  NativeUint8Array,
  typedArrayBuffer,
  typedArrayByteLength,
  typedArrays,
} from './primordials.ts';

/** A buffer of exactly these bytes: their own where there is nothing else in it. */
const exact = (body: Uint8Array<ArrayBuffer>): ArrayBuffer => {
  const own = typedArrayBuffer(body) as ArrayBuffer;
  const size = typedArrayByteLength(body);
  if (bufferByteLength(own) === size) return own;
  const buffer = new NativeArrayBuffer(size);
  bytesSet(new NativeUint8Array(buffer), body, 0);
  return buffer;
};

/**
 * The inputs of a packed lease as one text, where they are all JSON and each byte is one character of it: then the
 * characters of a unit are those that its bytes alone would give. Null where they are not. A call of the decoder costs
 * more than a tiny unit.
 */
export const joinedText = ({ packed, count, heads, bodies }: UnitsMessage): string | null => {
  if (!packed) return null;
  for (let unit = 0; unit < count; unit++) if (heads[unit * HEAD + 2] !== 0) return null;
  const text = fromUtf8(bodies[0]!);
  return text.length === bufferByteLength(bodies[0]) ? text : null;
};

/** What a program is given: parsed JSON, a typed array, or an ArrayBuffer, as the unit's encoding says. */
export const decodeInput = (encoding: number, body: string | Uint8Array<ArrayBuffer>): unknown => {
  if (typeof body === 'string') return jsonParse(body);
  if (encoding === 0) return jsonParse(fromUtf8(body));
  return encoding === 1 ? exact(body) : new typedArrays[encoding - 2]!(exact(body));
};
