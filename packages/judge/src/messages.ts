import type { Encoding } from '@gossamer/protocol';
import type { JudgeReason } from './judge-error.ts';

/** An input, a result or an argument: JSON text as UTF-8, which the program gets parsed, or bytes as they are. */
export interface JudgeValue {
  encoding: Encoding;
  body: Uint8Array;
}

/** One call of one exported function. A thread has one at a time. */
export interface Call {
  program: { sha256: string; text: string };
  name: string;
  args: readonly JudgeValue[];
}

/** What became of a call. `type` is the type of what was returned, in words: `boolean`, `a promise`. */
export type Outcome =
  | { kind: 'returned'; type: string; json: string }
  /** The argument at `index` calls itself JSON and cannot be parsed; the program was not asked. */
  | { kind: 'unreadable'; index: number }
  | Failure;

export interface Failure {
  kind: 'failed';
  reason: JudgeReason;
  message: string;
}

export const failure = (reason: JudgeReason, message: string): Failure => ({ kind: 'failed', reason, message });

export interface Ready {
  kind: 'ready';
}

/** What a thread says: once that it has started, then the outcome of each call. */
export type Said = Ready | Outcome;
