import type { Job, Scheduler } from '@gossamer/core';
import { isOver } from '@gossamer/core';
import type { KeyId, Quota, QuotaName, QuotasView, Sha256 } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import type { Caller } from '../caller.ts';
import type { GridState } from '../runtime/grid-state.ts';
import type { BlobLedger } from './blob-ledger.ts';

/** What a job counts with: of a stream, which may go on for ever, only what is not done yet. */
export const unitsOf = ({ total, intake, counts }: Job): number =>
  intake === null ? total : total - counts.validated - counts.failed;

const WORDS: Record<QuotaName, { has: string; what: string; todo: string }> = {
  blobBytes: {
    has: 'bytes of blobs',
    what: 'this upload',
    todo: 'delete jobs that have ended, so that what only they name is collected',
  },
  resultBytes: {
    has: 'bytes of results',
    what: 'this request',
    todo: 'delete jobs that have ended, with their results',
  },
  openJobs: { has: 'open jobs', what: 'this request', todo: 'wait until some have ended, or cancel them' },
  units: { has: 'units in open jobs', what: 'this request', todo: 'wait until some jobs have ended, or cancel them' },
};

/** Throws ProblemError `quota-exceeded`, which says which quota, how much of it is used, and what to do. */
const refuse = (name: QuotaName, limit: number, used: number, more: number, what = WORDS[name].what): never => {
  const { has, todo } = WORDS[name];
  throw new ProblemError(
    'quota-exceeded',
    `this key may have ${limit} ${has} and has ${used}; ${what} needs ${more} more: ${todo}, or ask the operator for more`,
    undefined,
    { name, limit, used, asked: more },
  );
};

/** Nobody asks for room for results: they come. Where there is none for one more byte their jobs are held (`ResultRoom`). */
const fullOfResults = (limit: number, used: number): ProblemError =>
  new ProblemError(
    'quota-exceeded',
    `this key may have ${limit} ${WORDS.resultBytes.has} and has ${used}: ${WORDS.resultBytes.todo}, or ask the operator for more`,
    undefined,
    { name: 'resultBytes', limit, used, asked: 1 },
  );

/** Blobs, and their sizes in bytes. */
export type SizedBlobs = ReadonlyMap<Sha256, number>;

/**
 * What a key is about to have; `uploads`: how many of its uploads are over; `named`: blobs of which jobs are about to be made,
 * by how many.
 */
interface UnderWay extends Record<Exclude<QuotaName, 'resultBytes'>, number> {
  uploads: number;
  named: Map<Sha256, number>;
}

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
    const use = (name: QuotaName, used: number) => ({ limit: this.#limit(key, name), used });
    return {
      blobBytes: use('blobBytes', this.#ledger.bytesOf(key)),
      resultBytes: use('resultBytes', this.#resultsOf(key)),
      openJobs: use('openJobs', openJobs),
      units: use('units', units),
    };
  }

  /**
   * Takes room for new jobs of so many units each, and for the blobs that they name, whoever uploaded them, until what it
   * gives is called: by then they count themselves. Throws `quota-exceeded`.
   */
  reserveJobs({ key }: Pick<Caller, 'key'>, totals: readonly number[], named: SizedBlobs = new Map()): () => void {
    const units = totals.reduce((sum, total) => sum + total, 0);
    const letGo = this.#reserve(key, { openJobs: totals.length, units });
    try {
      const letGoOfBlobs = this.#reserveBlobs(key, named);
      return () => {
        letGo();
        letGoOfBlobs();
      };
    } catch (error) {
      letGo();
      throw error;
    }
  }

  /** Throws `quota-exceeded` where a key's results take all the room that they may have. */
  requireResultRoom(key: KeyId): void {
    const lack = this.#lackOfResultRoom(key, this.#resultsOf(key));
    if (lack !== null) throw lack;
  }

  /** What is to be said to the keys whose results take all the room that they may have. */
  lacksOfResultRoom(): Map<KeyId, ProblemError> {
    const used = new Map<KeyId, number>();
    for (const { spec, resultBytes } of this.#scheduler.jobs.values()) {
      const key = spec.submitter as KeyId;
      used.set(key, (used.get(key) ?? 0) + resultBytes);
    }
    const lacks = new Map<KeyId, ProblemError>();
    for (const [key, bytes] of used) {
      const lack = this.#lackOfResultRoom(key, bytes);
      if (lack !== null) lacks.set(key, lack);
    }
    return lacks;
  }

  #lackOfResultRoom(key: KeyId, used: number): ProblemError | null {
    const limit = this.#limit(key, 'resultBytes');
    return limit === null || used < limit ? null : fullOfResults(limit, used);
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
    this.requireResultRoom(key);
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

  #reserveBlobs(key: KeyId, named: SizedBlobs): () => void {
    const underWay = this.#underWayOf(key);
    const taken = [...named].filter(([hash, size]) => {
      this.#ledger.learned(hash, size);
      return !this.#ledger.has(key, hash);
    });
    let more = 0;
    for (const [hash, size] of taken) if (!underWay.named.has(hash)) more += size;
    const limit = this.#limit(key, 'blobBytes');
    const used = limit === null ? 0 : this.#ledger.bytesOf(key) + underWay.blobBytes;
    if (limit !== null && more > 0 && used + more > limit) refuse('blobBytes', limit, used, more, 'what is named here');
    underWay.blobBytes += more;
    for (const [hash] of taken) underWay.named.set(hash, (underWay.named.get(hash) ?? 0) + 1);
    return () => {
      for (const [hash, size] of taken) {
        const others = underWay.named.get(hash)! - 1;
        if (others > 0) underWay.named.set(hash, others);
        else {
          underWay.named.delete(hash);
          underWay.blobBytes -= size;
        }
      }
      underWay.uploads += 1;
    };
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

  #limit(key: KeyId, name: QuotaName): number | null {
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

  #resultsOf(key: KeyId): number {
    let bytes = 0;
    for (const job of this.#scheduler.jobs.values()) if (job.spec.submitter === key) bytes += job.resultBytes;
    return bytes;
  }

  #underWayOf(key: KeyId): UnderWay {
    const known = this.#underWay.get(key) ?? { blobBytes: 0, openJobs: 0, units: 0, uploads: 0, named: new Map() };
    this.#underWay.set(key, known);
    return known;
  }
}
