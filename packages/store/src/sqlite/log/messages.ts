import type { AppendOutcome, Overwrite, Shard } from '../../log-store.ts';
import type { WireError } from '../thread/wire-error.ts';
import type { PackedSegments } from './packed-segments.ts';

/** What the writer does; all operations of one message share one commit. */
export type WriteOperation =
  | { kind: 'claim'; shard: Shard; seenEpoch: number }
  | { kind: 'append'; segments: PackedSegments }
  | { kind: 'snapshot'; shard: Shard; epoch: number; seq: number; blob: Uint8Array }
  | { kind: 'trim'; shard: Shard; epoch: number; uptoSeq: number };

/** 'more': the trim is to be asked for again, so that appends get between. */
export type TrimOutcome = AppendOutcome | 'more';

/** A compact segment in place of `segments` others, in a commit of its own: where there is no room for it, no append fails. */
export interface Replacement {
  shard: Shard;
  /** The owner's. */
  owner: number;
  segments: number;
  /** What the one that is written has beside its body. */
  seq: number;
  n: number;
  epoch: number;
  checksum: number;
  packed: number;
  stored: Uint8Array<ArrayBuffer>;
}

/** 'changed': a trim came between, and nothing was replaced. */
export type ReplaceOutcome = AppendOutcome | 'changed';

export interface ReplaceAnswer {
  outcome: ReplaceOutcome;
  /** As in `WriteAnswer`. */
  pendingBytes: number;
}

/** A replacement that is ready to be written, with the bytes that lie there before it; null when there is nothing to do. */
export type Prepared = { replacement: Replacement; before: number } | null;

/** A commit of its own, as what it refuses must leave nothing of it behind. */
export interface Overwriting {
  epoch: number;
  bodies: readonly Overwrite[];
}

/**
 * `checkpoint`: copy the write-ahead log, whole, into the database (a short rest, after the reader's part). `clear`: that,
 * and cut the write-ahead log to nothing, unless somebody reads from it; the answer is whether that could be done.
 */
export type WriteRequest =
  | { operations: WriteOperation[] }
  | { checkpoint: true }
  | { clear: true }
  | { compact: Replacement }
  | { overwrite: Overwriting };

/** An error of one operation leaves the others of its commit alone. */
export type WriteReply = { value: unknown } | { error: WireError };

export interface WriteAnswer {
  replies: WriteReply[];
  /** Bytes written since the last checkpoint, about. */
  pendingBytes: number;
}

export type ReadRequest =
  | { kind: 'epoch'; shard: Shard }
  | { kind: 'page'; shard: Shard; afterSeq: number; maxBytes: number }
  | { kind: 'snapshot'; shard: Shard }
  | { kind: 'compact'; shard: Shard; owner: number; afterSeq: number; mostBytes: number; isOver: boolean }
  | { kind: 'checkpoint' };

/** The thread's data at its start. */
export interface LogThreadData {
  path: string;
  pageSize: number;
  /** The most pages that the file may have, 0: no limit but the disk's. */
  maxPages: number;
}
