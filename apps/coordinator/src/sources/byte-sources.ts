import type { Source } from '@gossamer/protocol';
import { LIMITS, ProblemError } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { byteInput, remembering } from './byte-input.ts';
import type { OpenedSource } from './opened-source.ts';

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
  const total = length <= 0 ? 0 : 1 + Math.max(0, Math.ceil((length - bytes) / stride));
  const input = remembering(REMEMBERED, async (index) => {
    const start = offset + index * stride;
    return byteInput(blobs, await blobs.read(source.blob, { start, end: Math.min(size, start + bytes) }));
  });
  return { total, inlineBytes: Math.min(bytes, LIMITS.inlineInput), input };
};

export const openBands = (source: Extract<Source, { kind: 'bands' }>, blobs: BlobStore, size: number): OpenedSource => {
  const { offset, rows, columns, cellBytes, width, overlap } = source;
  const expected = offset + rows * columns * cellBytes;
  if (expected > size) {
    throw new ProblemError('data-truncated', `the matrix ends at byte ${expected}, the blob at byte ${size}`);
  }
  const total = Math.ceil(columns / width);
  const input = remembering(REMEMBERED, async (index) => {
    const first = Math.max(0, index * width - overlap);
    const last = Math.min(columns, (index + 1) * width + overlap);
    const rowBytes = (last - first) * cellBytes;
    const body = new Uint8Array(rows * rowBytes);
    await Promise.all(
      Array.from({ length: rows }, async (_, row) => {
        const start = offset + (row * columns + first) * cellBytes;
        body.set(await blobs.read(source.blob, { start, end: start + rowBytes }), row * rowBytes);
      }),
    );
    return byteInput(blobs, body);
  });
  return { total, inlineBytes: LIMITS.inlineInput, input };
};
