import type { Encoding, UnitInput } from '@gossamer/protocol';
import { LIMITS, ProblemError } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { Memo } from '../memo.ts';

/** The largest input that one unit may have, bytes: it is made in memory. */
const UNIT_BYTES = 256 * 1024 * 1024;
/** Inputs that are remembered: their bytes when inline, else their names. */
export const REMEMBERED = 512;

/** Throws ProblemError `source-invalid` for a unit that would not fit memory. */
export const checkUnitBytes = (bytes: number): void => {
  if (bytes <= UNIT_BYTES) return;
  throw new ProblemError('source-invalid', `a unit would have ${bytes} bytes; at most ${UNIT_BYTES} are allowed`);
};

/** A unit's input: inline while small; else cut once into an immutable blob, which the tab fetches. */
export const encodedInput = async (blobs: BlobStore, encoding: Encoding, body: Uint8Array): Promise<UnitInput> => {
  if (body.byteLength <= LIMITS.inlineInput) return { kind: 'inline', encoding, body };
  const sha256 = Buffer.from(await blobs.add(body), 'hex');
  return { kind: 'blob', encoding, sha256, size: body.byteLength };
};

/** Remembers the inputs of the last units that were asked for: replicas of a unit are leased soon after each other. */
export const remembering = (
  limit: number,
  make: (index: number) => Promise<UnitInput>,
): ((index: number) => Promise<UnitInput>) => {
  const kept = new Memo<number, UnitInput>(limit);
  return (index) => kept.get(index, () => make(index));
};
