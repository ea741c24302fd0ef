import type { Sha256 } from '@gossamer/protocol';

export interface ByteRange {
  /** First byte. */
  start: number;
  /** The byte after the last one. */
  end: number;
}

/** Immutable bytes, named by their SHA-256. What was acknowledged is on disk. */
export interface BlobStore {
  /**
   * Stores the stream's bytes under `hash`, unless they are there. Throws ProblemError `blob-mismatch` (and keeps
   * nothing) when the content has another hash, `body-too-large` over `limit` bytes.
   */
  putIfAbsent(
    hash: Sha256,
    content: AsyncIterable<Uint8Array>,
    limit?: number,
  ): Promise<{ size: number; created: boolean }>;
  /** Stores bytes, which are hashed once, unless they are there; gives their name. */
  add(bytes: Uint8Array): Promise<Sha256>;
  /** null when there is no such blob. */
  stat(hash: Sha256): Promise<{ size: number } | null>;
  /** A stream of the blob's bytes, or of a range of them; null when there is no such blob. */
  get(hash: Sha256, range?: ByteRange): Promise<AsyncIterable<Uint8Array> | null>;
  /** Reads a range into memory; throws ProblemError `blob-unknown`, or `range-unsatisfiable` outside of the blob. */
  read(hash: Sha256, range: ByteRange): Promise<Uint8Array>;
}
