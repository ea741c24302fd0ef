import { LogDamaged, type LogStore, type Shard } from '@gossamer/store';
import type { Logger } from 'pino';
import { MOST_SEGMENT_BYTES } from './join-segments.ts';
import type { ShardLog } from './shard-log.ts';

/** How often it is looked whether there is something to do, ms. */
const LOOK_MS = 1000;
/** The pause after a step, as a multiple of what the step took. */
const REST = 4;
/** The pause after a step that failed, as for want of room, ms. */
const FAILED_MS = 60_000;

/** How far a job's log is compact. */
interface Progress {
  /** The last fact of the last segment that is. */
  upto: number;
  /** When there was nothing more to do: the log, its last fact, the bytes that were written, was nothing to follow? */
  log: ShardLog | null;
  seen: number;
  written: number;
  wasOver: boolean;
}

const BEGINNING: Progress = { upto: 0, log: null, seen: 0, written: 0, wasOver: false };

export interface CompactorParts {
  log: LogStore;
  logger: Logger;
  /** The logs of all jobs. */
  logs: () => Iterable<ShardLog>;
  /** Nothing of the job will follow for long. */
  isOver: (job: Shard) => boolean;
  /** There are better things to do: rows of a loaded grid are large already. */
  isBusy: () => boolean;
}

/**
 * Makes the logs of jobs compact, a segment at a time and in the background: what a job wrote in small rows becomes rows of
 * up to 256 KiB, deflated. It waits while the grid is busy, and takes a fifth of a thread's time at the most.
 */
export class Compactor {
  readonly #parts: CompactorParts;
  readonly #progress = new Map<Shard, Progress>();
  #running: Promise<void> | null = null;
  #closed = false;
  #wake: () => void = () => {};
  #segments = 0;
  #before = 0;
  #after = 0;

  constructor(parts: CompactorParts) {
    this.#parts = parts;
  }

  /** Segments that were joined with others or rewritten since the start. */
  get segments(): number {
    return this.#segments;
  }

  /** Bytes that their bodies took on disk. */
  get before(): number {
    return this.#before;
  }

  /** Bytes of what is there instead. */
  get after(): number {
    return this.#after;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when the step that is under way has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      let steps = 0;
      for (const log of [...this.#parts.logs()]) {
        while (!this.#closed && this.#parts.isBusy()) await this.#sleep(LOOK_MS);
        if (this.#closed) return;
        if (this.#isWorthALook(log)) steps += await this.#step(log);
      }
      if (steps === 0) await this.#sleep(LOOK_MS);
    }
  }

  /** A job that goes on is worth a look when a segment can be filled with what is new. */
  #isWorthALook(log: ShardLog): boolean {
    const { shard, committed, written } = log;
    const progress = this.#progress.get(shard) ?? BEGINNING;
    if (progress.log !== log) return progress.seen !== Number.POSITIVE_INFINITY;
    if (this.#parts.isOver(shard)) return committed > progress.seen || !progress.wasOver;
    return written - progress.written >= MOST_SEGMENT_BYTES;
  }

  /** One step, and the pause after it. Gives how many there were that changed something. */
  async #step(log: ShardLog): Promise<0 | 1> {
    const { shard, epoch, committed, written } = log;
    const progress = this.#progress.get(shard) ?? BEGINNING;
    const isOver = this.#parts.isOver(shard);
    const began = performance.now();
    try {
      const found = await this.#parts.log.compact(shard, epoch, progress.upto, {
        mostBytes: MOST_SEGMENT_BYTES,
        isOver,
      });
      // The job is being read again, under a new epoch.
      if (found === 'fenced') return 0;
      const isDone = found.segments === 0;
      const next = isDone ? { log, seen: committed, written, wasOver: isOver } : progress;
      this.#progress.set(shard, { ...next, upto: found.upto });
      this.#segments += found.segments;
      this.#before += found.before;
      this.#after += found.after;
      await this.#sleep(REST * (performance.now() - began));
      return isDone ? 0 : 1;
    } catch (error) {
      await this.#fail(error, shard);
      return 0;
    }
  }

  async #fail(error: unknown, shard: Shard): Promise<void> {
    if (this.#closed) return;
    this.#parts.logger.warn({ error, jobNumber: shard }, 'the log of a job could not be made compact');
    // What is damaged is not looked at again before the next start.
    if (error instanceof LogDamaged) this.#progress.set(shard, { ...BEGINNING, seen: Number.POSITIVE_INFINITY });
    else await this.#sleep(FAILED_MS);
  }

  #sleep(ms: number): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
