import type { Job, Session } from '@gossamer/core';
import { holdJob, holdsAttempt, isOpen, isOver, noteSending } from '@gossamer/core';
import type { KeyId, ResultOffer, ResultPermit, ResultReceipt, Sha256 } from '@gossamer/protocol';
import { encodeResultBlob, ProblemError } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import type { Logger } from 'pino';
import type { GridLargeResults, IncomingResult } from '../grid-large-results.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { BlobCollector } from '../upkeep/blob-collector.ts';
import type { Quotas } from '../upkeep/quotas.ts';
import { type AttemptPlace, signReceipt } from './receipts.ts';
import type { Transfer, TransferLimits, WorkUnit } from './transfers.ts';
import { Transfers } from './transfers.ts';

export interface LargeResultsParts {
  runtime: Runtime;
  blobs: BlobStore;
  quotas: Pick<Quotas, 'admitStored' | 'admitUpload' | 'holdUpload'>;
  collector: Pick<BlobCollector, 'collect'>;
  /** The key of receipts' MACs. */
  secret: Uint8Array;
  logger: Logger;
  limits: TransferLimits;
  /** How often it is looked for what nobody wants any more, ms. */
  everyMs: number;
}

/**
 * Takes in results that are too large for an exchange: a session that holds an attempt is permitted to send its result, and
 * gets a receipt when it is on disk, with which it reports. What is sent and never reported goes when its lease is over, and
 * what turns out to be wrong when its unit is decided.
 */
export class LargeResults implements GridLargeResults {
  readonly #parts: LargeResultsParts;
  readonly #transfers: Transfers;
  /** Blobs that came in this way since the start, until they are garbage, or stay with their job: by the jobs' numbers. */
  readonly #watched = new Map<Sha256, Set<number>>();
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;

  constructor(parts: LargeResultsParts) {
    this.#parts = parts;
    this.#transfers = new Transfers(parts.limits);
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), this.#parts.everyMs);
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#looking;
  }

  /** Whether it is on the way, or was sent and is not reported: then it is no garbage. */
  wants(name: Sha256): boolean {
    return this.#transfers.wants(name);
  }

  /**
   * Throws ProblemError `attempt-unknown` unless the session holds the attempt, `body-too-large` beyond the job's limit,
   * `rate-limited` while too much of its device is unreported, or takes the room that its submitter has left, `quota-exceeded`
   * where there is none: then its job is held, with the reason.
   */
  async offer(session: Session, { epoch, lease: number, offset, sha256, size }: ResultOffer): Promise<ResultPermit> {
    const place = { device: session.device, lease: { epoch, number }, offset };
    const { job, unit } = this.#held(place);
    const { resultBytes } = job.spec.limits;
    if (size > resultBytes)
      throw new ProblemError('body-too-large', `a result of this job has ${resultBytes} bytes at most`);
    // What came of an earlier offer for it is lost, and takes no room.
    this.#transfers.close(place);
    this.#transfers.admit(place.device, size);
    // In the turn in which it was admitted: what others are given meanwhile would not be counted.
    const letGo = this.#takeRoom(job, sha256, size);
    if (letGo === null) return this.#outOfRoom(job, size);
    return { permit: this.#transfers.open(place, { job: job.number, unit }, { sha256, size }, letGo).permit };
  }

  async receive({ permit, sha256, declared, content, cut }: IncomingResult): Promise<ResultReceipt> {
    const transfer = this.#transfers.find(permit);
    if (transfer === undefined || transfer.blob.sha256 !== sha256) {
      throw new ProblemError('upload-unknown', 'no session was permitted to send this, or it was reported since');
    }
    const { place, blob } = transfer;
    this.#held(place);
    if (declared !== null && declared > blob.size) throw new ProblemError('body-too-large', wasOffered(transfer));
    transfer.cut?.();
    transfer.cut = cut;
    try {
      const { size, created } = await this.#parts.blobs.putIfAbsent(sha256, this.#noted(place, content), blob.size);
      this.#watch(sha256, transfer.of, created);
      if (size !== blob.size) throw new ProblemError('blob-mismatch', `${wasOffered(transfer)}, and has ${size}`);
    } finally {
      if (transfer.cut === cut) transfer.cut = null;
    }
    const receipt = signReceipt(this.#parts.secret, place, encodeResultBlob(blob)).toString('base64');
    return { sha256, size: blob.size, receipt };
  }

  /** To be called when the attempt's report is on disk: from now on it is the log that names the blob. */
  reported(place: AttemptPlace): void {
    this.#transfers.close(place);
  }

  /** One look at a time. Never rejects. */
  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((error: unknown) => this.#parts.logger.warn({ error }, 'large results could not be collected'))
      .finally(() => (this.#looking = null));
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { scheduler } = this.#parts.runtime;
    for (const { place } of this.#transfers.all()) {
      if (!holdsAttempt(scheduler, place)) this.#transfers.close(place);
    }
    const unwanted = [...this.#watched.keys()].filter((name) => this.#isUnwanted(name));
    if (unwanted.length === 0) return;
    // What was decided has to be on disk: a start would find a result without its bytes.
    await this.#parts.runtime.settled();
    for (const name of unwanted) {
      if (this.#isUnwanted(name) && (await this.#parts.collector.collect(name))) this.#watched.delete(name);
    }
  }

  /** What stays as long as its job is watched no more. */
  #isUnwanted(name: Sha256): boolean {
    if (this.wants(name)) return false;
    const jobs = [...this.#watched.get(name)!].map((number) => this.#parts.runtime.scheduler.jobs.get(number));
    const namedBy = jobs.filter((job) => job?.blobs.has(name) === true);
    if (namedBy.length === 0) return true;
    if (namedBy.some((job) => isOver(job!))) this.#watched.delete(name);
    return false;
  }

  /** One that was there before is somebody else's, unless it came in this way, too. */
  #watch(name: Sha256, { job }: WorkUnit, isNew: boolean): void {
    const jobs = this.#watched.get(name) ?? (isNew ? new Set<number>() : undefined);
    if (jobs !== undefined) this.#watched.set(name, jobs.add(job));
  }

  /** While bytes come, the lease has time: how slow they may be is bounded by HTTP. */
  async *#noted(place: AttemptPlace, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const { runtime } = this.#parts;
    for await (const chunk of content) {
      noteSending(runtime.scheduler, place, runtime.now());
      yield chunk;
    }
  }

  /** The unit of an attempt that its device holds. Throws `attempt-unknown`. */
  #held(place: AttemptPlace): { job: Job; unit: number } {
    const { scheduler } = this.#parts.runtime;
    const lease = holdsAttempt(scheduler, place);
    const job = lease === null ? undefined : scheduler.jobs.get(lease.job);
    if (job === undefined) throw new ProblemError('attempt-unknown', 'this session does not hold it');
    return { job, unit: lease!.units[place.offset]! };
  }

  /** Room in the submitter's quota, each name once; null where there is none. */
  #takeRoom(job: Job, sha256: Sha256, size: number): (() => void) | null {
    const { quotas } = this.#parts;
    const key = job.spec.submitter as KeyId;
    const more = job.blobs.has(sha256) || this.wants(sha256) ? 0 : size;
    try {
      if (more > 0) quotas.admitUpload(key, more);
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'quota-exceeded') return null;
      throw error;
    }
    return quotas.holdUpload(key, more);
  }

  /**
   * Where what is stored leaves no room, nothing is gained by computing more of the job: it is held. What is only on its way may
   * never come.
   */
  async #outOfRoom(job: Job, size: number): Promise<never> {
    const { runtime, quotas } = this.#parts;
    try {
      quotas.admitStored(job.spec.submitter as KeyId, size);
    } catch (error) {
      if (!(error instanceof ProblemError) || !isOpen(job)) throw error;
      const reason = `There is no room for its results: ${error.detail ?? error.message}`;
      await runtime.run('results', (effects) => holdJob(job, reason, runtime.now(), effects));
      // What a submitter may have, and has, is nothing for the strangers who compute.
      throw new ProblemError('quota-exceeded', 'its submitter has no room for more results');
    }
    throw new ProblemError(
      'rate-limited',
      'other results of its submitter are on their way, and take the room that is left',
    );
  }
}

const wasOffered = ({ blob }: Transfer): string => `it was offered with ${blob.size} bytes`;
