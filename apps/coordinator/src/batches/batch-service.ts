import type { Effects, Job } from '@gossamer/core';
import { cancelJobs, holdJob, isOver, releaseJob } from '@gossamer/core';
import type { BatchChanged, BatchCreated, BatchId, BatchSpec, BatchView, KeyId, Page } from '@gossamer/protocol';
import { JobId, ProblemError } from '@gossamer/protocol';
import type { Caller, PageRequest } from '../caller.ts';
import type { GridBatches } from '../grid-batches.ts';
import type { GridLog } from '../runtime/grid-log.ts';
import type { BatchRecord } from '../runtime/grid-state.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Watchers } from '../runtime/watchers.ts';
import { jobRequestOf, JobRequests } from '../service/job-requests.ts';
import { numberCursor, page } from '../service/pages.ts';
import type { BlobPins } from '../upkeep/blob-pins.ts';
import { blobsOf } from '../upkeep/blobs-of.ts';
import { batchView } from './batch-view.ts';
import type { CreateBatchParts } from './create-batch.ts';
import { createBatch } from './create-batch.ts';

export interface BatchParts {
  runtime: Runtime;
  grid: GridLog;
  pins: BlobPins;
  watchers: Pick<Watchers, 'watchAll'>;
  create: CreateBatchParts;
  /** Tells devices to end leases. */
  revoke: (leases: ReturnType<typeof cancelJobs>) => void;
}

/** Batches: it finds the batch, asks who may, and passes on. */
export class BatchService implements GridBatches {
  readonly #parts: BatchParts;
  readonly #requests: JobRequests;

  constructor(parts: BatchParts) {
    this.#parts = parts;
    this.#requests = new JobRequests(parts.grid.state.batchRequests, () => true);
  }

  async create(
    caller: Caller,
    spec: BatchSpec,
    idempotencyKey: string | null,
  ): Promise<{ created: BatchCreated; replayed: boolean }> {
    const { runtime } = this.#parts;
    const request = idempotencyKey === null ? null : jobRequestOf(caller, idempotencyKey, spec);
    const make = async (): Promise<number> => {
      const letGo = this.#parts.pins.pin(spec.jobs.flatMap(blobsOf));
      return createBatch(this.#parts.create, caller, spec, request).finally(letGo);
    };
    // What an earlier request of the same key came to may be in doubt: it is found out first.
    if (request !== null) await this.#parts.grid.recordNext(`rest:${caller.key}`, () => []);
    const { number, replayed } =
      request === null ? { number: await make(), replayed: false } : await this.#requests.once(request, make);
    if (replayed) await runtime.written();
    return { created: this.#created(number), replayed };
  }

  list(caller: Caller, { after, limit }: PageRequest): Page<BatchView> {
    const before = numberCursor(after) ?? Number.POSITIVE_INFINITY;
    const batches = [...this.#parts.grid.state.batches.values()]
      .filter((record) => record.number < before && this.#isVisible(caller, record))
      .sort((a, b) => b.number - a.number);
    return page(
      batches,
      limit,
      (record) => this.#view(record),
      ({ number }) => String(number),
    );
  }

  get(caller: Caller, id: BatchId): BatchView {
    return this.#view(this.#find(caller, id));
  }

  version(caller: Caller, id: BatchId): string {
    const record = this.#find(caller, id);
    const jobs = this.#jobsOf(record);
    // Facts only come to be more, but for those of jobs that are deleted, which only come to be more as well.
    const facts = jobs.reduce((sum, { number }) => sum + this.#parts.runtime.shownFactOf(number), 0);
    return `${record.jobs.length - jobs.length}.${facts}`;
  }

  jobs(caller: Caller, id: BatchId): readonly JobId[] {
    return this.#jobsOf(this.#find(caller, id)).map(({ spec }) => JobId.parse(spec.id));
  }

  watch(caller: Caller, id: BatchId, listener: () => void): () => void {
    const jobs = new Set(this.#find(caller, id).jobs);
    return this.#parts.watchers.watchAll((job) => {
      if (jobs.has(job)) listener();
    });
  }

  hold(caller: Caller, id: BatchId, reason: string): Promise<BatchChanged> {
    const { now } = this.#parts.runtime;
    return this.#order(caller, id, (jobs, effects) => {
      const running = jobs.filter(({ order }) => order.kind === 'run');
      for (const job of running) holdJob(job, reason, now(), effects);
      return running.length;
    });
  }

  release(caller: Caller, id: BatchId, reason: string): Promise<BatchChanged> {
    const { now } = this.#parts.runtime;
    return this.#order(caller, id, (jobs, effects) => {
      const held = jobs.filter(({ order }) => order.kind === 'held');
      for (const key of new Set(held.map(({ spec }) => spec.submitter)))
        this.#parts.create.requireResultRoom(key as KeyId);
      for (const job of held) releaseJob(job, reason, now(), effects);
      return held.length;
    });
  }

  async cancel(caller: Caller, id: BatchId, reason: string): Promise<BatchChanged> {
    const { runtime, revoke } = this.#parts;
    let ended: ReturnType<typeof cancelJobs> = new Map();
    const changed = await this.#order(caller, id, (jobs, effects) => {
      const reasons = new Map(jobs.map((job) => [job, reason]));
      ended = cancelJobs(runtime.scheduler, reasons, runtime.now(), effects);
      return jobs.length;
    });
    revoke(ended);
    return changed;
  }

  /** One command for all of its jobs that have not ended. */
  async #order(caller: Caller, id: BatchId, command: (jobs: Job[], effects: Effects) => number): Promise<BatchChanged> {
    const record = this.#find(caller, id);
    const changed = await this.#parts.runtime.run(`rest:${caller.key}`, (effects) => {
      const open = this.#jobsOf(record).filter((job) => !isOver(job));
      return command(open, effects);
    });
    return { batch: this.#view(record), changed };
  }

  #created(number: number): BatchCreated {
    const { state } = this.#parts.grid;
    const record = [...state.batches.values()].find((batch) => batch.number === number)!;
    const ids = new Map([...state.jobNumbers].map(([id, job]) => [job, id]));
    return { batch: this.#view(record), jobs: record.jobs.map((job) => JobId.parse(ids.get(job))) };
  }

  #jobsOf({ jobs }: BatchRecord): Job[] {
    const known = this.#parts.runtime.scheduler.jobs;
    return jobs.flatMap((number) => known.get(number) ?? []);
  }

  #view(record: BatchRecord): BatchView {
    return batchView(record, this.#jobsOf(record));
  }

  #isVisible(caller: Caller, { submitter }: BatchRecord): boolean {
    return caller.role === 'operator' || submitter === caller.key;
  }

  #find(caller: Caller, id: BatchId): BatchRecord {
    const record = this.#parts.grid.state.batches.get(id);
    if (record === undefined || !this.#isVisible(caller, record)) throw new ProblemError('batch-unknown', id);
    return record;
  }
}
