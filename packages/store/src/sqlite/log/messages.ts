import type { AppendOutcome, Shard } from '../../log-store.ts';
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

/** `checkpoint`: copy the write-ahead log, whole, into the database (a short rest, after the reader's part). */
export type WriteRequest = { operations: WriteOperation[] } | { checkpoint: true };

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
  | { kind: 'checkpoint' };

/** The thread's data at its start. */
export interface LogThreadData {
  path: string;
  pageSize: number;
  /** The most pages that the file may have, 0: no limit but the disk's. */
  maxPages: number;
}
