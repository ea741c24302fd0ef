import type { Encoding } from '@gossamer/protocol';
import {
  ELEMENT_BYTES,
  elementTypeOf,
  ENCODING,
  isEncoding,
  LIMITS,
  PACKED_HEAD,
  ProblemError,
} from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { checkUnitBytes, encodedInput, REMEMBERED, remembering } from './byte-input.ts';
import { oneByOne, type OpenedSource, type ReadPart } from './opened-source.ts';
import { Spans } from './spans.ts';

/** Walks the blob once: where each input lies, with its head. Throws ProblemError `source-invalid`, `data-truncated`. */
const indexInputs = async (content: AsyncIterable<Uint8Array>): Promise<Spans> => {
  const inputs = new Spans();
  const head = new Uint8Array(PACKED_HEAD);
  const view = new DataView(head.buffer);
  /** Bytes of the present input, its head included; those of them that are still to come; and where it begins. */
  let [size, missing, start] = [PACKED_HEAD, PACKED_HEAD, 0];
  for await (const chunk of content) {
    for (let at = 0; at < chunk.byteLength;) {
      const taken = Math.min(missing, chunk.byteLength - at);
      const isHead = size === PACKED_HEAD && missing > 0;
      if (isHead) head.set(chunk.subarray(at, at + taken), PACKED_HEAD - missing);
      at += taken;
      missing -= taken;
      if (missing > 0) continue;
      if (isHead) {
        checkHead(view.getUint8(0), view.getUint32(1, true), inputs.count);
        missing = view.getUint32(1, true);
        size += missing;
        if (missing > 0) continue;
      }
      inputs.add(start, start + size);
      start += size;
      [size, missing] = [PACKED_HEAD, PACKED_HEAD];
    }
  }
  if (size !== PACKED_HEAD || missing !== PACKED_HEAD) {
    throw new ProblemError('data-truncated', `input ${inputs.count} ends after the blob does`);
  }
  return inputs;
};

const checkHead = (encoding: number, bytes: number, index: number): void => {
  if (!isEncoding(encoding)) throw new ProblemError('source-invalid', `input ${index} has no known encoding`);
  const type = elementTypeOf(encoding);
  if (type !== null && bytes % ELEMENT_BYTES[type] !== 0) {
    throw new ProblemError('source-invalid', `input ${index} is no whole number of ${type} elements`);
  }
  if (encoding === ENCODING.json && bytes > LIMITS.inlineInput) {
    throw new ProblemError(
      'source-invalid',
      `input ${index} has ${bytes} bytes of JSON; at most ${LIMITS.inlineInput} are allowed`,
    );
  }
  checkUnitBytes(bytes);
};

/**
 * Values of `content`, which are read by `read` when they are wanted; large ones become blobs. Throws ProblemError
 * `source-invalid` or `data-truncated`.
 */
export const openPacked = async (
  content: AsyncIterable<Uint8Array>,
  read: ReadPart,
  blobs: BlobStore,
): Promise<OpenedSource> => {
  const packed = await indexInputs(content);
  const input = remembering(REMEMBERED, async (index) => {
    const bytes = await read(packed.at(index));
    return encodedInput(blobs, bytes[0] as Encoding, bytes.subarray(PACKED_HEAD));
  });
  return { total: packed.count, inlineBytes: LIMITS.inlineInput, inputs: oneByOne(input) };
};
