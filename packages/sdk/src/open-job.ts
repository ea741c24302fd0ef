import { InputsAppended, JobView } from '@gossamer/protocol';
import { errorOf } from './error-kinds.ts';
import type { Job } from './job.ts';
import { CONTENT_TYPE, contentOf, type StreamFormat, type StreamValue, streamValue } from './stream-format.ts';
import { tolerant } from './tolerant.ts';
import type { Transport } from './transport.ts';

/** What is sent at once, bytes or characters, and inputs. */
export const PIECE = { size: 1024 * 1024, values: 16_384 };

interface Signalled {
  signal?: AbortSignal | undefined;
}

/** A job whose inputs come while it runs. */
export class OpenJob<In = unknown, Out = unknown> {
  readonly job: Job<In, Out>;
  readonly format: StreamFormat;
  readonly #transport: Transport;
  #total: number;
  #last: Promise<unknown> = Promise.resolve();

  /** `total`: inputs that it has already. */
  constructor(transport: Transport, job: Job<In, Out>, format: StreamFormat, total: number) {
    this.#transport = transport;
    this.job = job;
    this.format = format;
    this.#total = total;
  }

  /** Inputs that the coordinator has; the next one is that of unit `total`. */
  get total(): number {
    return this.#total;
  }

  /**
   * Gives the job more inputs, in their order; resolves when the coordinator has them on disk, with how many it has. A
   * request whose answer was lost is sent again, and counts once. Throws GossamerError `source-invalid`, `inputs-closed`,
   * `quota-exceeded`.
   */
  append(values: Iterable<In>, { signal }: Signalled = {}): Promise<number> {
    return this.#inTurn(async () => {
      let piece: StreamValue[] = [];
      let size = 0;
      for (const value of values) {
        const next = streamValue(this.format, value, this.#total + piece.length);
        if (piece.length === PIECE.values || (piece.length > 0 && size + next.size > PIECE.size)) {
          await this.#send(piece, signal);
          [piece, size] = [[], 0];
        }
        piece.push(next);
        size += next.size;
      }
      if (piece.length > 0) await this.#send(piece, signal);
      return this.#total;
    });
  }

  /** The same of values that were prepared. */
  send(values: readonly StreamValue[], { signal }: Signalled = {}): Promise<number> {
    return this.#inTurn(() => this.#send(values, signal));
  }

  /** No more inputs come: the job is complete when those that came are computed. `once`: one try, whatever comes of it. */
  close({ signal, once = false }: Signalled & { once?: boolean } = {}): Promise<JobView> {
    const call = { method: 'POST', path: `/v1/jobs/${this.job.id}/inputs/close`, signal, once } as const;
    return this.#inTurn(() => this.#transport.json(tolerant(JobView), call));
  }

  async #send(values: readonly StreamValue[], signal: AbortSignal | undefined): Promise<number> {
    const content = contentOf(values);
    const { total } = await this.#transport.json(tolerant(InputsAppended), {
      method: 'POST',
      path: `/v1/jobs/${this.job.id}/inputs`,
      query: { first: this.#total },
      headers: { 'content-type': CONTENT_TYPE[this.format] },
      body: () => content,
      signal,
    });
    const mine = this.#total + values.length;
    if (total !== mine) throw errorOf('inputs-misplaced', `another client appends to ${this.job.id}, too`);
    this.#total = mine;
    return mine;
  }

  /** One request after the other: each says how many inputs come before its own. */
  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
