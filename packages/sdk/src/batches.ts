import {
  BatchChanged,
  BatchCreated,
  BatchId,
  type BatchSpecInput,
  BatchView,
  IdempotencyKey,
  uuidv7,
} from '@gossamer/protocol';
import { z } from 'zod';
import { errorOf } from './error-kinds.ts';
import { Job } from './job.ts';
import { readId } from './read-id.ts';
import { pages, type Signalled } from './pages.ts';
import { reasonBody } from './reason-body.ts';
import { tolerant } from './tolerant.ts';
import type { Transport } from './transport.ts';
import { type WatchOptions, watchBatch } from './watch.ts';
import { wholeBody } from './whole-body.ts';

const Created = z.object({ ...BatchCreated.shape, batch: tolerant(BatchView) });
const Changed = z.object({ ...BatchChanged.shape, batch: tolerant(BatchView) });

/** Batches of this key; of every key for an operator's. Their jobs: `grid.jobs.list({ batch })`. */
export class Batches {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Creates up to 1,000 jobs at once, all or none, of programs and data that were uploaded before. Tried again where the
   * connection breaks: its idempotency key makes one batch of it.
   */
  async create(
    spec: BatchSpecInput,
    options: { idempotencyKey?: string } & Signalled = {},
  ): Promise<{ batch: BatchView; jobs: Job[] }> {
    const key = options.idempotencyKey ?? uuidv7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
    if (!IdempotencyKey.safeParse(key).success) {
      throw errorOf('usage', 'an idempotency key has 1 to 200 visible ASCII characters, without blanks');
    }
    const headers = { 'idempotency-key': key };
    const call = { method: 'POST', path: '/v1/batches', json: spec, headers, signal: options.signal } as const;
    const { batch, jobs } = await this.#transport.json(Created, call);
    return { batch, jobs: jobs.map((id) => new Job(this.#transport, id)) };
  }

  /** Newest first, page after page as they are taken. */
  list({ signal }: Signalled = {}): AsyncGenerator<BatchView> {
    return pages(this.#transport, BatchView, { path: '/v1/batches', signal });
  }

  async get(id: string, { signal }: Signalled = {}): Promise<BatchView> {
    return this.#transport.json(tolerant(BatchView), { path: pathOf(id), signal });
  }

  /** The batch at each change until all of its jobs have ended; survives a restart of the coordinator. */
  async *watch(id: string, options: WatchOptions = {}): AsyncGenerator<BatchView> {
    yield* watchBatch(this.#transport, idOf(id), options);
  }

  /**
   * All that is final now of its jobs, as the bytes of a ZIP archive: `batch.json`, and for each job `jobs/ID/` with what its own
   * archive has. The stream ends with an error where it does not come whole.
   */
  async archive(id: string, { signal }: Signalled = {}): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#transport.send({ path: `${pathOf(id)}/archive`, signal });
    return wholeBody(response, 'the archive', signal);
  }

  /** Gives out nothing new of its jobs until `release`. */
  async hold(id: string, reason = '', { signal }: Signalled = {}): Promise<BatchChanged> {
    return this.#order('hold', id, reason, signal);
  }

  async release(id: string, reason = '', { signal }: Signalled = {}): Promise<BatchChanged> {
    return this.#order('release', id, reason, signal);
  }

  /** Ends all of its jobs for good: what is final stays. */
  async cancel(id: string, reason = '', { signal }: Signalled = {}): Promise<BatchChanged> {
    return this.#order('cancel', id, reason, signal);
  }

  #order(verb: 'hold' | 'release' | 'cancel', id: string, reason: string, signal: AbortSignal | undefined) {
    const path = `${pathOf(id)}/${verb}`;
    return this.#transport.json(Changed, { method: 'POST', path, ...reasonBody(reason), signal });
  }
}

/** Throws `batch-unknown` for a text that is no batch's id. */
const idOf = (id: string): BatchId => readId(BatchId, 'batch-unknown', id, "a batch's id; it looks like batch_0190…");

const pathOf = (id: string): string => `/v1/batches/${idOf(id)}`;
