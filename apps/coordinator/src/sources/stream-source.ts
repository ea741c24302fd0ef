import type { Intake } from '@gossamer/core';
import { pieceOf } from '@gossamer/core';
import type { Sha256, StreamSource } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { openLines } from './line-source.ts';
import type { InputsOf, OpenedSource, ReadPart } from './opened-source.ts';
import { openPacked } from './packed-source.ts';

/** Pieces that are kept in memory: devices are given units of the youngest ones, and of those that were left over. */
const OPEN_PIECES = 16;

/** One piece of a stream, as a source of its own. Throws ProblemError `source-invalid` or `data-truncated`. */
export const openPiece = (
  format: StreamSource['format'],
  bytes: Uint8Array,
  blobs: BlobStore,
): Promise<OpenedSource> => {
  const read: ReadPart = ({ start, end }) => bytes.subarray(start, end);
  return format === 'packed' ? openPacked([bytes], read, blobs) : openLines(format, [bytes], read);
};

/** The inputs of a stream as far as they came: it grows with the intake. */
export const openStream = (format: StreamSource['format'], intake: Intake, blobs: BlobStore): InputsOf => {
  /** By their places in the intake, those that were asked for last at the end. */
  const open = new Map<number, Promise<OpenedSource>>();

  const read = async (blob: Sha256): Promise<OpenedSource> => {
    const stat = await blobs.stat(blob);
    if (stat === null) throw new ProblemError('blob-unknown', blob);
    return openPiece(format, await blobs.read(blob, { start: 0, end: stat.size }), blobs);
  };

  const pieceAt = (at: number): Promise<OpenedSource> => {
    const known = open.get(at);
    const piece = known ?? read(intake.pieces[at]!.blob);
    open.delete(at);
    open.set(at, piece);
    if (known !== undefined) return known;
    piece.catch(() => open.delete(at));
    if (open.size > OPEN_PIECES) open.delete(open.keys().next().value!);
    return piece;
  };

  return {
    get inlineBytes() {
      return intake.longest;
    },
    inputs: async (indices) => {
      // Units that follow each other in one piece are read together.
      const runs: { at: number; within: number[] }[] = [];
      for (const unit of indices) {
        const at = pieceOf(intake, unit);
        const last = runs.at(-1);
        const within = unit - intake.pieces[at]!.first;
        if (last?.at === at) last.within.push(within);
        else runs.push({ at, within: [within] });
      }
      const inputs = await Promise.all(runs.map(async ({ at, within }) => (await pieceAt(at)).inputs(within)));
      return inputs.flat();
    },
  };
};
