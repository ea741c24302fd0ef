import type { CageData } from '../api.ts';
import { DOOR } from '../door/limits.ts';
import type { RunClock } from './clock.ts';

/** A read as the worker asks for it. */
export interface WantedRead {
  position: number;
  from: number;
  to: number;
}

export interface ReadsHost {
  /** Sends the bytes and gives them up. */
  answer(body: ArrayBuffer): void;
  /** They cannot be had: nothing more is served. */
  failed(message: string): void;
}

const NONE: Pick<CageData, 'entries'> = { entries: [] };

/**
 * Serves what one worker reads of its job's shared data: one read after another, in the order of the requests, so that a
 * worker has one read in memory at a time, and at a bounded rate. While bytes are fetched the clock of the unit that runs
 * stands still, within a limit; while a read waits for its turn, as there were too many, it does not.
 */
export const makeReads = (data: CageData | undefined, clock: RunClock, now: () => number, host: ReadsHost) => {
  const { entries } = data ?? NONE;
  const queue: WantedRead[] = [];
  let serving = false;
  let ended = false;
  let tokens: number = DOOR.dataBurst;
  let refilled = now();
  /** Time that bytes were fetched for the unit that runs, ms; and when the fetch that is under way began. */
  let waited = 0;
  let since: number | null = null;

  /** ms until the next read may be served. */
  const pause = (): number => {
    const time = now();
    tokens = Math.min(DOOR.dataBurst, tokens + ((time - refilled) * DOOR.dataPerSecond) / 1000);
    refilled = time;
    tokens -= 1;
    return tokens >= 0 ? 0 : (-tokens * 1000) / DOOR.dataPerSecond;
  };

  const fetched = async ({ position, from, to }: WantedRead): Promise<ArrayBuffer> => {
    since = clock.elapsed();
    try {
      return await data!.read(position, from, to);
    } finally {
      waited += clock.elapsed() - since;
      since = null;
    }
  };

  const serve = async (): Promise<void> => {
    serving = true;
    for (let read = queue[0]; read !== undefined && !ended; read = queue[0]) {
      const ms = pause();
      if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
      if (ended) return;
      try {
        const body = await fetched(read);
        if (ended) return;
        queue.shift();
        host.answer(body);
      } catch (error) {
        if (!ended) host.failed(error instanceof Error ? error.message : String(error));
        return;
      }
    }
    serving = false;
  };

  const isRead = ({ position, from, to }: WantedRead): boolean => {
    const size = entries[position]?.size ?? -1;
    const whole = Number.isSafeInteger(from) && Number.isSafeInteger(to);
    return whole && from <= to && to <= size && to - from <= DOOR.dataBytes;
  };

  return {
    /** False where it is none that a boot would send, or one more than may be on the way. */
    take(read: WantedRead): boolean {
      if (!isRead(read) || queue.length >= DOOR.dataRequests) return false;
      queue.push(read);
      if (!serving) void serve();
      return true;
    },
    /** How long the unit that runs has waited for bytes, ms of run time, as far as that excuses it. */
    waitedMs: (): number => Math.min(DOOR.dataWaitMs, waited + (since === null ? 0 : clock.elapsed() - since)),
    /** Another unit runs: what a fetch of the last one takes from now on is time of this one. */
    nextUnit(): void {
      waited = 0;
      if (since !== null) since = clock.elapsed();
    },
    end(): void {
      ended = true;
    },
  };
};
