import type { Signer } from '@gossamer/program';
import {
  DataName,
  DeviceId,
  DeviceView,
  GridView,
  type JobSpecInput,
  KeyId,
  type ProgramSignature,
  QuotasView,
  Role,
  type Sha256,
  StatsView,
} from '@gossamer/protocol';
import { z } from 'zod';
import { Batches } from './batches.ts';
import { Blobs } from './blobs.ts';
import { pathOf } from './content.ts';
import { errorOf } from './error-kinds.ts';
import { Feeder, WINDOW } from './feeder.ts';
import type { InputSource, Inputs } from './inputs.ts';
import type { Job } from './job.ts';
import { Jobs } from './jobs.ts';
import { Keys } from './keys.ts';
import { ofFile } from './of-file.ts';
import { OpenJob } from './open-job.ts';
import { isBinary } from './packed-values.ts';
import type { UploadProgress } from './pieces.ts';
import { type OpenOptions, Pipe, type PipeEntry, type PipeInputs, type PipeOptions } from './pipe.ts';
import { Programs } from './programs.ts';
import { readId } from './read-id.ts';
import { Signers } from './signers.ts';
import { signProgram } from './sign-program.ts';
import { startingWith, unlessAborted } from './starting-with.ts';
import { sourceOf } from './list-inputs.ts';
import { type MapOptions, specOf } from './map-options.ts';
import {
  type Platform,
  type PreparedProgram,
  type ProgramRef,
  type TypedProgram,
  type UntypedProgram,
  checkProgramRef,
  webPlatform,
} from './platform.ts';
import { type Timing, systemTiming } from './timing.ts';
import { pages, type Signalled } from './pages.ts';
import { tolerant } from './tolerant.ts';
import { type Fetch, Transport } from './transport.ts';
import { type SignedFor, type UploadedProgram, signUploaded } from './uploaded-program.ts';
import { Webhooks } from './webhooks.ts';

export interface GossamerOptions {
  /** The coordinator's address, such as https://grid.example.org */
  url: string;
  apiKey: string;
  fetch?: Fetch;
  /** How long calls and streams go on trying while the coordinator cannot be reached, ms. Default: 2 minutes. */
  patienceMs?: number;
  timing?: Timing;
}

/** Looked at before anything is uploaded. */
const SharedNames = z.array(DataName);

const Me = z.object({ key: KeyId, role: Role, name: z.string(), quotas: tolerant(QuotasView) });
export type Me = z.infer<typeof Me>;

/**
 * A client of one coordinator, in a browser or wherever there is fetch; in Node, take the one of `@gossamer/sdk/node`,
 * which bundles programs from files. Errors are GossamerError.
 *
 *     const grid = new Gossamer({ url, apiKey });
 *     const job = await grid.map(range(1, 1_000_000), './collatz.ts', { quorum: 2 });
 *     for await (const { input, output } of job.results()) console.log(input, output);
 */
export class Gossamer {
  readonly jobs: Jobs;
  readonly batches: Batches;
  readonly blobs: Blobs;
  readonly programs: Programs;
  readonly keys: Keys;
  readonly signers: Signers;
  readonly webhooks: Webhooks;
  readonly #transport: Transport;
  readonly #platform: Platform;

  constructor(options: GossamerOptions, platform: Platform = webPlatform) {
    const { url, apiKey, patienceMs = 120_000, timing = systemTiming } = options;
    const fetch: Fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
    this.#platform = platform;
    this.#transport = new Transport({ url, apiKey, patienceMs, timing, fetch });
    this.jobs = new Jobs(this.#transport);
    this.batches = new Batches(this.#transport);
    this.blobs = new Blobs(this.#transport, platform);
    this.programs = new Programs(this.#transport);
    this.keys = new Keys(this.#transport);
    this.signers = new Signers(this.#transport, async () => (await this.me()).key);
    this.webhooks = new Webhooks(this.#transport);
  }

  /**
   * Runs a program on every input: uploads it and the inputs, and creates the job. The inputs will be seen by the
   * strangers who compute them.
   */
  map<In, Out, Params, Answer>(
    inputs: Inputs<In>,
    program: TypedProgram<In, Out, Params, Answer>,
    options?: MapOptions<NoInfer<Params>>,
  ): Promise<Job<In, Out, Answer>>;
  map<In, Out = unknown>(inputs: Inputs<In>, program: UntypedProgram, options?: MapOptions): Promise<Job<In, Out>>;
  async map<In, Out>(inputs: Inputs<In>, program: ProgramRef, options: MapOptions = {}): Promise<Job<In, Out>> {
    return this.#create<In, Out>(sourceOf(inputs), program, options);
  }

  /**
   * Runs a program on inputs while they come, and gives results while they are computed: `for await (const { input, output } of
   * await grid.pipe(lines, './program.ts'))`. Whoever takes no results is sent no more inputs. With an `idempotencyKey` the
   * same pipe goes on after a restart of the client, from its first result. Throws `source-empty` where there is no input.
   */
  pipe<In, Out, Params>(
    inputs: PipeInputs<In>,
    program: TypedProgram<In, Out, Params>,
    options: PipeOptions<NoInfer<Params>> & { failures: 'yield' },
  ): Promise<Pipe<In, Out, PipeEntry<In, Out>>>;
  pipe<In, Out, Params>(
    inputs: PipeInputs<In>,
    program: TypedProgram<In, Out, Params>,
    options?: PipeOptions<NoInfer<Params>>,
  ): Promise<Pipe<In, Out>>;
  pipe<In, Out = unknown>(
    inputs: PipeInputs<In>,
    program: UntypedProgram,
    options: PipeOptions & { failures: 'yield' },
  ): Promise<Pipe<In, Out, PipeEntry<In, Out>>>;
  pipe<In, Out = unknown>(
    inputs: PipeInputs<In>,
    program: UntypedProgram,
    options?: PipeOptions,
  ): Promise<Pipe<In, Out>>;
  async pipe<In, Out>(
    inputs: PipeInputs<In>,
    program: ProgramRef,
    options: PipeOptions = {},
  ): Promise<Pipe<In, Out, never>> {
    const { window = WINDOW.inputs, signal } = options;
    checkProgramRef(program);
    if (!Number.isSafeInteger(window) || window < 1)
      throw errorOf('usage', 'window: expected a whole number from 1 on');
    const iterator = Symbol.asyncIterator in inputs ? inputs[Symbol.asyncIterator]() : inputs[Symbol.iterator]();
    const stop = new AbortController();
    signal?.addEventListener('abort', () => stop.abort(signal.reason), { once: true });
    if (signal?.aborted === true) stop.abort(signal.reason);
    try {
      const first = await unlessAborted(iterator.next(), stop.signal);
      if (first.done === true) throw errorOf('source-empty', 'there are no inputs');
      const { binary = isBinary(first.value) } = options;
      let feeder: Feeder<In> | null = null;
      const open = await this.#open<In, Out>(program, { ...options, binary }, (unit) => feeder?.input(unit));
      const { timing } = this.#transport.options;
      feeder = new Feeder<In>(open, { ...WINDOW, inputs: window }, timing, stop.signal);
      return new Pipe<In, Out, never>({ job: open.job, feeder, inputs: startingWith(first, iterator), stop }, options);
    } catch (error) {
      void Promise.resolve(iterator.return?.()).catch(() => undefined);
      throw error;
    }
  }

  /** Creates a job whose inputs come while it runs, by `append`, until `close`. */
  open<In, Out, Params>(
    program: TypedProgram<In, Out, Params>,
    options?: OpenOptions<NoInfer<Params>>,
  ): Promise<OpenJob<In, Out>>;
  open<In, Out = unknown>(program: UntypedProgram, options?: OpenOptions): Promise<OpenJob<In, Out>>;
  async open<In, Out>(program: ProgramRef, options: OpenOptions = {}): Promise<OpenJob<In, Out>> {
    return this.#open<In, Out>(program, options, () => undefined);
  }

  async #open<In, Out>(
    program: ProgramRef,
    options: OpenOptions,
    echo: (unit: number) => In | undefined,
  ): Promise<OpenJob<In, Out>> {
    const format = options.binary === true ? 'packed' : 'ndjson';
    const source: InputSource<In> = { kind: 'source', content: null, source: () => ({ kind: 'stream', format }), echo };
    const job = await this.#create<In, Out>(source, program, options);
    // With an idempotency key it may have inputs already.
    const total = options.idempotencyKey === undefined ? 0 : (await job.view()).units.total;
    return new OpenJob<In, Out>(this.#transport, job, format, total);
  }

  async #create<In, Out>(cut: InputSource<In>, program: ProgramRef, options: MapOptions): Promise<Job<In, Out>> {
    const { signal } = options;
    const signalled = signal === undefined ? {} : { signal };
    const keyed = options.idempotencyKey === undefined ? {} : { idempotencyKey: options.idempotencyKey };
    const spec = specOf(options);
    const { sha256, name, bytes, sourceMap } = await this.#upload(program, options);
    const signature = await this.#signature(sha256, bytes, { ...options, name: options.name ?? name });
    const blob = cut.content === null ? null : await this.blobs.put(cut.content, signalled);
    const source = cut.source(blob?.sha256 ?? NO_BLOB);
    const data = await this.#uploadData(options);
    try {
      return await this.jobs.create<In, Out>(
        { ...spec, ...signature, name: options.name ?? name, program: sha256, sourceMap, source, data },
        { echo: (unit) => cut.echo(unit), ...signalled, ...keyed },
      );
    } catch (error) {
      throw ofFile(error, pathOf(cut.content));
    }
  }

  /**
   * Bundles a program (in Node) and uploads it with its source map, once: for jobs that are made by hand, as those of a batch.
   * `sign` makes the signature of such a job, of the bytes that went up.
   */
  async upload(
    program: ProgramRef,
    options: Pick<MapOptions, 'signal' | 'onWarning'> = {},
  ): Promise<UploadedProgram & { sign(signer: Signer, job: SignedFor): Promise<ProgramSignature> }> {
    const { sha256, name, sourceMap, bytes } = await this.#upload(program, options);
    const sign = (signer: Signer, job: SignedFor): Promise<ProgramSignature> =>
      signUploaded(this.blobs, signer, { sha256, bytes }, job);
    return { sha256, name, sourceMap, sign };
  }

  /** Bundles a program without sending it anywhere. Throws what `map` would throw of it. */
  async check(program: ProgramRef, options: Pick<MapOptions, 'onWarning'> = {}): Promise<{ name: string }> {
    const { name } = await this.#prepare(program, options);
    return { name };
  }

  /** Bundles a program and signs it, without asking anybody; for what jobs of these limits may use. */
  async sign(program: ProgramRef, options: Pick<MapOptions, 'name' | 'limits' | 'onWarning'> & { signer: Signer }) {
    const { content, name } = await this.#prepare(program, options);
    if (!(content instanceof Uint8Array)) throw errorOf('usage', 'only what is here can be signed here');
    return signProgram(options.signer, content, { name: options.name ?? name, limits: options.limits });
  }

  async #prepare(program: ProgramRef, { onWarning }: Pick<MapOptions, 'onWarning'>): Promise<PreparedProgram> {
    checkProgramRef(program);
    const prepared = await this.#platform.program(program);
    for (const warning of prepared.warnings) onWarning?.(warning);
    return prepared;
  }

  /** With its source map, where there is one. `bytes`: null for a program that was uploaded before. */
  async #upload(
    program: ProgramRef,
    options: Pick<MapOptions, 'signal' | 'onWarning'>,
  ): Promise<UploadedProgram & { bytes: Uint8Array | null }> {
    const signalled = options.signal === undefined ? {} : { signal: options.signal };
    const { content, name, sourceMap: map } = await this.#prepare(program, options);
    const { sha256 } = await this.blobs.put(content, signalled);
    const sourceMap = map === undefined ? null : await this.blobs.put(new TextEncoder().encode(map), signalled);
    return {
      sha256,
      name,
      bytes: content instanceof Uint8Array ? content : null,
      sourceMap: sourceMap?.sha256 ?? null,
    };
  }

  /** By the names that the program knows it by. What is there already is not sent again. */
  async #uploadData({ data = {}, signal, onUpload }: MapOptions): Promise<Record<string, Sha256>> {
    const checked = SharedNames.safeParse(Object.keys(data));
    if (!checked.success) {
      const [issue] = checked.error.issues;
      throw errorOf(
        'request-invalid',
        `data: the name "${Object.keys(data)[Number(issue!.path[0])]}": ${issue!.message}`,
      );
    }
    const named: Record<string, Sha256> = {};
    for (const [name, source] of Object.entries(data)) {
      const content = typeof source === 'string' || source instanceof URL ? this.#platform.file(source) : source;
      const onProgress = (progress: UploadProgress): void => onUpload?.(name, progress);
      const options = { onProgress, ...(signal === undefined ? {} : { signal }) };
      named[name] = (await this.blobs.put(content, options)).sha256;
    }
    return named;
  }

  async #signature(
    sha256: Sha256,
    bytes: Uint8Array | null,
    { signer, signature, name, limits }: MapOptions & { name: string },
  ): Promise<Pick<JobSpecInput, 'signature'>> {
    if (signer !== undefined && signature !== undefined) {
      throw errorOf('usage', 'a program is signed by `signer`, or has a `signature`: give one of them');
    }
    if (signature !== undefined) return { signature };
    if (signer === undefined) return {};
    return { signature: await signUploaded(this.blobs, signer, { sha256, bytes }, { name, limits }) };
  }

  /** Whose key this is, and what it may have and has. */
  me({ signal }: Signalled = {}): Promise<Me> {
    return this.#transport.json(Me, { path: '/v1/me', signal });
  }

  /** What a volunteer reads before consent. */
  view({ signal }: Signalled = {}): Promise<GridView> {
    return this.#transport.json(tolerant(GridView), { path: '/v1/grid', signal });
  }

  /** Throughput and queues; for operators. */
  stats({ signal }: Signalled = {}): Promise<StatsView> {
    return this.#transport.json(tolerant(StatsView), { path: '/v1/stats', signal });
  }

  /** Sets a device apart for the playground, or puts it back; for operators. */
  async setApart(device: string, apart: boolean, { signal }: Signalled = {}): Promise<DeviceView> {
    const id = readId(DeviceId, 'device-unknown', device, "a device's id; it looks like dev_0190…");
    const path = `/v1/devices/${id}`;
    return this.#transport.json(tolerant(DeviceView), { method: 'PATCH', path, json: { apart }, signal });
  }

  /** For operators; page after page as they are taken. */
  devices({ signal }: Signalled = {}): AsyncGenerator<DeviceView> {
    return pages(this.#transport, DeviceView, { path: '/v1/devices', signal });
  }
}

/** Never read: a source without content takes no blob. */
const NO_BLOB = '' as Sha256;
