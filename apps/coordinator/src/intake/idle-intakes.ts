import { closeInputs, isAwaiting, isOver } from '@gossamer/core';
import type { Logger } from 'pino';
import type { Runtime } from '../runtime/runtime.ts';

/** Closes streams that nobody feeds any more: a client that was killed leaves its job open, and its room is taken. */
export class IdleIntakes {
  readonly #runtime: Runtime;
  readonly #logger: Logger;
  readonly #idleMs: number;
  readonly #lookMs: number;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;

  /** `idleMs`: how long one waits for inputs; `lookMs`: how often it is looked. */
  constructor(runtime: Runtime, logger: Logger, idleMs: number, lookMs: number) {
    this.#runtime = runtime;
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
    const idle = [...scheduler.jobs.values()].filter(
      (job) => isAwaiting(job) && !isOver(job) && now - job.intake!.lastAt >= this.#idleMs,
    );
    if (idle.length === 0) return;
    await this.#runtime.run('idle-inputs', (effects) => {
      for (const job of idle) if (isAwaiting(job) && !isOver(job)) closeInputs(job, now, effects);
    });
    this.#logger.info({ jobs: idle.length }, 'inputs were closed, as none had come for long');
  }
}
