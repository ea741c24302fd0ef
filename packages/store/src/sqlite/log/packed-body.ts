import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Segment } from '../../log-store.ts';
import { partsOf } from '../../segment-parts.ts';

const PART = 2 * Uint32Array.BYTES_PER_ELEMENT;

/**
 * A compact segment as it is stored: the number of its parts, theirs (in this machine's byte order, as the file is this
 * machine's), its body; together deflated. `packed` is the length of the body.
 */
export const packBody = (segment: Segment): { packed: number; stored: Uint8Array<ArrayBuffer> } => {
  const parts = partsOf(segment);
  const head = Uint32Array.of(parts.length / 2);
  const bytes = (numbers: Uint32Array) => new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const whole = Buffer.concat([bytes(head), bytes(parts), segment.body]);
  // A copy: zlib's buffer may be larger than what is in it.
  return { packed: segment.body.byteLength, stored: new Uint8Array(deflateRawSync(whole)) };
};

/** The body and the parts again. Throws where `stored` is not what `packBody` made. */
export const unpackBody = (
  stored: Uint8Array,
  packed: number,
): { body: Uint8Array<ArrayBuffer>; parts: Uint32Array<ArrayBuffer> } => {
  // A copy, which begins where its buffer does: the parts are 32-bit numbers, and the body may be moved to a thread.
  const whole = new Uint8Array(inflateRawSync(stored));
  const [count = 0] = new Uint32Array(whole.buffer, 0, 1);
  const parts = new Uint32Array(whole.buffer.slice(4, 4 + count * PART));
  const body = whole.slice(4 + count * PART);
  if (body.byteLength !== packed) throw new RangeError(`its body has ${body.byteLength} bytes, not ${packed}`);
  return { body, parts };
};
