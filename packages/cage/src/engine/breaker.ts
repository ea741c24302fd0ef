import { DOOR } from '../door/limits.ts';

/** A pause longer than this is no pause of the sender's: the engine itself did not get to read, ms. */
const STALL_MS = 1000;

/** A longer one the worker did not work through either: its machine slept, ms. */
const ASLEEP_MS = 60_000;

/**
 * Counts a worker's messages beyond its credit: `DOOR.burst` at once, `DOOR.perSecond` in the long run. What a worker
 * rightly sent while the engine stood still has queued up, so a stall grants more than a burst.
 */
export const makeBreaker = (now: () => number): { take(): boolean; seen(): void } => {
  let tokens: number = DOOR.burst;
  let last = now();
  const seen = (): void => {
    const time = now();
    const gap = Math.min(time - last, ASLEEP_MS);
    last = time;
    const more = tokens + (gap * DOOR.perSecond) / 1000;
    tokens = gap > STALL_MS ? more : Math.min(Math.max(DOOR.burst, tokens), more);
  };
  return {
    /** False where the message is one too many. */
    take: () => {
      seen();
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    /** Called often, so that a stall is told from a quiet worker. */
    seen,
  };
};
