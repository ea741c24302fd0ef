import type { Sha256 } from '@gossamer/protocol';

/** Whose part it is, and of which blob: an owner has one part of a blob at a time. */
export interface PartKey {
  /** Letters, digits, `_` and `-`. */
  owner: string;
  hash: Sha256;
}

/** A blob of which the first bytes are there. */
export interface BlobPart extends PartKey {
  /** Bytes that the blob will have, and that there are. */
  length: number;
  offset: number;
  /** When the last of them came, ms since 1970 by the system's clock. */
  touchedAt: number;
}

/**
 * Blobs that come in pieces, each begun where the last one ended, however that came about. What came before a break stays,
 * over starts too. One call at a time for a part: the caller sees to that.
 */
export interface BlobParts {
  /** The part of this key, begun anew unless there is one of this length. */
  begin(key: PartKey, length: number): Promise<BlobPart>;
  /** null when there is none. */
  find(key: PartKey): Promise<BlobPart | null>;
  /**
   * Adds bytes at the end, each chunk as it comes; gives how many there are then. What the content throws is thrown on, and
   * what came before it stays. Throws ProblemError `body-too-large` at the chunk that goes beyond the length.
   */
  append(part: BlobPart, content: AsyncIterable<Uint8Array>): Promise<number>;
  /**
   * Makes the blob of a part that is complete: its bytes are hashed, and on disk when it resolves. Throws ProblemError
   * `blob-mismatch` when they are not those of its name. The part is gone in both cases; where the disk refuses
   * (`storage-full`) it stays.
   */
  finish(part: BlobPart): Promise<{ size: number; created: boolean }>;
  drop(key: PartKey): Promise<void>;
  /** All of them, in no order. */
  list(): Promise<BlobPart[]>;
}
