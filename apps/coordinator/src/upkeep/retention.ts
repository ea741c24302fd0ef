import type { Job } from '@gossamer/core';
import { endedAt } from '@gossamer/core';
import type { JobSpec } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Deletions } from './deletions.ts';
import { Looks } from './looks.ts';

const DAY_MS = 24 * 3_600_000;

/**
 * How many days a new job is kept after its end; null: for ever. What it does not say is the operator's to say. Throws
 * ProblemError `request-invalid` for more than the operator allows.
 */
export const retentionOf = (
  { retention }: Pick<JobSpec, 'retention'>,
  { retentionDays, retentionMaxDays }: Pick<Config, 'retentionDays' | 'retentionMaxDays'>,
): number | null => {
  if (retention === undefined) return retentionDays;
  if (retentionMaxDays !== null && (retention === null || retention > retentionMaxDays)) {
    const message = `this grid keeps jobs for ${retentionMaxDays} days after their end at the most`;
    throw new ProblemError('request-invalid', message, [{ path: 'body.retention', message }]);
  }
  return retention;
};

/** When a job is to be deleted, ms since 1970; null: not by itself, or its end is not known yet. */
export const expiresAt = (job: Job): number | null => {
  const ended = endedAt(job);
  const { retention = null } = job.spec.full;
  return ended === null || retention === null ? null : ended + Math.ceil(retention * DAY_MS);
};

/** Deletes jobs whose time is over. */
export class Retention {
  readonly #runtime: Runtime;
  readonly #deletions: Deletions;
  readonly #logger: Logger;
  readonly #looks: Looks;

  /** `lookMs`: how often it looks. */
  constructor(runtime: Runtime, deletions: Deletions, logger: Logger, lookMs: number) {
    this.#runtime = runtime;
    this.#deletions = deletions;
    this.#logger = logger;
    this.#looks = new Looks(() => this.#look(), lookMs);
  }

  start(): void {
    this.#looks.start();
  }

  /** Resolves when the deletion that is under way was decided. */
  close(): Promise<void> {
    return this.#looks.close();
  }

  async #look(): Promise<void> {
    const { scheduler } = this.#runtime;
    for (const job of [...scheduler.jobs.values()]) {
      const at = expiresAt(job);
      if (this.#looks.isOver) return;
      if (at === null || at > this.#runtime.now()) continue;
      try {
        await this.#deletions.delete(job, 'retention');
        this.#logger.info({ jobNumber: job.number }, 'a job was deleted, as the time for which it was kept is over');
      } catch (error) {
        // Who deleted it, or retried it, meanwhile was first; whatever else it is, the next look tries again.
        if (!(error instanceof ProblemError) || error.status >= 500)
          this.#logger.warn({ error, jobNumber: job.number }, 'a job could not be deleted; it is tried again');
      }
    }
  }
}
