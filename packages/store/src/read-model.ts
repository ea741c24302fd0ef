import type { Shard } from './log-store.ts';

/**
 * The place of a final result: bytes `offset` to `offset + length` of the body of the segment that starts at `seq`, or
 * started there before it was joined with others: `offsetOf` tells where its body lies in theirs.
 */
export interface ResultRow {
  unit: number;
  /** The number of the fact that made it final: results are listed in this order (and by unit within one fact). */
  fact: number;
  seq: number;
  offset: number;
  length: number;
  /** As in the exchange (0 JSON, 1 bytes); -1: the unit failed and the bytes are the UTF-8 text of the reason. */
  encoding: number;
}

/** A fact that speaks of a unit. */
export interface UnitFactRow {
  unit: number;
  fact: number;
  /** The segment that holds it, or held it before it was joined with others. */
  seq: number;
}

/** What else of a job is told to those who follow it, in the order of its facts. */
export const CHANGE = {
  /** A result was accepted for now; the place is that of its bytes. */
  accepted: 1,
  /** A unit that was provisional is open again. */
  reopened: 2,
  /** The job was held; the place is that of the reason. */
  held: 3,
  released: 4,
  /** Units that had failed are open again. */
  retried: 5,
} as const;
export type ChangeKind = (typeof CHANGE)[keyof typeof CHANGE];

/** Of what concerns the job as a whole `unit` is 0. Where nothing is to be read, `length` is 0. */
export interface ChangeRow extends ResultRow {
  kind: ChangeKind;
}

export interface Projection {
  results: readonly ResultRow[];
  unitFacts: readonly UnitFactRow[];
  changes: readonly ChangeRow[];
}

/**
 * What people query, projected lazily from the logs by a reader with a cursor; it can be deleted and built again.
 * Its writes need no fsync.
 */
export interface ReadModel {
  /** The number of the last fact that was projected, 0 at first. */
  cursor(shard: Shard): Promise<number>;
  /** Adds rows and moves the cursor to `upto`, in one transaction; rows at or before the cursor change nothing. */
  project(shard: Shard, upto: number, projection: Projection): Promise<void>;
  /** Final results after (fact, unit), at most `limit`. */
  results(shard: Shard, after: { fact: number; unit: number }, limit: number): Promise<ResultRow[]>;
  /** Changes of some kinds after (fact, unit), at most `limit`. */
  changes(
    shard: Shard,
    kinds: readonly ChangeKind[],
    after: { fact: number; unit: number },
    limit: number,
  ): Promise<ChangeRow[]>;
  result(shard: Shard, unit: number): Promise<ResultRow | null>;
  unitFacts(shard: Shard, unit: number, limit: number): Promise<UnitFactRow[]>;
  /** What was last kept of folding the results of a shard; null: nothing. */
  reduction(shard: Shard): Promise<string | null>;
  keepReduction(shard: Shard, snapshot: string): Promise<void>;
  /** Forgets all of a shard. A shard of which nothing is projected any more stays so. */
  forget(shard: Shard): Promise<void>;
  close(): Promise<void>;
}
