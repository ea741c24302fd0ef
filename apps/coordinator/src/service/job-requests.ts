import type { BatchSpec, JobSpec } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import { createHash } from 'node:crypto';
import type { Caller } from '../grid.ts';
import type { GridState, JobRequest } from '../runtime/grid-state.ts';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A request to make a job, or a batch of them, by which it is known again: `key` is that of its caller, and tells nobody the header. */
export const jobRequestOf = (caller: Caller, idempotencyKey: string, spec: JobSpec | BatchSpec): JobRequest => ({
  key: hash(`${caller.key}\n${idempotencyKey}`),
  fingerprint: hash(JSON.stringify(spec)),
});

/** Makes of requests that say they are the same one request: those that come while it is under way wait for its outcome. */
export class JobRequests {
  readonly #underWay = new Map<string, { fingerprint: string; outcome: Promise<number> }>();
  readonly #known: GridState['jobRequests'];
  readonly #exists: (number: number) => boolean;

  /** `exists`: whether the job of this number was made, or only its number taken. */
  constructor(known: GridState['jobRequests'], exists: (number: number) => boolean) {
    this.#known = known;
    this.#exists = exists;
  }

  /** The job's number. Throws ProblemError `idempotency-key-reused` for another request under the same key. */
  async once(request: JobRequest, make: () => Promise<number>): Promise<{ number: number; replayed: boolean }> {
    const { key, fingerprint } = request;
    const before = this.#underWay.get(key) ?? this.#known.get(key);
    if (before !== undefined && before.fingerprint !== fingerprint) throw new ProblemError('idempotency-key-reused');
    if (before !== undefined && 'outcome' in before) return { number: await before.outcome, replayed: true };
    if (before !== undefined && this.#exists(before.number)) return { number: before.number, replayed: true };
    const outcome = make();
    this.#underWay.set(key, { fingerprint, outcome });
    try {
      return { number: await outcome, replayed: false };
    } finally {
      this.#underWay.delete(key);
    }
  }
}
