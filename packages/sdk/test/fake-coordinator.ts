import {
  BlobView,
  elementTypeOfArray,
  JobReason,
  JobSpec,
  type KeyCreated,
  type KeyView,
  type ProblemCode,
  type QuotaExcess,
  KeySpec,
  ProblemError,
  Sha256,
  uuidv7,
} from '@gossamer/protocol';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { FakeUploads } from './fake-uploads.ts';
import { FakeJob, cut } from './fake-jobs.ts';

const resultOf = (output: unknown): Parameters<FakeJob['finish']>[1] => {
  if (output instanceof ArrayBuffer) return resultOf(new Uint8Array(output));
  if (!ArrayBuffer.isView(output)) return { output };
  const bytes = Buffer.from(output.buffer, output.byteOffset, output.byteLength).toString('base64');
  const type = elementTypeOfArray(output);
  return type === null ? { bytes } : { bytes, type };
};

/**
 * The REST routes that a submitter uses, over real sockets, with the protocol's schemas; no scheduling. Tests say what
 * becomes final, cut connections, and stop and start it on its port; what it has stored stays.
 */
export class FakeCoordinator {
  static readonly KEY = 'gsk_test_submitter_0123456789';
  readonly jobs: FakeJob[] = [];
  readonly blobs = new Map<string, Buffer>();
  readonly keys: KeyView[] = [];
  /** Method and path with query of each request that came. */
  readonly requests: string[] = [];
  readonly headers: IncomingMessage['headers'][] = [];
  /** Orders to jobs, and their reasons. */
  readonly orders: [string, string][] = [];
  /** Answers the next requests in its place, as long as it returns true. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  /** Computes units by itself: the program is run here. */
  compute = false;
  /** Jobs by the idempotency key of their request. */
  readonly requested = new Map<string, FakeJob>();
  /** Requests with more inputs are refused for want of room; null: none are. */
  most: number | null = null;
  /** Inputs are refused with it. */
  refuse: ProblemCode | null = null;
  /** With these numbers. */
  refuseQuota: QuotaExcess | undefined;
  /** So many jobs are made, or inputs taken, without an answer: the connection breaks. */
  forgetAnswers = 0;
  port = 0;
  readonly uploads = new FakeUploads(this.blobs);
  #server: Server | null = null;
  readonly #sockets = new Set<Socket>();

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<this> {
    const server = createServer((request, response) => {
      this.requests.push(`${request.method} ${request.url}`);
      this.headers.push(request.headers);
      if (this.intercept(request, response)) return;
      this.#answer(request, response).catch((error: unknown) => problem(response, error));
    });
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  /** Cuts every connection, as a crash does. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    server.close();
    this.cut();
    await once(server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, this.url);
    if (url.pathname !== '/v1/grid' && request.headers.authorization !== `Bearer ${FakeCoordinator.KEY}`) {
      throw new ProblemError(request.headers.authorization === undefined ? 'key-missing' : 'key-wrong');
    }
    const [, room, name, verb, index, leaf] = url.pathname.slice(1).split('/');
    const call = { request, response, url, verb, index, leaf };
    if (room === 'blobs') return this.#blob(call, Sha256.parse(name));
    if (room === 'uploads') return this.uploads.answer(request, response, name);
    if (room === 'keys') return this.#key(call, name);
    if (room === 'me')
      return json(response, 200, {
        key: `key_${uuidv7(1, randomBytes(10))}`,
        role: 'submitter',
        name: 'tester',
        quotas: NO_QUOTAS,
      });
    if (room === 'jobs' && name === undefined) return this.#jobs(call);
    const job = room === 'jobs' ? this.jobs.find(({ id }) => id === name) : undefined;
    if (room !== 'jobs') throw new ProblemError('route-unknown');
    if (job === undefined) throw new ProblemError('job-unknown');
    return this.#job(call, job);
  }

  async #blob({ request, response }: RouteCall, sha256: Sha256): Promise<void> {
    if (request.method === 'PUT') {
      const bytes = await body(request);
      if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new ProblemError('blob-mismatch');
      this.blobs.set(sha256, bytes);
      return json(response, 201, BlobView.parse({ sha256, size: bytes.length }));
    }
    const bytes = this.blobs.get(sha256);
    if (bytes === undefined) throw new ProblemError('blob-unknown');
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const part = bytes.subarray(from);
    response.writeHead(from === 0 ? 200 : 206, { 'content-length': part.length });
    response.end(request.method === 'HEAD' ? undefined : part);
  }

  async #key({ request, response }: RouteCall, name: string | undefined): Promise<void> {
    if (request.method === 'GET') return json(response, 200, { items: this.keys, next: null });
    if (request.method === 'DELETE') {
      const key = this.keys.find(({ id }) => id === name);
      if (key === undefined) throw new ProblemError('key-unknown');
      key.revokedAt = 5;
      return json(response, 200, key);
    }
    const spec = KeySpec.parse(JSON.parse(String(await body(request))));
    const view = { ...spec, id: `key_${uuidv7(1, randomBytes(10))}`, createdAt: 1, revokedAt: null } as KeyView;
    this.keys.push(view);
    return json(response, 201, { ...view, secret: 'gsk_secret' } satisfies KeyCreated);
  }

  async #jobs({ request, response, url }: RouteCall): Promise<void> {
    if (request.method === 'GET') {
      const from = Number(url.searchParams.get('after') ?? 0);
      const newest = [...this.jobs].reverse();
      const items = newest.slice(from, from + 2).map((job) => job.view());
      return json(response, 200, { items, next: from + 2 < newest.length ? String(from + 2) : null });
    }
    const spec = JobSpec.parse(JSON.parse(String(await body(request))));
    const blob = (sha256: string): Buffer => {
      const bytes = this.blobs.get(sha256);
      if (bytes === undefined) throw new ProblemError('blob-unknown', sha256);
      return bytes;
    };
    const program = blob(spec.program);
    const key = String(request.headers['idempotency-key']);
    const before = this.requested.get(key);
    if (before !== undefined) return json(response, 201, before.view());
    const job = new FakeJob(spec, cut(spec, blob));
    if (job.inputs.length === 0 && !job.isOpen) throw new ProblemError('source-empty');
    this.jobs.push(job);
    this.requested.set(key, job);
    if (this.forgetAnswers-- > 0) return void request.socket.destroy();
    json(response, 201, job.view());
    if (this.compute) await this.#compute(job, program.toString('base64'));
  }

  async #compute(job: FakeJob, code: string): Promise<void> {
    const { run } = (await import(/* @vite-ignore */ `data:text/javascript;base64,${code}`)) as {
      run: (input: unknown, ctx: unknown) => unknown;
    };
    for (let index = 0; ; index++) {
      while (index === job.inputs.length && job.isOpen && !job.over) await once(job, 'change');
      if (job.over || index === job.inputs.length) return;
      const input = job.inputs[index];
      try {
        const output = await run(input, { params: job.spec.params, unit: { index, seed: 0 }, log() {}, progress() {} });
        job.finish(index, resultOf(output));
      } catch (error) {
        job.finish(index, { error: String(error) });
      }
    }
  }

  async #job({ request, response, url, verb, index, leaf }: RouteCall, job: FakeJob): Promise<void> {
    if (request.method === 'POST' && verb === 'inputs') return this.#inputs({ request, response, url, index }, job);
    if (request.method === 'POST') {
      const text = String(await body(request));
      if (verb === 'retry') return json(response, 200, { retried: job.retry(), job: job.view() });
      const { reason } = JobReason.parse(text === '' ? {} : JSON.parse(text));
      this.orders.push([verb!, reason]);
      if (verb === 'hold') return json(response, 200, job.become('held', reason));
      if (verb === 'release') return json(response, 200, job.become('running', null));
      return json(response, 200, job.become('cancelled', reason));
    }
    if (verb === undefined) return json(response, 200, job.view());
    if (verb === 'spec') return json(response, 200, job.spec);
    if (verb === 'results') return this.#results(response, url, job);
    if (verb === 'answer') return json(response, 200, job.answer());
    if (verb === 'archive') return void response.writeHead(200, { 'content-length': 12 }).end('PK and bytes');
    if (verb === 'events') return this.#events(request, response, job);
    if (leaf === 'facts') return json(response, 200, { items: job.facts(Number(index)), next: null });
    const stateOf = (unit: number): string => {
      const result = job.results.find((final) => final.unit === unit);
      if (result === undefined) return 'pending';
      return result.error === undefined ? 'validated' : 'failed';
    };
    const all = job.inputs.map((_, unit) => ({
      index: unit,
      state: stateOf(unit),
      reason: null,
      waiting: null,
      errors: 0,
      attempts: [],
    }));
    if (index !== undefined) return json(response, 200, all[Number(index)]);
    const wanted = url.searchParams.get('state');
    const units = all.filter(({ state }) => wanted === null || state === wanted);
    const from = Number(url.searchParams.get('after') ?? 0);
    return json(response, 200, {
      items: units.slice(from, from + 3),
      next: from + 3 < units.length ? String(from + 3) : null,
    });
  }

  async #inputs({ request, response, url, index }: Omit<RouteCall, 'verb' | 'leaf'>, job: FakeJob): Promise<void> {
    const bytes = await body(request);
    if (index === 'close') return json(response, 200, job.close());
    if (this.refuse !== null) throw new ProblemError(this.refuse, undefined, undefined, this.refuseQuota);
    const { source } = job.spec;
    if (source.kind !== 'stream') throw new ProblemError('inputs-closed');
    const format =
      source.format === 'packed' ? { kind: 'packed' as const } : { kind: 'lines' as const, format: source.format };
    const spec = { ...job.spec, source: { ...format, blob: Sha256.parse('0'.repeat(64)) } } as JobSpec;
    const inputs = cut(spec, () => bytes);
    const open = job.inputs.length - job.results.length;
    if (this.most !== null && open + inputs.length > this.most) throw new ProblemError('quota-exceeded');
    const total = job.append(Number(url.searchParams.get('first')), inputs);
    if (this.forgetAnswers-- > 0) return void request.socket.destroy();
    json(response, 200, { total });
  }

  #results(response: ServerResponse, url: URL, job: FakeJob): void {
    let at = job.after(url.searchParams.get('after'));
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.flushHeaders();
    const follow = url.searchParams.get('follow') === 'true';
    const all = url.searchParams.get('provisional') === 'true';
    const push = (): void => {
      for (; at < job.results.length; at++) {
        const line = job.results[at]!;
        if (all) response.write(`${JSON.stringify({ kind: 'final', ...line })}\n`);
        else if (line.kind === undefined) response.write(`${JSON.stringify(line)}\n`);
      }
      if (!follow || job.over) response.end();
    };
    job.on('change', push);
    response.on('close', () => job.off('change', push));
    push();
  }

  #events(request: IncomingMessage, response: ServerResponse, job: FakeJob): void {
    if (job.over && Number(request.headers['last-event-id'] ?? -1) >= job.view().fact) {
      return void response.writeHead(204).end();
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    response.write(': hello\n\n');
    const push = (): void => {
      const view = job.view();
      response.write(`event: job\nid: ${view.fact}\ndata: ${JSON.stringify(view)}\n\n`);
      if (job.over) response.end();
    };
    job.on('change', push);
    response.on('close', () => job.off('change', push));
    if (Number(request.headers['last-event-id'] ?? -1) < job.view().fact) push();
  }
}

const ANY_NUMBER = { limit: null, used: 0 };
const NO_QUOTAS = { blobBytes: ANY_NUMBER, resultBytes: ANY_NUMBER, openJobs: ANY_NUMBER, units: ANY_NUMBER };

interface RouteCall {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  verb: string | undefined;
  index: string | undefined;
  leaf: string | undefined;
}

const body = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const json = (response: ServerResponse, status: number, value: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
};

const problem = (response: ServerResponse, error: unknown): void => {
  const known = error instanceof ProblemError ? error : new ProblemError('request-invalid', String(error));
  if (response.headersSent) return void response.destroy();
  response.writeHead(known.status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify(known.toProblem()));
};
