import type { Job } from '@gossamer/core';
import { holdJob, isOpen } from '@gossamer/core';
import type { KeyId, ProblemError } from '@gossamer/protocol';
import type { Logger } from 'pino';
import type { Runtime } from '../runtime/runtime.ts';
import { Looks } from './looks.ts';
import type { Quotas } from './quotas.ts';

/**
 * Holds the open jobs of keys whose results take all the room that they may have. Nothing that was computed is refused: what
 * is out when a job is held comes back, so that a key may have more than its quota by that and by what comes in one look.
 */
export class ResultRoom {
  readonly #runtime: Runtime;
  readonly #quotas: Pick<Quotas, 'lacksOfResultRoom'>;
  readonly #logger: Logger;
  readonly #looks: Looks;

  /** `everyMs`: how often it looks. */
  constructor(runtime: Runtime, quotas: Pick<Quotas, 'lacksOfResultRoom'>, logger: Logger, everyMs: number) {
    this.#runtime = runtime;
    this.#quotas = quotas;
    this.#logger = logger;
    this.#looks = new Looks(() => this.#look(), everyMs);
  }

  start(): void {
    this.#looks.start();
  }

  /** Resolves when the hold that is under way was written. */
  close(): Promise<void> {
    return this.#looks.close();
  }

  async #look(): Promise<void> {
    const runtime = this.#runtime;
    const lacks = this.#quotas.lacksOfResultRoom();
    const lackOf = ({ spec }: Job): ProblemError | undefined => lacks.get(spec.submitter as KeyId);
    const full = [...runtime.scheduler.jobs.values()].filter((job) => isOpen(job) && lackOf(job) !== undefined);
    if (full.length === 0) return;
    try {
      await runtime.run('results', (effects) => {
        for (const job of full) {
          const lack = lackOf(job)!;
          const reason = `There is no room for its results: ${lack.detail ?? lack.message}`;
          if (isOpen(job)) holdJob(job, reason, runtime.now(), effects);
        }
      });
    } catch (error) {
      this.#logger.warn({ error }, 'jobs without room for their results could not be held; it is tried again');
    }
  }
}
