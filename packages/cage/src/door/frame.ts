/** Engine to frame: `[ORDER.…, number]`. */
export const ORDER = {
  /** `[spawn, id]` and the lease's port: a new worker gets that port. */
  spawn: 1,
  /** `[kill, id]`. */
  kill: 2,
  /** `[ping, n]`: the frame answers `[pong, n]`. */
  ping: 3,
} as const;

/** Frame to page (`hello`) and to engine: `[SAY.…, …]`. */
export const SAY = {
  /** `[hello]`, once, when the frame has its port. */
  hello: 1,
  /** `[pong, n]`. */
  pong: 2,
  /** `[failed, id, message]`: the worker died of itself. */
  failed: 3,
} as const;

/** Characters of the message of `failed`. */
export const FAILED_CHARS = 500;

export type FrameSaying = { kind: 'pong'; n: number } | { kind: 'failed'; id: number; message: string };

/**
 * Reads what came from a frame; undefined where it is no such message. A frame is our own document, but strangers'
 * code runs in its process, so it is judged like theirs.
 */
export const readSaying = (data: unknown): FrameSaying | undefined => {
  if (!Array.isArray(data) || data.length > 3) return undefined;
  const [kind, id, message] = data as unknown[];
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) return undefined;
  if (kind === SAY.pong && data.length === 2) return { kind: 'pong', n: id };
  if (kind === SAY.failed && typeof message === 'string') {
    return { kind: 'failed', id, message: message.slice(0, FAILED_CHARS) };
  }
  return undefined;
};
