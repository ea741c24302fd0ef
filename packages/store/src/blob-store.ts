import type { Sha256 } from '@gossamer/protocol';
import type { BlobParts } from './blob-parts.ts';

export interface ByteRange {
  /** First byte. */
  start: number;
  /** The byte after the last one. */
  end: number;
}

export interface StoredBlob {
  hash: Sha256;
  size: number;
  /** When it was stored last, or touched, ms since 1970 by the system's clock. */
  storedAt: number;
}

/** Immutable bytes, named by their SHA-256. What was acknowledged is on disk. */
export interface BlobStore {
  /** Blobs that are not all there yet. */
  readonly parts: BlobParts;
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
  /** Says that it is wanted: `storedAt` is now. False when there is no such blob. */
  touch(hash: Sha256): Promise<boolean>;
  /** All blobs, in no order; one that comes or goes meanwhile may be among them. */
  list(): AsyncIterable<StoredBlob>;
  /**
   * Removes a blob if it may go: that is asked in the turn of the event loop in which its bytes go, so that nothing comes
   * between. Gives whether it went.
   */
  remove(hash: Sha256, mayGo: (storedAt: number) => boolean): Promise<boolean>;
  /** null when there is no such blob. */
  stat(hash: Sha256): Promise<{ size: number } | null>;
  /** A stream of the blob's bytes, or of a range of them; null when there is no such blob. */
  get(hash: Sha256, range?: ByteRange): Promise<AsyncIterable<Uint8Array> | null>;
  /** Reads a range into memory; throws ProblemError `blob-unknown`, or `range-unsatisfiable` outside of the blob. */
  read(hash: Sha256, range: ByteRange): Promise<Uint8Array>;
}
