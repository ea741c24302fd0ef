import type { Job, Scheduler } from '@gossamer/core';
import { cancelJobs, clearJobs, isOver } from '@gossamer/core';
import type { LeaseRef } from '@gossamer/protocol';
import type { Logger } from 'pino';
import type { GridState } from '../runtime/grid-state.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { signerFingerprint } from './signer-fingerprint.ts';

export interface EnforcementParts {
  runtime: Runtime;
  state: GridState;
  logger: Logger;
  /** Tells devices to end leases. */
  revoke: (leases: Map<number, LeaseRef[]>) => void;
  /** Cards that were made, or that sessions have, say what is no more so. */
  forgetCards: () => void;
}

/** Open jobs whose signer was revoked, each with the reason for which it ends. */
const revokedJobs = ({ jobs }: Scheduler, { signers }: GridState): Map<Job, string> => {
  const reasons = new Map<Job, string>();
  for (const job of jobs.values()) {
    const { signature } = job.spec.full;
    const record = signature === null ? undefined : signers.get(signature.signer);
    if (record === undefined || record.revokedAt === null || isOver(job)) continue;
    reasons.set(job, `its signer “${record.name}” (${signerFingerprint(record.key)}) was revoked`);
  }
  return reasons;
};

const joined = (...found: Map<number, LeaseRef[]>[]): Map<number, LeaseRef[]> => {
  const all = new Map<number, LeaseRef[]>();
  for (const byDevice of found) {
    for (const [device, refs] of byDevice) all.set(device, [...(all.get(device) ?? []), ...refs]);
  }
  return all;
};

/**
 * Makes jobs and leases follow what the grid has decided of signers and devices: revoked signers' jobs are cancelled, and
 * leases end that are where they may not be. It rests on the state alone: what a crash or a job whose log is read again
 * left undone is done by the next start, or as soon as the runtime decides again.
 */
export class Enforcement {
  readonly #parts: EnforcementParts;
  #isDue = false;

  constructor(parts: EnforcementParts) {
    this.#parts = parts;
  }

  /** Throws ProblemError `unavailable` or `storage-full` when it is not on disk; it is done later, then. */
  async carryOut(cause: string): Promise<void> {
    const { runtime, state, revoke, forgetCards } = this.#parts;
    let ended = new Map<number, LeaseRef[]>();
    this.#isDue = true;
    try {
      await runtime.run(cause, (effects) => {
        this.#isDue = false;
        const { scheduler } = runtime;
        const now = runtime.now();
        const cancelled = cancelJobs(scheduler, revokedJobs(scheduler, state), now, effects);
        ended = joined(cancelled, clearJobs(scheduler, now, effects));
      });
    } catch (error) {
      this.#isDue = true;
      throw error;
    } finally {
      // What was decided is told, also where it could not be written down now.
      forgetCards();
      revoke(ended);
    }
  }

  /** To be called when the runtime decides again. */
  catchUp(): void {
    if (!this.#isDue) return;
    this.carryOut('catch-up').catch((error: unknown) => {
      this.#parts.logger.error(
        { error },
        'what was decided of signers and devices could not be carried out; it is due',
      );
    });
  }

  /** The grid's log was read again: it may tell what nobody has carried out. */
  reviewed(): void {
    this.#isDue = true;
    this.catchUp();
  }
}
