import { elementTypeOfArray, ENCODING, type Encoding, PACKED_HEAD } from '@gossamer/protocol';
import type { Chunks } from './content.ts';
import { jsonText } from './json-text.ts';

/** Values are joined to chunks of about this size, bytes. */
const CHUNK = 64 * 1024;

const encoder = new TextEncoder();

export const isBinary = (value: unknown): value is ArrayBuffer | ArrayBufferView =>
  value instanceof ArrayBuffer || ArrayBuffer.isView(value);

/** A value as it travels: an ArrayBuffer, a Uint8Array and a DataView are plain bytes. */
const encoded = (value: unknown, what: string): { encoding: Encoding; body: Uint8Array } => {
  if (value instanceof ArrayBuffer) return { encoding: ENCODING.bytes, body: new Uint8Array(value) };
  if (!ArrayBuffer.isView(value)) return { encoding: ENCODING.json, body: encoder.encode(jsonText(value, what)) };
  const body = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return { encoding: ENCODING[elementTypeOfArray(value) ?? 'bytes'], body };
};

/** A value of a packed source: its head, and its bytes. Throws GossamerError `source-invalid` where it cannot travel. */
export const packedValue = (value: unknown, what: string): [Uint8Array, Uint8Array] => {
  const { encoding, body } = encoded(value, what);
  const head = new Uint8Array(PACKED_HEAD);
  head[0] = encoding;
  new DataView(head.buffer).setUint32(1, body.byteLength, true);
  return [head, body];
};

/** The content of a packed source. Throws GossamerError `source-invalid` for a value that cannot travel. */
export async function* packedChunks(values: Iterable<unknown> | AsyncIterable<unknown>): Chunks {
  let parts: Uint8Array[] = [];
  let size = 0;
  const flushed = (): Uint8Array => {
    const chunk = new Uint8Array(size);
    let at = 0;
    for (const part of parts) {
      chunk.set(part, at);
      at += part.byteLength;
    }
    parts = [];
    size = 0;
    return chunk;
  };
  let index = 0;
  for await (const value of values) {
    const [head, body] = packedValue(value, `input ${index++}`);
    parts.push(head, body);
    size += head.byteLength + body.byteLength;
    if (size >= CHUNK) yield flushed();
  }
  if (size > 0) yield flushed();
}
