import type { ElementType, Encoding, Source } from '@gossamer/protocol';
import { ELEMENT_BYTES, ENCODING, LIMITS, ProblemError } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { checkUnitBytes, encodedInput, REMEMBERED, remembering } from './byte-input.ts';
import { oneByOne, type OpenedSource } from './opened-source.ts';

/** Rows of a band that are read at once. */
const ROWS_AT_ONCE = 16;

/** Elements of a record or a cell, where the source says what they are: then sizes are whole numbers of them. */
const encodingFor = (type: ElementType | undefined, sizes: Record<string, number>): Encoding => {
  if (type === undefined) return ENCODING.bytes;
  for (const [name, bytes] of Object.entries(sizes)) {
    if (bytes % ELEMENT_BYTES[type] === 0) continue;
    throw new ProblemError('source-invalid', `${name}: ${bytes} bytes are no whole number of ${type} elements`);
  }
  return ENCODING[type];
};

export const openRecords = (
  source: Extract<Source, { kind: 'records' }>,
  blobs: BlobStore,
  size: number,
): OpenedSource => {
  const { offset, bytes, overlap } = source;
  if (overlap >= bytes) {
    const words = `an overlap of ${overlap} bytes is not less than the ${bytes} bytes of a record, so that none gets on`;
    throw new ProblemError('source-invalid', `${words}: make the overlap smaller, or the records larger`);
  }
  const stride = bytes - overlap;
  const length = size - offset;
  const encoding = encodingFor(source.type, { bytes, overlap, 'the data': Math.max(0, length) });
  checkUnitBytes(Math.min(bytes, Math.max(0, length)));
  const total = length <= 0 ? 0 : 1 + Math.max(0, Math.ceil((length - bytes) / stride));
  const input = remembering(REMEMBERED, async (index) => {
    const start = offset + index * stride;
    return encodedInput(blobs, encoding, await blobs.read(source.blob, { start, end: Math.min(size, start + bytes) }));
  });
  const nothing =
    size === 0
      ? 'it is empty; a record is an input'
      : `it has ${size} bytes, and the first record begins at byte ${offset}: make the offset smaller`;
  return { total, inlineBytes: Math.min(bytes, LIMITS.inlineInput), inputs: oneByOne(input), nothing };
};

export const openBands = (source: Extract<Source, { kind: 'bands' }>, blobs: BlobStore, size: number): OpenedSource => {
  const { offset, rows, columns, cellBytes, width, overlap } = source;
  const expected = offset + rows * columns * cellBytes;
  if (expected > size) {
    throw new ProblemError('data-truncated', `the matrix ends at byte ${expected}, the blob at byte ${size}`);
  }
  checkUnitBytes(rows * Math.min(columns, width + 2 * overlap) * cellBytes);
  const encoding = encodingFor(source.type, { cellBytes });
  const total = Math.ceil(columns / width);
  const input = remembering(REMEMBERED, async (index) => {
    const first = Math.max(0, index * width - overlap);
    const last = Math.min(columns, (index + 1) * width + overlap);
    const rowBytes = (last - first) * cellBytes;
    const body = new Uint8Array(rows * rowBytes);
    const readRow = async (row: number) => {
      const start = offset + (row * columns + first) * cellBytes;
      body.set(await blobs.read(source.blob, { start, end: start + rowBytes }), row * rowBytes);
    };
    for (let row = 0; row < rows; row += ROWS_AT_ONCE) {
      const some = Array.from({ length: Math.min(ROWS_AT_ONCE, rows - row) }, (_, i) => readRow(row + i));
      await Promise.all(some);
    }
    return encodedInput(blobs, encoding, body);
  });
  return { total, inlineBytes: LIMITS.inlineInput, inputs: oneByOne(input) };
};
