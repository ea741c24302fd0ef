import type { UnitInput } from '@gossamer/protocol';
import { ENCODING, LIMITS } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { Memo } from '../memo.ts';

/** Bytes as a unit's input: inline while small; else cut once into an immutable blob, which the tab fetches. */
export const byteInput = async (blobs: BlobStore, body: Uint8Array): Promise<UnitInput> => {
  if (body.byteLength <= LIMITS.inlineInput) return { kind: 'inline', encoding: ENCODING.bytes, body };
  const sha256 = Buffer.from(await blobs.add(body), 'hex');
  return { kind: 'blob', encoding: ENCODING.bytes, sha256, size: body.byteLength };
};

/** Remembers the inputs of the last units that were asked for: replicas of a unit are leased soon after each other. */
export const remembering = (
  limit: number,
  make: (index: number) => Promise<UnitInput>,
): ((index: number) => Promise<UnitInput>) => {
  const kept = new Memo<number, UnitInput>(limit);
  return (index) => kept.get(index, () => make(index));
};
