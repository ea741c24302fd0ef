/** Names a log: a job (its number, >= 1), or the grid's own log (0: devices, keys, the list of jobs). */
export type Shard = number;

/** The grid's own log: kept whole and as it was appended, neither trimmed nor compacted, but for `overwrite`. */
export const GRID_SHARD: Shard = 0;

/** Some facts that were written together. Bodies are opaque here. */
export interface Segment {
  shard: Shard;
  /** The owner's epoch under which it was written. */
  epoch: number;
  /** The number of its first fact; facts of a shard are numbered from 1 without a gap. */
  seq: number;
  /** How many facts it holds, >= 1: the next segment's `seq` is `seq + n`. */
  n: number;
  body: Uint8Array;
  /** Of one that was joined from several (`LogStore.compact`): how many facts and bytes each of them had, in pairs. */
  parts?: Uint32Array<ArrayBuffer>;
}

export type AppendOutcome = 'ok' | 'fenced';

/** Thrown when it cannot be known whether a write took place: claim the next epoch, replay, then answer. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/** Thrown when a write was refused for want of room, and did not take place. */
export class StorageFull extends Error {
  override readonly name = 'StorageFull';
}

/** Thrown at reading where the log's content is not what was written. */
export class LogDamaged extends Error {
  override readonly name = 'LogDamaged';
}

export interface Snapshot {
  /** The snapshot holds the state after this fact. */
  seq: number;
  blob: Uint8Array;
}

/** What a step of compaction came to. */
export interface Compacted {
  /** The last fact of what was looked at: the next step goes on after it. */
  upto: number;
  /** Segments that are one now; 0 when there was nothing to do. */
  segments: number;
  /** Bytes of their bodies as they lay on disk, and of the one body that is there instead. */
  before: number;
  after: number;
}

export interface CompactOptions {
  /** A segment's body has so many bytes at the most when it is made of several. */
  mostBytes: number;
  /** Nothing will follow for long: the last segments are joined although they are less than that. */
  isOver: boolean;
}

/** Another body for the segment of the grid's own log that starts at `seq`. */
export interface Overwrite {
  seq: number;
  body: Uint8Array;
}

export interface AppendOptions {
  /**
   * Gives the bodies away: the store may take (detach) their ArrayBuffers instead of copying them. Set it only where
   * nobody reads those buffers afterwards, other views of the same buffer included.
   */
  transfer?: boolean;
}

/**
 * Append-only logs of facts, one a shard, each with one owner. Acknowledged means on disk: `append` resolves only
 * after an fsync. The caller assigns `seq`; one append of a shard is in flight at a time.
 */
export interface LogStore {
  /** Makes the caller the owner: the epoch grows by one. null when `seenEpoch` is not the stored one (0: never claimed). */
  claim(shard: Shard, seenEpoch: number): Promise<{ epoch: number } | null>;
  /** The stored epoch, 0 when the shard was never claimed. */
  epochOf(shard: Shard): Promise<number>;
  /** One outcome a segment, in order: all segments of a shard are written, or none. A gap or an overlap of `seq` is an error. */
  append(segments: readonly Segment[], options?: AppendOptions): Promise<AppendOutcome[]>;
  /** Segments that hold facts after `afterSeq`, in order, read in pages of about `maxBytes`. */
  read(shard: Shard, afterSeq: number, maxBytes?: number): AsyncIterable<Segment>;
  /**
   * One step of compaction: the first neighbours after fact `afterSeq` (the last one of a segment) whose bodies fill one
   * segment become one, of one body after the other, that takes less room. Their facts keep their numbers, and the places
   * of bytes in them are found by `offsetOf`. Throws StorageFull when there is no room to write the one beside them.
   */
  compact(shard: Shard, epoch: number, afterSeq: number, options: CompactOptions): Promise<Compacted | 'fenced'>;
  /**
   * Puts bodies in the place of those of segments of the grid's own log, all or none. Numbers and lengths stay: throws
   * RangeError where no segment starts at a `seq`, or its body has another length. Once it resolves with 'ok', that
   * is on disk; the old bodies are on their way out of the store's files (`swept`).
   */
  overwrite(epoch: number, bodies: readonly Overwrite[]): Promise<AppendOutcome>;
  /**
   * Whether bodies that were overwritten before this call are in none of the store's files, after one try to bring that
   * about: it waits for no other process, and is made once a second at most for all who ask. Never rejects. What is left
   * over the store clears by itself, as soon as nobody reads it any more.
   */
  swept(): Promise<boolean>;
  setSnapshot(shard: Shard, epoch: number, seq: number, blob: Uint8Array): Promise<AppendOutcome>;
  snapshot(shard: Shard): Promise<Snapshot | null>;
  /** Forgets the segments whose facts all have numbers up to `uptoSeq`. Throws RangeError for the grid's own log. */
  trim(shard: Shard, epoch: number, uptoSeq: number): Promise<AppendOutcome>;
  close(): Promise<void>;
}
