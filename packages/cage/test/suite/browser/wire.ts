import type { CageEnd, CageError } from '../../../src/api.ts';

/** A lease as a test writes it: JSON all through, since it passes the browser's debugging protocol. */
export interface LeaseSpec {
  /** A JavaScript module's text, or the bytes of a wasm module, base64. */
  program: string | { wasm: string };
  params?: unknown;
  /** Inputs as JSON, or bytes; a number stands for so many units with their index as input. */
  inputs: number | ({ json: unknown } | { bytes: number[] })[];
  /** The seed of the unit at position n is `seed + n`. */
  seed?: number;
  firstIndex?: number;
  /** Shared data by name: so many bytes, of which the one at n is n modulo 251. */
  data?: Record<string, number>;
  /** So long each fetch of it takes, ms; "fails": there is none to be had. */
  fetch?: number | 'fails';
  deadlineMs?: number;
  resultBytes?: number;
  /** Its worker is started so long before its turn, ms. */
  stagedMs?: number;
  /** Keeps only the number of results, for large leases. */
  countOnly?: boolean;
}

export type Outcome =
  | { kind: 'json'; value: unknown; runMs: number }
  | { kind: 'bytes'; bytes: number[]; size: number; runMs: number }
  | ({ kind: 'error'; runMs: number } & CageError);

export interface Report {
  /** By position; null where there is none. */
  outcomes: (Outcome | null)[];
  results: number;
  progress: [number, number][];
  logs: [number, string][];
  pictures: [number, number, number][];
  /** Events after `end`, or outcomes out of order: there must be none. */
  disorder: string[];
  end: CageEnd;
  runMs: number;
  /** Wall time, ms. */
  ms: number;
}
