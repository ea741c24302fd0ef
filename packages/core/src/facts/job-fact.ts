import type { Encoding } from '@gossamer/protocol';

/** Names one attempt for ever: its lease (epoch, number) and its position in it. */
export interface AttemptRef {
  epoch: number;
  lease: number;
  offset: number;
}

export interface ReturnedItem {
  unit: number;
  /** Position in the lease. */
  offset: number;
  /** Run time, ms, as the device claims it. */
  runMs: number;
  encoding: Encoding;
  body: Uint8Array;
}

export interface ErroredItem {
  unit: number;
  offset: number;
  runMs: number;
  /** The program ran past its deadline, rather than threw. */
  overran: boolean;
  text: string;
}

/** What a judgement makes of an attempt. */
export type Verdict = 'valid' | 'invalid' | 'inconclusive';

export interface JudgedItem {
  unit: number;
  /** Ordinal (in the unit's list of attempts) of the canonical result when this judgement chooses it; else null. */
  canonical: number | null;
  verdicts: { ordinal: number; verdict: Verdict }[];
}

export interface LostItem {
  unit: number;
  /** Attempts that ran out of time since the last such fact. */
  expired: number;
  /** Attempts whose session went away, or that a tab gave back. */
  abandoned: number;
}

/** How a job is known to the grid. `spec` is the JSON text of a `JobSpec`; the core reads only what it needs of it. */
export interface CreatedFact {
  kind: 'created';
  at: number;
  id: string;
  /** The submitter's key. */
  submitter: string;
  submitterName: string;
  /** Units that the source yields. */
  total: number;
  spec: string;
}

/**
 * The durable facts of one job. `at` is ms since 1970. A lease is none: it is not worth a write, and is rebuilt
 * empty after a crash.
 */
export type JobFact =
  | CreatedFact
  /** Units with an index below `upto` exist. */
  | { kind: 'cut'; at: number; upto: number }
  | { kind: 'returned'; at: number; device: number; epoch: number; lease: number; items: ReturnedItem[] }
  | { kind: 'errored'; at: number; device: number; epoch: number; lease: number; items: ErroredItem[] }
  | { kind: 'judged'; at: number; items: JudgedItem[] }
  | { kind: 'failed'; at: number; unit: number; reason: string }
  | { kind: 'lost'; at: number; items: LostItem[] }
  | { kind: 'held'; at: number; reason: string }
  | { kind: 'released'; at: number }
  | { kind: 'cancelled'; at: number; reason: string }
  /** Independence as it is from now on. */
  | { kind: 'relaxed'; at: number; device: boolean; volunteer: boolean; prefix: boolean };
