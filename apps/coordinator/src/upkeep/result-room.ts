import { holdJob, isOpen } from '@gossamer/core';
import type { KeyId } from '@gossamer/protocol';
import type { Logger } from 'pino';
import type { Runtime } from '../runtime/runtime.ts';
import type { Quotas } from './quotas.ts';

/**
 * Holds the open jobs of keys whose results take all the room that they may have. Nothing that was computed is refused: what
 * is out when a job is held comes back, so that a key may have more than its quota by that and by what comes in one look.
 */
export class ResultRoom {
  readonly #runtime: Runtime;
  readonly #quotas: Pick<Quotas, 'lackOfResultRoom'>;
  readonly #logger: Logger;
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;

  /** `everyMs`: how often it looks. */
  constructor(runtime: Runtime, quotas: Pick<Quotas, 'lackOfResultRoom'>, logger: Logger, everyMs: number) {
    this.#runtime = runtime;
    this.#quotas = quotas;
    this.#logger = logger;
    this.#everyMs = everyMs;
  }

  start(): void {
    this.#timer = setInterval(
      () => (this.#looking ??= this.#look().finally(() => (this.#looking = null))),
      this.#everyMs,
    );
  }

  /** Resolves when the hold that is under way was written. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    await this.#looking;
  }

  async #look(): Promise<void> {
    const runtime = this.#runtime;
    const open = [...runtime.scheduler.jobs.values()].filter(isOpen);
    const lacks = new Map<string, string>();
    for (const key of new Set(open.map(({ spec }) => spec.submitter))) {
      const lack = this.#quotas.lackOfResultRoom(key as KeyId);
      if (lack !== null) lacks.set(key, lack.detail ?? lack.message);
    }
    if (lacks.size === 0) return;
    try {
      await runtime.run('results', (effects) => {
        for (const job of open) {
          const lack = lacks.get(job.spec.submitter);
          if (lack === undefined || !isOpen(job)) continue;
          holdJob(job, `There is no room for its results: ${lack}`, runtime.now(), effects);
        }
      });
    } catch (error) {
      this.#logger.warn({ error }, 'jobs without room for their results could not be held; it is tried again');
    }
  }
}
