import type { Intake } from '@gossamer/core';
import { pieceOf } from '@gossamer/core';
import type { StreamSource, UnitInput } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { openLines } from './line-source.ts';
import type { InputsOf, OpenedSource, ReadPart } from './opened-source.ts';
import { openPacked } from './packed-source.ts';

/** Pieces that are kept in memory, bytes, and one in any case: devices are given units of the youngest ones. */
const OPEN_BYTES = 8 * 1024 * 1024;
/** Between slices of this size others have their turn: what is read is parsed. */
const SLICE = 64 * 1024;

async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += SLICE) {
    if (at > 0) await new Promise((resolve) => setImmediate(resolve));
    yield bytes.subarray(at, at + SLICE);
  }
}

/**
 * One piece of a stream, as a source of its own; `first`: its first unit. Throws ProblemError `source-invalid` or
 * `data-truncated`.
 */
export const openPiece = (
  format: StreamSource['format'],
  first: number,
  bytes: Uint8Array,
  blobs: BlobStore,
): Promise<OpenedSource> => {
  const read: ReadPart = ({ start, end }) => bytes.subarray(start, end);
  if (format === 'packed') return openPacked(slices(bytes), read, blobs);
  return openLines(format, slices(bytes), read, first === 0);
};

interface OpenPiece {
  source: Promise<OpenedSource>;
  /** Bytes; 0 until it was read. */
  size: number;
}

/** The inputs of a stream as far as they came: it grows with the intake. */
export const openStream = (format: StreamSource['format'], intake: Intake, blobs: BlobStore): InputsOf => {
  /** By their places in the intake, those that were asked for last at the end. */
  const open = new Map<number, OpenPiece>();
  let kept = 0;

  const keep = (at: number, piece: OpenPiece, size: number): void => {
    if (open.get(at) !== piece) return;
    piece.size = size;
    kept += size;
    for (const [oldest, other] of open) {
      if (kept <= OPEN_BYTES) break;
      if (other === piece || other.size === 0) continue;
      open.delete(oldest);
      kept -= other.size;
    }
  };

  const read = (at: number): OpenPiece => {
    const { first, blob } = intake.pieces[at]!;
    const load = async (): Promise<OpenedSource> => {
      const stat = await blobs.stat(blob);
      if (stat === null) throw new ProblemError('blob-unknown', blob);
      const source = await openPiece(format, first, await blobs.read(blob, { start: 0, end: stat.size }), blobs);
      keep(at, piece, stat.size);
      return source;
    };
    const piece: OpenPiece = { source: load(), size: 0 };
    piece.source.catch(() => {
      if (open.get(at) === piece) open.delete(at);
    });
    return piece;
  };

  const pieceAt = (at: number): Promise<OpenedSource> => {
    const piece = open.get(at) ?? read(at);
    open.delete(at);
    open.set(at, piece);
    return piece.source;
  };

  return {
    get inlineBytes() {
      return intake.longest;
    },
    inputs: async (indices) => {
      const inputs: UnitInput[] = [];
      // Units of one piece that follow each other are read together; pieces one after the other, as each lies in memory then.
      for (let from = 0; from < indices.length;) {
        const at = pieceOf(intake, indices[from]!);
        const { first } = intake.pieces[at]!;
        const within: number[] = [];
        for (; from < indices.length && pieceOf(intake, indices[from]!) === at; from++)
          within.push(indices[from]! - first);
        for (const input of await (await pieceAt(at)).inputs(within)) inputs.push(input);
      }
      return inputs;
    },
  };
};
