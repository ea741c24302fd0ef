import {
  type AnswerView,
  type DeviceForgotten,
  type DeviceId,
  type DeviceRecord,
  type DeviceView,
  type FactView,
  type GridView,
  type JobId,
  type JobPatch,
  type JobSpec,
  type JobState,
  type JobView,
  type KeyCreated,
  type KeyId,
  type KeyPatch,
  type KeySpecInput,
  type KeyView,
  type Page,
  ProblemError,
  PROTOCOL_VERSION,
  type ResultView,
  type StatsView,
  type UnitView,
  uuidv7,
} from '@gossamer/protocol';
import { type BlobStore, MemoryBlobStore } from '@gossamer/store';
import { createHash, randomBytes } from 'node:crypto';
import { MemorySigning } from './memory-signing.ts';
import { MemoryBatches } from './memory-batches.ts';
import { MemoryPrograms } from './memory-programs.ts';
import { MemoryIntake } from './memory-intake.ts';
import { Uploads } from '../../src/upkeep/uploads.ts';
import { MemoryUpkeep } from './memory-upkeep.ts';
import { MemoryWebhooks } from './memory-webhooks.ts';
import type { Caller, Grid, JobChange, PageRequest } from '../../src/grid.ts';

interface StoredJob {
  spec: JobSpec;
  view: JobView;
  owner: KeyId;
  facts: FactView[];
  results: { view: ResultView; body: Uint8Array }[];
}

type Listener = (change: JobChange) => void;

const hash = (secret: string): string => createHash('sha256').update(secret).digest('hex');
const NO_ATTEMPTS = {
  leased: 0,
  returned: 0,
  valid: 0,
  invalid: 0,
  inconclusive: 0,
  errored: 0,
  expired: 0,
  abandoned: 0,
  revoked: 0,
};

const unitsOf = ({ source }: JobSpec): number => {
  if (source.kind === 'list') return source.items.length;
  if (source.kind === 'range') return Math.max(0, Math.ceil((source.stop - source.start) / source.step));
  return 1;
};

const paged = <Item>(all: Item[], { after, limit }: PageRequest): Page<Item> => {
  if (after !== undefined && !/^\d+$/.test(after)) throw new ProblemError('cursor-invalid');
  const start = Number(after ?? 0);
  const end = start + limit;
  return { items: all.slice(start, end), next: end < all.length ? String(end) : null };
};

/** The contract of Grid in memory; jobs make progress when a test calls `finish`. */
export class MemoryGrid implements Grid {
  readonly blobs: BlobStore = new MemoryBlobStore();
  readonly signing = new MemorySigning();
  readonly webhooks = new MemoryWebhooks();
  readonly batches = new MemoryBatches();
  readonly programs = new MemoryPrograms();
  readonly intake = new MemoryIntake();
  readonly upkeep = new MemoryUpkeep(this.blobs);
  readonly uploads = new Uploads({
    parts: this.blobs.parts,
    touch: async () => false,
    ledger: { has: () => false, sizeOf: () => null, uploaded: () => undefined },
    quotas: { admitUpload: () => undefined, holdUpload: () => () => undefined },
  });
  readonly largeResults = {
    receive: async (): Promise<never> => {
      throw new ProblemError('upload-unknown');
    },
  };
  ready = true;
  hindrance: Grid['hindrance'] = null;
  sessions = 0;
  /** Pages of results that were read: shows whether a slow reader is waited for. */
  resultReads = 0;
  readonly #keys = new Map<string, { view: KeyView }>();
  readonly #jobs = new Map<JobId, StoredJob>();
  readonly #listeners = new Set<{ id: JobId | null; listener: Listener }>();

  get watchers(): number {
    return this.#listeners.size;
  }

  addKey(secret: string, { expiresAt = null, quota = {}, ...spec }: KeySpecInput): KeyView {
    const id = `key_${uuidv7(Date.now(), randomBytes(10))}` as KeyId;
    const view: KeyView = { id, ...spec, createdAt: 1, expiresAt, revokedAt: null, quota };
    this.#keys.set(hash(secret), { view });
    return view;
  }

  authenticate(secret: string): Caller | null {
    const view = this.#keys.get(hash(secret))?.view;
    const isOver = view?.expiresAt !== null && view !== undefined && view.expiresAt <= Date.now();
    return view === undefined || view.revokedAt !== null || isOver
      ? null
      : { key: view.id, role: view.role, name: view.name };
  }

  #find(caller: Caller, id: JobId): StoredJob {
    const job = this.#jobs.get(id);
    if (job === undefined || (caller.role !== 'operator' && job.owner !== caller.key)) {
      throw new ProblemError('job-unknown');
    }
    return job;
  }

  #change(job: StoredJob, kind: string, change: Partial<JobView>, unit: number | null = null): JobView {
    const fact = job.view.fact + 1;
    job.facts.push({ fact, at: fact, cause: `c${fact}`, kind, text: kind, unit, device: null });
    job.view = { ...job.view, ...change, fact };
    for (const { id, listener } of this.#listeners) {
      if (id === null || id === job.view.id) listener({ job: job.view });
    }
    return job.view;
  }

  async createJob(caller: Caller, spec: JobSpec): Promise<{ job: JobView; replayed: boolean }> {
    if ((await this.blobs.stat(spec.program)) === null) throw new ProblemError('blob-unknown', 'the program');
    const total = unitsOf(spec);
    if (total === 0) throw new ProblemError('source-empty');
    const view: JobView = {
      id: `job_${uuidv7(Date.now(), randomBytes(10))}` as JobId,
      number: this.#jobs.size + 1,
      name: spec.name,
      batch: null,
      submitter: caller.name,
      state: 'running',
      reason: null,
      waiting: null,
      waitingFor: null,
      program: spec.program,
      programKind: 'js',
      signer: null,
      tier: 'public',
      source: spec.source.kind,
      inputs: 'closed',
      data: spec.data,
      reduces: spec.reduce === true,
      policy: spec.policy,
      comparison: spec.comparison,
      independence: spec.independence,
      sameClass: spec.sameClass,
      requirements: spec.requirements,
      limits: spec.limits,
      warnings: [],
      errorEstimate: null,
      estimate: null,
      priority: spec.priority,
      weight: spec.weight,
      units: { total, pending: total, active: 0, provisional: 0, validated: 0, failed: 0, cancelled: 0 },
      attempts: NO_ATTEMPTS,
      createdAt: Date.now(),
      completedAt: null,
      retention: null,
      expiresAt: null,
      fact: 0,
    };
    const job: StoredJob = { spec, view, owner: caller.key, facts: [], results: [] };
    this.#jobs.set(view.id, job);
    return { job: this.#change(job, 'job-created', {}), replayed: false };
  }

  /** For tests: the next unit becomes final, with this output. */
  finish(id: JobId, output: string | Uint8Array): void {
    const job = this.#jobs.get(id)!;
    const { units } = job.view;
    const unit = job.results.length;
    const body = typeof output === 'string' ? Buffer.from(JSON.stringify(output)) : output;
    const cursor = String(unit + 1);
    const view: ResultView =
      typeof output === 'string'
        ? { unit, cursor, output }
        : { unit, cursor, bytes: Buffer.from(output).toString('base64') };
    job.results.push({ view, body });
    const done = units.pending === 1;
    const counts = { ...units, pending: units.pending - 1, validated: units.validated + 1 };
    this.#change(job, 'unit-validated', { units: counts, state: done ? 'completed' : job.view.state }, unit);
  }

  jobs(caller: Caller, { state, ...page }: PageRequest & { state?: JobState | undefined }): Page<JobView> {
    const all = [...this.#jobs.values()].filter(
      (job) => (caller.role === 'operator' || job.owner === caller.key) && (state ?? job.view.state) === job.view.state,
    );
    return paged(all.map((job) => job.view).reverse(), page);
  }

  job(caller: Caller, id: JobId): JobView {
    return this.#find(caller, id).view;
  }

  jobSpec(caller: Caller, id: JobId): JobSpec {
    return this.#find(caller, id).spec;
  }

  jobState(caller: Caller, id: JobId): JobState {
    return this.#find(caller, id).view.state;
  }

  #open(caller: Caller, id: JobId): StoredJob {
    const job = this.#find(caller, id);
    if (job.view.state === 'cancelled') throw new ProblemError('job-cancelled');
    if (job.view.state === 'completed') throw new ProblemError('job-completed');
    return job;
  }

  async hold(caller: Caller, id: JobId, reason: string): Promise<JobView> {
    return this.#change(this.#open(caller, id), 'job-held', { state: 'held', reason });
  }

  async release(caller: Caller, id: JobId, _reason: string): Promise<JobView> {
    return this.#change(this.#open(caller, id), 'job-released', { state: 'running', reason: null });
  }

  async cancel(caller: Caller, id: JobId, reason: string): Promise<JobView> {
    return this.#change(this.#open(caller, id), 'job-cancelled', { state: 'cancelled', reason });
  }

  async patchJob(caller: Caller, id: JobId, patch: JobPatch): Promise<JobView> {
    const job = this.#open(caller, id);
    return this.#change(job, 'job-changed', {
      independence: { ...job.view.independence, ...patch.independence },
    });
  }

  units(caller: Caller, id: JobId, { state, ...page }: PageRequest & { state?: string | undefined }): Page<UnitView> {
    const { view } = this.#find(caller, id);
    const all = Array.from({ length: view.units.total }, (_, index) => this.unit(caller, id, index));
    return paged(
      all.filter((unit) => (state ?? unit.state) === unit.state),
      page,
    );
  }

  unit(caller: Caller, id: JobId, index: number): UnitView {
    const job = this.#find(caller, id);
    if (index >= job.view.units.total) throw new ProblemError('unit-unknown');
    const state = index < job.results.length ? 'validated' : 'pending';
    return { index, state, reason: null, waiting: null, waitingFor: null, errors: 0, attempts: [] };
  }

  async unitFacts(caller: Caller, id: JobId, index: number): Promise<FactView[]> {
    this.unit(caller, id, index);
    return this.#find(caller, id).facts.filter((fact) => fact.unit === index);
  }

  async facts(caller: Caller, id: JobId, afterFact: number, limit: number): Promise<FactView[]> {
    return this.#find(caller, id)
      .facts.filter((fact) => fact.fact > afterFact)
      .slice(0, limit);
  }

  async results(caller: Caller, id: JobId, page: PageRequest): Promise<Page<ResultView>> {
    this.resultReads++;
    return paged(
      this.#find(caller, id).results.map((result) => result.view),
      page,
    );
  }

  async answer(caller: Caller, id: JobId): Promise<AnswerView> {
    this.#find(caller, id);
    const counts = { folded: 0, skipped: 0, failed: 0, total: 1 };
    return {
      answer: null,
      intervals: [],
      noIntervals: 'the program exports no `answer`',
      ...counts,
      isFinal: false,
      cursor: '0.0',
    };
  }

  async result(caller: Caller, id: JobId, index: number): Promise<{ mediaType: string; body: Uint8Array }> {
    this.unit(caller, id, index);
    const result = this.#find(caller, id).results[index];
    if (result === undefined) throw new ProblemError('result-pending');
    const mediaType = result.view.bytes === undefined ? 'application/json' : 'application/octet-stream';
    return { mediaType, body: result.body };
  }

  watch(caller: Caller, id: JobId | null, listener: Listener): () => void {
    if (id !== null) this.#find(caller, id);
    const entry = { id, listener };
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  keys(page: PageRequest): Page<KeyView> {
    return paged(
      [...this.#keys.values()].map((key) => key.view),
      page,
    );
  }

  async createKey(spec: KeySpecInput): Promise<KeyCreated> {
    const secret = randomBytes(24).toString('base64url');
    return { ...this.addKey(secret, spec), secret };
  }

  async patchKey(id: KeyId, { quota }: KeyPatch): Promise<KeyView> {
    const key = [...this.#keys.values()].find((one) => one.view.id === id);
    if (key === undefined) throw new ProblemError('key-unknown');
    key.view = { ...key.view, quota };
    return key.view;
  }

  async revokeKey(id: KeyId): Promise<KeyView> {
    const key = [...this.#keys.values()].find((one) => one.view.id === id);
    if (key === undefined) throw new ProblemError('key-unknown');
    key.view = { ...key.view, revokedAt: 2 };
    return key.view;
  }

  deviceRecord(id: DeviceId): DeviceRecord {
    throw new ProblemError('device-unknown', id);
  }

  async forgetDevice(id: DeviceId): Promise<DeviceForgotten> {
    throw new ProblemError('device-unknown', id);
  }

  devices(page: PageRequest): Page<DeviceView> {
    return paged<DeviceView>([], page);
  }

  stats(): StatsView {
    return { startedAt: 1, version: '0.1.0', store: 'memory', samples: [] };
  }

  async written(): Promise<void> {}

  view(): GridView {
    return {
      name: 'A test',
      operator: 'Tess',
      about: '',
      protocol: PROTOCOL_VERSION,
      publicUrl: 'http://localhost',
      jobs: [],
      sessions: this.sessions,
    };
  }
}
