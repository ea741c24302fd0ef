import type { ResultReceipt, Sha256 } from '@gossamer/protocol';

/** The request that brings a large result. */
export interface IncomingResult {
  /** What the session got for its offer. */
  permit: string;
  sha256: Sha256;
  content: AsyncIterable<Uint8Array>;
  /** What its head says of its length, bytes; null where it says nothing. */
  declared: number | null;
  /** Ends the request: its device has begun another one. */
  cut: () => void;
}

/** What the REST API sees of the large results that tabs send. */
export interface GridLargeResults {
  /**
   * Resolves when the bytes are on disk. Throws ProblemError `upload-unknown` without a permit, `attempt-unknown` when the
   * attempt is not held any more, `body-too-large`, `blob-mismatch`, `storage-full`.
   */
  receive(incoming: IncomingResult): Promise<ResultReceipt>;
}
