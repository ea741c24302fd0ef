import type { Encoding } from '@gossamer/protocol';
import type { JudgeReason } from './judge-error.ts';
import type { Tool } from './vm/prelude/index.ts';

/** An input, a result or an argument: JSON text as UTF-8, which the program gets parsed, or bytes as they are. */
export interface JudgeValue {
  encoding: Encoding;
  body: Uint8Array;
}

/** One question to one program. A thread has one at a time. */
export interface Call {
  program: { sha256: string; text: string };
  /** What asks it: `call` calls an export, the others are told in `vm/prelude`. */
  tool: Tool;
  /** The export that is asked. */
  name: string;
  args: readonly JudgeValue[];
  /** Follow `args`, each as its encoding and its text or bytes: values of which the tool makes several. */
  raw: readonly JudgeValue[];
}

/** What became of a call. `type` is the type of what was returned, in words: `boolean`, `a promise`. */
export type Outcome =
  | { kind: 'returned'; type: string; json: string }
  /** The argument, or else the raw value, at `index` calls itself JSON and cannot be parsed; what was asked is undone. */
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
