import type { Effects, Job } from '@gossamer/core';
import { cancelJob, holdJob, isOpen, jobState, readyCount, relaxJob, releaseJob, unitState } from '@gossamer/core';
import type {
  DeviceId,
  DeviceView,
  GridView,
  JobId,
  JobPatch,
  JobSpec,
  JobState,
  JobView,
  KeyId,
  KeyPatch,
  KeySpec,
  Page,
  StatsView,
  UnitState,
  UnitView,
} from '@gossamer/protocol';
import { ProblemError, PROTOCOL_VERSION } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import type { Config } from '../config.ts';
import type { Caller, Grid, JobChange, JobsRequest, PageRequest, ResultsRequest } from '../grid.ts';
import type { GridBatches } from '../grid-batches.ts';
import type { GridIntake } from '../grid-intake.ts';
import type { GridPrograms } from '../grid-programs.ts';
import type { GridUpkeep } from '../grid-upkeep.ts';
import type { GridLargeResults } from '../grid-large-results.ts';
import type { GridUploads } from '../grid-uploads.ts';
import type { GridWebhooks } from '../grid-webhooks.ts';
import type { Queries } from '../queries/queries.ts';
import type { GridLog } from '../runtime/grid-log.ts';
import type { Keys } from '../runtime/keys.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { SourceMaps } from '../runtime/source-maps.ts';
import type { Stats } from '../runtime/stats.ts';
import type { Watchers } from '../runtime/watchers.ts';
import type { JobRequest } from '../runtime/grid-state.ts';
import type { BlobPins } from '../upkeep/blob-pins.ts';
import { blobsOf } from '../upkeep/blobs-of.ts';
import { retentionOf } from '../upkeep/retention.ts';
import type { CreateParts } from './create-job.ts';
import { createJob } from './create-job.ts';
import { jobRequestOf, JobRequests } from './job-requests.ts';
import type { DeviceBook } from '../runtime/device-book.ts';
import type { Reductions } from '../reducing/reductions.ts';
import { numberCursor, page, pageOfNumbered } from './pages.ts';
import type { ProgramKinds } from './program-kinds.ts';
import type { SigningService } from './signing-service.ts';
import { unitsThere } from './units-there.ts';
import { deviceView, unitView } from './views.ts';
import type { VisibleJobs } from './visible-jobs.ts';

export interface ServiceParts {
  config: Config;
  runtime: Runtime;
  grid: GridLog;
  blobs: BlobStore;
  kinds: ProgramKinds;
  reductions: Reductions;
  sourceMaps: SourceMaps;
  visible: VisibleJobs;
  pins: BlobPins;
  upkeep: GridUpkeep;
  uploads: GridUploads;
  intake: GridIntake;
  largeResults: GridLargeResults;
  batches: GridBatches;
  programs: GridPrograms;
  create: CreateParts;
  keys: Keys;
  queries: Queries;
  stats: Stats;
  watchers: Watchers;
  signing: SigningService;
  webhooks: GridWebhooks;
  devices: DeviceBook;
  publicUrl: () => string;
  version: string;
  storeName: string;
  /** Tells devices to end leases. */
  revoke: (leases: ReturnType<typeof cancelJob>) => void;
}

/** What the REST API sees of the running grid: it finds the job, asks who may, and passes on. */
export class GridService implements Grid {
  readonly blobs: BlobStore;
  readonly signing: SigningService;
  readonly webhooks: GridWebhooks;
  readonly upkeep: GridUpkeep;
  readonly uploads: GridUploads;
  readonly intake: GridIntake;
  readonly largeResults: GridLargeResults;
  readonly batches: GridBatches;
  readonly programs: GridPrograms;
  ready = false;
  readonly #parts: ServiceParts;
  readonly #requests: JobRequests;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    this.blobs = parts.blobs;
    this.signing = parts.signing;
    this.webhooks = parts.webhooks;
    this.upkeep = parts.upkeep;
    this.uploads = parts.uploads;
    this.intake = parts.intake;
    this.largeResults = parts.largeResults;
    this.batches = parts.batches;
    this.programs = parts.programs;
    const { state } = parts.grid;
    const { scheduler } = parts.runtime;
    const exists = (number: number): boolean => scheduler.jobs.has(number) || state.deleted.has(number);
    this.#requests = new JobRequests(state.jobRequests, exists);
  }

  get hindrance() {
    return this.#parts.runtime.hindrance;
  }

  authenticate(secret: string): Caller | null {
    return this.#parts.keys.authenticate(secret);
  }

  written(): Promise<void> {
    return this.#parts.runtime.written();
  }

  async createJob(
    caller: Caller,
    spec: JobSpec,
    idempotencyKey: string | null,
  ): Promise<{ job: JobView; replayed: boolean }> {
    const { runtime } = this.#parts;
    const request = idempotencyKey === null ? null : jobRequestOf(caller, idempotencyKey, spec);
    const make = async (): Promise<number> => {
      // Before it is looked whether they are there, until the job names them.
      const letGo = this.#parts.pins.pin(blobsOf(spec));
      return this.#make(caller, spec, request).finally(letGo);
    };
    const { number, replayed } =
      request === null ? { number: await make(), replayed: false } : await this.#requests.once(request, make);
    // What is there may be from a try that failed, and be ahead of the disk.
    if (replayed) await runtime.written();
    const job = runtime.scheduler.jobs.get(number);
    if (job === undefined) throw new ProblemError('job-deleted', 'it was made by this request');
    return { job: this.#view(job), replayed };
  }

  async #make(caller: Caller, spec: JobSpec, request: JobRequest | null): Promise<number> {
    const { config, signing } = this.#parts;
    await signing.requireAdmissible(caller, spec);
    const kept = { ...spec, retention: retentionOf(spec, config) };
    const number = await createJob(this.#parts.create, caller, kept, request);
    await signing.recheck(caller, spec);
    return number;
  }

  jobs(caller: Caller, request: JobsRequest): Page<JobView> {
    const { batches, batchOf } = this.#parts.grid.state;
    const { batch, program } = request;
    const isOwn = batch === undefined || caller.role === 'operator' || batches.get(batch)?.submitter === caller.key;
    if (batch !== undefined && !(isOwn && batches.has(batch))) throw new ProblemError('batch-unknown', batch);
    const before = numberCursor(request.after) ?? Number.POSITIVE_INFINITY;
    const jobs = [...this.#parts.runtime.scheduler.jobs.values()]
      .filter((job) => job.number < before && this.#isVisible(caller, job))
      .filter((job) => request.state === undefined || jobState(job) === request.state)
      .filter((job) => program === undefined || job.spec.full.program === program)
      .filter((job) => batch === undefined || batchOf.get(job.number) === batch)
      .sort((a, b) => b.number - a.number);
    return page(
      jobs,
      request.limit,
      (job) => this.#view(job),
      (job) => String(job.number),
    );
  }

  job(caller: Caller, id: JobId): JobView {
    return this.#view(this.#find(caller, id));
  }

  jobSpec(caller: Caller, id: JobId): JobSpec {
    return this.#find(caller, id).spec.full;
  }

  jobState(caller: Caller, id: JobId): JobState {
    return jobState(this.#find(caller, id));
  }

  hold(caller: Caller, id: JobId, reason: string): Promise<JobView> {
    return this.#order(caller, id, (job, effects) => holdJob(job, reason, this.#now(), effects));
  }

  release(caller: Caller, id: JobId, reason: string): Promise<JobView> {
    return this.#order(caller, id, (job, effects) => {
      this.#parts.create.requireResultRoom(job.spec.submitter as KeyId);
      releaseJob(job, reason, this.#now(), effects);
    });
  }

  async cancel(caller: Caller, id: JobId, reason: string): Promise<JobView> {
    const { scheduler } = this.#parts.runtime;
    let revoked: ReturnType<typeof cancelJob> = new Map();
    const view = await this.#order(caller, id, (job, effects) => {
      revoked = cancelJob(scheduler, job, reason, this.#now(), effects);
    });
    this.#parts.revoke(revoked);
    return view;
  }

  patchJob(caller: Caller, id: JobId, patch: JobPatch): Promise<JobView> {
    return this.#order(caller, id, (job, effects) => relaxJob(job, patch.independence, this.#now(), effects));
  }

  units(caller: Caller, id: JobId, request: PageRequest & { state?: UnitState | undefined }): Page<UnitView> {
    const job = this.#find(caller, id);
    const { runtime, grid } = this.#parts;
    const after = numberCursor(request.after) ?? -1;
    const now = this.#now();
    const indices = function* (): Generator<number> {
      for (let index = after + 1; index < job.total; index++) {
        if (request.state === undefined || unitState(job, index) === request.state) yield index;
        // All that were not cut are in one state: a billion of them need not be looked at.
        else if (index >= job.units.length) return;
      }
    };
    return page(indices(), request.limit, (index) => unitView(runtime.scheduler, grid.state, job, index, now), String);
  }

  unit(caller: Caller, id: JobId, index: number): UnitView {
    const job = this.#findUnit(caller, id, index);
    return unitView(this.#parts.runtime.scheduler, this.#parts.grid.state, job, index, this.#now());
  }

  async unitFacts(caller: Caller, id: JobId, index: number) {
    const job = this.#findUnit(caller, id, index);
    const { queries, sourceMaps } = this.#parts;
    const { sourceMap } = job.spec.full;
    return queries.unitFacts(job.number, await this.#written(job), index, await sourceMaps.reader(sourceMap));
  }

  async facts(caller: Caller, id: JobId, afterFact: number, limit: number) {
    const job = this.#find(caller, id);
    await this.#written(job);
    return this.#parts.queries.facts(job.number, afterFact, limit);
  }

  async results(caller: Caller, id: JobId, { after, limit, provisional = false }: ResultsRequest) {
    const job = this.#find(caller, id);
    const standing = {
      wasRetried: (unit: number) => job.before.has(unit),
      isFailed: (unit: number) => job.failures.has(unit),
    };
    const { queries } = this.#parts;
    const upto = await this.#written(job);
    return provisional
      ? queries.changingResults(job.number, upto, after, limit, standing)
      : queries.results(job.number, upto, after, limit, standing);
  }

  async answer(caller: Caller, id: JobId) {
    return this.#parts.reductions.answer(this.#find(caller, id));
  }

  async result(caller: Caller, id: JobId, index: number) {
    const job = this.#findUnit(caller, id, index);
    return this.#parts.queries.result(job.number, await this.#written(job), index);
  }

  watch(caller: Caller, id: JobId | null, listener: (change: JobChange) => void): () => void {
    const { watchers, runtime } = this.#parts;
    if (id !== null) {
      const job = this.#find(caller, id);
      return watchers.watch(job.number, () => {
        const current = runtime.scheduler.jobs.get(job.number);
        if (current !== undefined) listener({ job: this.#view(current) });
      });
    }
    return watchers.watchAll((number) => {
      const job = runtime.scheduler.jobs.get(number);
      if (job !== undefined && this.#isVisible(caller, job)) listener({ job: this.#view(job) });
    });
  }

  keys(request: PageRequest) {
    return pageOfNumbered(this.#parts.keys.list(), request, (key) => key);
  }

  createKey(spec: KeySpec) {
    return this.#parts.keys.create(spec);
  }

  patchKey(id: KeyId, { quota }: KeyPatch) {
    return this.#parts.keys.setQuota(id, quota);
  }

  revokeKey(id: KeyId) {
    return this.#parts.keys.revoke(id);
  }

  devices(request: PageRequest): Page<DeviceView> {
    const after = numberCursor(request.after) ?? 0;
    const records = [...this.#parts.grid.state.devices.values()].filter(({ device }) => device.number > after);
    const { scheduler } = this.#parts.runtime;
    const now = this.#now();
    return page(
      records,
      request.limit,
      (record) => deviceView(scheduler, record, now),
      ({ device }) => String(device.number),
    );
  }

  deviceRecord(id: DeviceId, after: string | undefined) {
    const { devices } = this.#parts;
    return devices.page(devices.find(id), after);
  }

  async forgetDevice(id: DeviceId) {
    const { devices } = this.#parts;
    return devices.forget(devices.find(id));
  }

  stats(): StatsView {
    const { stats, version, storeName } = this.#parts;
    return { startedAt: stats.startedAt, version, store: storeName, samples: stats.samples };
  }

  view(): GridView {
    const { config, runtime, publicUrl } = this.#parts;
    const jobs = [...runtime.scheduler.jobs.values()].filter((job) => isOpen(job) && readyCount(job) + job.leased > 0);
    return {
      name: config.gridName,
      operator: config.operator,
      about: config.about,
      protocol: PROTOCOL_VERSION,
      publicUrl: publicUrl(),
      jobs: jobs.map((job) => ({
        number: job.number,
        name: job.spec.name,
        submitter: job.spec.submitterName,
        units: job.total,
        validated: job.counts.validated,
        data: Object.entries(job.spec.full.data).map(([name, hash]) => ({
          name,
          size: this.#parts.upkeep.blobSize(hash) ?? 0,
        })),
      })),
      sessions: runtime.scheduler.sessions.size,
    };
  }

  #now(): number {
    return this.#parts.runtime.now();
  }

  #fact(job: Job): number {
    return this.#parts.runtime.factOf(job.number);
  }

  /**
   * The last fact, once all that the job's state says now is on disk: who saw a job complete finds its last results.
   */
  async #written(job: Job): Promise<number> {
    await this.#parts.runtime.settled();
    return this.#fact(job);
  }

  #view(job: Job): JobView {
    return this.#parts.visible.view(job);
  }

  #isVisible(caller: Caller, job: Job): boolean {
    return this.#parts.visible.isVisible(caller, job);
  }

  #find(caller: Caller, id: JobId): Job {
    return this.#parts.visible.find(caller, id);
  }

  #findUnit(caller: Caller, id: JobId, index: number): Job {
    const job = this.#find(caller, id);
    if (index >= job.total) {
      throw new ProblemError('unit-unknown', unitsThere(job));
    }
    return job;
  }

  async #order(caller: Caller, id: JobId, command: (job: Job, effects: Effects) => void): Promise<JobView> {
    const job = this.#find(caller, id);
    await this.#parts.runtime.run(`rest:${caller.key}`, (effects) => command(job, effects));
    return this.#view(job);
  }
}
