import type { Sha256 } from '@gossamer/protocol';
import type { Caller } from './caller.ts';

/** How far an upload has come. When `offset` is `length` the blob is there, and the upload is no more. */
export interface UploadState {
  length: number;
  offset: number;
}

/** More bytes of an upload. */
export interface Piece {
  /** Of the first of them. */
  offset: number;
  content: AsyncIterable<Uint8Array>;
  /** How many there are, as far as the request says it. */
  declared: number | null;
  /** Ends the content early: somebody else goes on with this upload. */
  cut: () => void;
}

/**
 * What REST sees of uploads that go on where they broke off: a key has one of a blob at a time. As `Grid`: every method
 * throws ProblemError.
 */
export interface GridUploads {
  /** The one there is of this length, or a new one, for which the quota must have room. */
  begin(caller: Caller, hash: Sha256, length: number): Promise<UploadState>;
  find(caller: Caller, hash: Sha256): Promise<UploadState>;
  /** What came before an error stays. The last byte makes the blob; `blob-mismatch` ends the upload for good. */
  append(caller: Caller, hash: Sha256, piece: Piece): Promise<UploadState>;
  drop(caller: Caller, hash: Sha256): Promise<void>;
}
