import type { WireError } from './wire-error.ts';

/** A call to a thread; `close` is the last one. */
export type Call = { id: number; request: unknown } | { id: number; close: true };

/** A thread's answer. The first one, of id 0, says whether it could start. */
export type Answer = { id: number; value: unknown } | { id: number; error: WireError };
