import type { Job, Scheduler } from '@gossamer/core';
import { isOver } from '@gossamer/core';
import type { KeyId, Quota, QuotasView, Sha256 } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import type { Caller } from '../caller.ts';
import type { GridState } from '../runtime/grid-state.ts';
import type { BlobLedger } from './blob-ledger.ts';

/** What a job counts with: of a stream, which may go on for ever, only what is not done yet. */
export const unitsOf = ({ total, intake, counts }: Job): number =>
  intake === null ? total : total - counts.validated - counts.failed;

/** What is asked for: `used` is what there is already. */
type Name = keyof Quota;

const WORDS: Record<Name, { has: string; what: string; todo: string }> = {
  blobBytes: {
    has: 'bytes of blobs',
    what: 'this upload',
    todo: 'delete jobs that have ended, so that what only they name is collected',
  },
  openJobs: { has: 'open jobs', what: 'this request', todo: 'wait until some have ended, or cancel them' },
  units: { has: 'units in open jobs', what: 'this request', todo: 'wait until some jobs have ended, or cancel them' },
};

/** Throws ProblemError `quota-exceeded`, which says which quota, how much of it is used, and what to do. */
const refuse = (name: Name, limit: number, used: number, more: number, what = WORDS[name].what): never => {
  const { has, todo } = WORDS[name];
  throw new ProblemError(
    'quota-exceeded',
    `this key may have ${limit} ${has} and has ${used}; ${what} needs ${more} more: ${todo}, or ask the operator for more`,
  );
};

/** What a key is about to have; `uploads`: how many of its uploads are over. */
type UnderWay = Record<Name, number> & { uploads: number };

/** What keys may have, and have. What is under way counts, so that many at once get no more than one after the other. */
export class Quotas {
  readonly #state: GridState;
  readonly #scheduler: Scheduler;
  readonly #ledger: BlobLedger;
  readonly #defaults: Required<Quota>;
  readonly #underWay = new Map<KeyId, UnderWay>();

  /** `defaults`: of submitters' keys; operators' keys have none. */
  constructor(state: GridState, scheduler: Scheduler, ledger: BlobLedger, defaults: Required<Quota>) {
    this.#state = state;
    this.#scheduler = scheduler;
    this.#ledger = ledger;
    this.#defaults = defaults;
  }

  view(key: KeyId): QuotasView {
    const { openJobs, units } = this.#jobsOf(key);
    const use = (name: Name, used: number) => ({ limit: this.#limit(key, name), used });
    return {
      blobBytes: use('blobBytes', this.#ledger.bytesOf(key)),
      openJobs: use('openJobs', openJobs),
      units: use('units', units),
    };
  }

  /** Takes room for new jobs of so many units each, until what it gives is called: by then they count themselves. */
  reserveJobs({ key }: Pick<Caller, 'key'>, totals: readonly number[]): () => void {
    return this.#reserve(key, { openJobs: totals.length, units: totals.reduce((sum, total) => sum + total, 0) });
  }

  /** Takes room for a blob that the key may have already, until what it gives is called. Throws `quota-exceeded`. */
  reserveBytes(key: KeyId, hash: Sha256, size: number): () => void {
    if (this.#limit(key, 'blobBytes') === null || this.#ledger.has(key, hash)) return () => undefined;
    this.admitUpload(key, size);
    return this.holdUpload(key, size);
  }

  /** The same for units that come to a job. */
  reserveUnits({ key }: Pick<Caller, 'key'>, units: number): () => void {
    return this.#reserve(key, { openJobs: 0, units });
  }

  #reserve(key: KeyId, wanted: { openJobs: number; units: number }): () => void {
    const before = this.#jobsOf(key);
    const underWay = this.#underWayOf(key);
    for (const name of ['openJobs', 'units'] as const) {
      const limit = this.#limit(key, name);
      const used = before[name] + underWay[name];
      if (limit !== null && used + wanted[name] > limit) refuse(name, limit, used, wanted[name]);
    }
    underWay.openJobs += wanted.openJobs;
    underWay.units += wanted.units;
    return () => {
      underWay.openJobs -= wanted.openJobs;
      underWay.units -= wanted.units;
    };
  }

  /** Counts blobs that a job is about to name, whoever uploaded them. Throws `quota-exceeded`. */
  admitBlobs({ key }: Caller, named: ReadonlyMap<Sha256, number>): void {
    let more = 0;
    for (const [hash, size] of named) {
      this.#ledger.learned(hash, size);
      if (!this.#ledger.has(key, hash)) more += size;
    }
    const limit = this.#limit(key, 'blobBytes');
    if (limit === null || more === 0) return;
    const used = this.#ledger.bytesOf(key) + this.#underWayOf(key).blobBytes;
    if (used + more > limit) refuse('blobBytes', limit, used, more, 'the data of this job');
  }

  /** Throws `quota-exceeded` where there is no room for so many bytes more, or for those that there are. */
  admitUpload(key: KeyId, more: number): void {
    const limit = this.#limit(key, 'blobBytes');
    if (limit === null) return;
    const used = this.#ledger.bytesOf(key) + this.#underWayOf(key).blobBytes;
    if (used + more > limit) refuse('blobBytes', limit, used, more);
  }

  /** The same of what is stored alone, whatever is on its way. */
  admitStored(key: KeyId, more: number): void {
    const limit = this.#limit(key, 'blobBytes');
    const used = limit === null ? 0 : this.#ledger.bytesOf(key);
    if (limit !== null && used + more > limit) refuse('blobBytes', limit, used, more);
  }

  /** Takes room for an upload that comes in pieces, until what it gives is called: by then it counts itself, or is gone. */
  holdUpload(key: KeyId, length: number): () => void {
    const underWay = this.#underWayOf(key);
    underWay.blobBytes += length;
    return () => {
      underWay.blobBytes -= length;
      underWay.uploads += 1;
    };
  }

  /**
   * Counts the bytes of an upload as they come; `declared`: what its head says, if it does. Throws `quota-exceeded` at the
   * first chunk that is too much. `done` is to be called when it is over.
   */
  meter(key: KeyId, content: AsyncIterable<Uint8Array>, declared: number | null) {
    const limit = this.#limit(key, 'blobBytes');
    const underWay = this.#underWayOf(key);
    let counted = 0;
    // Summed up anew only when another upload has come in meanwhile.
    let stored = { bytes: 0, uploads: -1 };
    const check = (more: number): void => {
      if (stored.uploads !== underWay.uploads) {
        stored = { bytes: limit === null ? 0 : this.#ledger.bytesOf(key), uploads: underWay.uploads };
      }
      const used = stored.bytes + underWay.blobBytes - counted;
      if (limit !== null && used + more > limit) refuse('blobBytes', limit, used, more);
    };
    if (declared !== null) check(declared);
    async function* metered(): AsyncGenerator<Uint8Array> {
      for await (const chunk of content) {
        counted += chunk.byteLength;
        underWay.blobBytes += chunk.byteLength;
        check(counted);
        yield chunk;
      }
    }
    return {
      content: metered(),
      done: (): void => {
        underWay.blobBytes -= counted;
        underWay.uploads += 1;
      },
    };
  }

  #limit(key: KeyId, name: Name): number | null {
    const view = this.#state.keys.get(key)?.view;
    const own = view?.quota[name];
    if (own !== undefined) return own;
    return view?.role === 'submitter' ? this.#defaults[name]! : null;
  }

  #jobsOf(key: KeyId): { openJobs: number; units: number } {
    const sum = { openJobs: 0, units: 0 };
    for (const job of this.#scheduler.jobs.values()) {
      if (job.spec.submitter !== key || isOver(job)) continue;
      sum.openJobs += 1;
      sum.units += unitsOf(job);
    }
    return sum;
  }

  #underWayOf(key: KeyId): UnderWay {
    const known = this.#underWay.get(key) ?? { blobBytes: 0, openJobs: 0, units: 0, uploads: 0 };
    this.#underWay.set(key, known);
    return known;
  }
}
