import type { Encoding, UnitInput } from '@gossamer/protocol';
import { Sha256 } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';

/** The largest input that a program's `check` is shown, bytes: the judge copies it into the program's memory. */
export const CHECKED_INPUT_BYTES = 16 * 1024 * 1024;

/** An input with its bytes, wherever they lie; null for one that is too large to be shown to `check`. */
export const inputBytes = async (
  blobs: BlobStore,
  input: UnitInput,
): Promise<{ encoding: Encoding; body: Uint8Array } | null> => {
  if (input.kind === 'inline') return input;
  if (input.size > CHECKED_INPUT_BYTES) return null;
  const name = Sha256.parse(Buffer.from(input.sha256).toString('hex'));
  return { encoding: input.encoding, body: await blobs.read(name, { start: 0, end: input.size }) };
};
