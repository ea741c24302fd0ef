import type { Source } from '@gossamer/protocol';
import { LIMITS, ProblemError } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { byteInput, remembering } from './byte-input.ts';
import { oneByOne, type OpenedSource } from './opened-source.ts';

/** The largest input that one unit may have, bytes: it is made in memory. */
const UNIT_BYTES = 256 * 1024 * 1024;
/** Rows of a band that are read at once. */
const ROWS_AT_ONCE = 16;

const checkUnitBytes = (bytes: number): void => {
  if (bytes <= UNIT_BYTES) return;
  throw new ProblemError('source-invalid', `a unit would have ${bytes} bytes; at most ${UNIT_BYTES} are allowed`);
};

/** Inputs that are remembered: their bytes when inline, else their names. */
const REMEMBERED = 512;

export const openRecords = (
  source: Extract<Source, { kind: 'records' }>,
  blobs: BlobStore,
  size: number,
): OpenedSource => {
  const { offset, bytes, overlap } = source;
  if (overlap >= bytes) throw new ProblemError('source-invalid', 'overlap must be smaller than bytes');
  const stride = bytes - overlap;
  const length = size - offset;
  checkUnitBytes(Math.min(bytes, Math.max(0, length)));
  const total = length <= 0 ? 0 : 1 + Math.max(0, Math.ceil((length - bytes) / stride));
  const input = remembering(REMEMBERED, async (index) => {
    const start = offset + index * stride;
    return byteInput(blobs, await blobs.read(source.blob, { start, end: Math.min(size, start + bytes) }));
  });
  return { total, inlineBytes: Math.min(bytes, LIMITS.inlineInput), inputs: oneByOne(input) };
};

export const openBands = (source: Extract<Source, { kind: 'bands' }>, blobs: BlobStore, size: number): OpenedSource => {
  const { offset, rows, columns, cellBytes, width, overlap } = source;
  const expected = offset + rows * columns * cellBytes;
  if (expected > size) {
    throw new ProblemError('data-truncated', `the matrix ends at byte ${expected}, the blob at byte ${size}`);
  }
  checkUnitBytes(rows * Math.min(columns, width + 2 * overlap) * cellBytes);
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
    return byteInput(blobs, body);
  });
  return { total, inlineBytes: LIMITS.inlineInput, inputs: oneByOne(input) };
};
