import type { ResultEncoding, Sha256 } from '@gossamer/protocol';

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
  encoding: ResultEncoding;
  /** The result, or where it lies in a blob what `encodeResultBlob` makes. */
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
  verdicts: readonly { readonly ordinal: number; readonly verdict: Verdict }[];
}

/** Names one attempt of a unit by its ordinal in the unit's list of attempts. */
export interface OrdinalItem {
  unit: number;
  ordinal: number;
}

export interface ComparedItem {
  unit: number;
  /** Ordinals. */
  reference: number;
  candidate: number;
  same: boolean;
}

export interface RevokedItem {
  unit: number;
  ordinals: number[];
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
  /** Units that the source yields; of a stream 0. */
  total: number;
  spec: string;
}

/**
 * The durable facts of one job. `at` is ms since 1970. A lease is none: it is not worth a write, and is rebuilt
 * empty after a crash.
 */
export type JobFact =
  | CreatedFact
  /**
   * Inputs of a stream came: those of the units from the last ones' end up to `upto` lie in `blob`; the largest has
   * `longest` bytes.
   */
  | { kind: 'appended'; at: number; upto: number; longest: number; blob: Sha256 }
  /** No more inputs come. */
  | { kind: 'closed'; at: number }
  /** Units with an index below `upto` exist. */
  | { kind: 'cut'; at: number; upto: number }
  | { kind: 'returned'; at: number; device: number; epoch: number; lease: number; items: ReturnedItem[] }
  | { kind: 'errored'; at: number; device: number; epoch: number; lease: number; items: ErroredItem[] }
  | { kind: 'judged'; at: number; items: JudgedItem[] }
  /** What the judge found of results that are not the same byte for byte. */
  | { kind: 'compared'; at: number; items: ComparedItem[] }
  /** Units that stand on the word of one credible device, and are provisional. */
  | { kind: 'accepted'; at: number; device: number; items: OrdinalItem[] }
  /** Results of one credible device that are to be checked by another; units that were provisional are open again. */
  | { kind: 'audited'; at: number; device: number; items: OrdinalItem[] }
  /**
   * A result of the device was found wrong, in this job or (`here` is false) in another one. What it had earned in
   * this job is gone, and all that is provisional on its word is open again. `foreign`: those who outvoted it are all
   * of another class of device, so that this speaks of this job alone.
   */
  | { kind: 'caught'; at: number; device: number; here: boolean; foreign: boolean }
  /** Attempts that were valid on the word of devices that were all caught since: their credit is taken back. */
  | { kind: 'revoked'; at: number; items: RevokedItem[] }
  | { kind: 'failed'; at: number; unit: number; reason: string }
  | { kind: 'lost'; at: number; items: LostItem[] }
  /** Attempts that were taken back, or whose tab refused the program before it ran: no tries of these units. */
  | { kind: 'withdrawn'; at: number; units: number[] }
  /** Units that had failed are open again, with a fresh budget of errors and attempts. */
  | { kind: 'retried'; at: number; units: number[] }
  | { kind: 'held'; at: number; reason: string }
  | { kind: 'released'; at: number; reason: string }
  | { kind: 'cancelled'; at: number; reason: string }
  /** Independence as it is from now on. */
  | { kind: 'relaxed'; at: number; device: boolean; volunteer: boolean; prefix: boolean };
