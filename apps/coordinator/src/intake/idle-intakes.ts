import type { Job } from '@gossamer/core';
import { closeInputs, isAwaiting, isOver } from '@gossamer/core';
import type { Logger } from 'pino';
import type { Runtime } from '../runtime/runtime.ts';
import type { Watchers } from '../runtime/watchers.ts';

/** What is asked of its job before a stream is closed. */
const isBusy = ({ order, counts, total }: Job, isWatched: boolean): boolean =>
  isWatched || order.kind === 'held' || counts.validated + counts.failed < total;

/**
 * Closes streams that nobody feeds any more: a client that was killed leaves its job open, and its room is taken. Whoever
 * follows a job, as a pipe does, may be as slow as it likes; so may a job that is held, or is not done with what came.
 */
export class IdleIntakes {
  readonly #runtime: Runtime;
  readonly #watchers: Watchers;
  readonly #logger: Logger;
  readonly #idleMs: number;
  readonly #lookMs: number;
  /** When each was busy the last time, ms since 1970; none before the start, as nobody could reach it. */
  readonly #busyAt = new Map<number, number>();
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;

  /** `idleMs`: how long one waits for inputs; `lookMs`: how often it is looked. */
  constructor(runtime: Runtime, watchers: Watchers, logger: Logger, idleMs: number, lookMs: number) {
    this.#runtime = runtime;
    this.#watchers = watchers;
    this.#logger = logger;
    this.#idleMs = idleMs;
    this.#lookMs = lookMs;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#look(), this.#lookMs);
  }

  /** Resolves when what was decided is written, or cannot be. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    await this.#looking;
  }

  #look(): Promise<void> {
    this.#looking ??= this.#closeIdle()
      .catch((error: unknown) => this.#logger.warn({ error }, 'streams were not closed; it is tried again'))
      .finally(() => (this.#looking = null));
    return this.#looking;
  }

  async #closeIdle(): Promise<void> {
    const { scheduler } = this.#runtime;
    const now = this.#runtime.now();
    const idle = [...scheduler.jobs.values()].filter((job) => this.#isIdle(job, now));
    if (idle.length === 0) return;
    await this.#runtime.run('idle-inputs', (effects) => {
      for (const job of idle) if (isAwaiting(job) && !isOver(job)) closeInputs(job, now, effects);
    });
    this.#logger.info({ jobs: idle.length }, 'inputs were closed, as none had come for long');
  }

  #isIdle(job: Job, now: number): boolean {
    const { number, intake } = job;
    if (intake === null || !isAwaiting(job) || isOver(job)) {
      this.#busyAt.delete(number);
      return false;
    }
    const before = this.#busyAt.get(number);
    if (before === undefined || isBusy(job, this.#watchers.isWatched(number))) this.#busyAt.set(number, now);
    return now - Math.max(intake.lastAt, before ?? now) >= this.#idleMs;
  }
}
