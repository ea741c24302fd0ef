import type {
  AnswerView,
  BatchId,
  DeviceForgotten,
  DeviceId,
  DeviceRecord,
  DeviceView,
  FactView,
  GridView,
  JobId,
  JobPatch,
  JobSpec,
  JobState,
  JobView,
  KeyCreated,
  KeyId,
  KeyPatch,
  KeySpec,
  KeyView,
  Page,
  ResultBlob,
  ResultView,
  Sha256,
  StatsView,
  UnitState,
  UnitView,
} from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import type { Caller, PageRequest, ResultsRequest } from './caller.ts';
import type { GridBatches } from './grid-batches.ts';
import type { GridIntake } from './grid-intake.ts';
import type { GridLargeResults } from './grid-large-results.ts';
import type { GridPrograms } from './grid-programs.ts';
import type { GridSigning } from './grid-signing.ts';
import type { GridUpkeep } from './grid-upkeep.ts';
import type { GridUploads } from './grid-uploads.ts';
import type { GridWebhooks } from './grid-webhooks.ts';

export type { Caller, PageRequest, ResultsRequest };

/** Which jobs are listed: of a state, of a batch, of a program. */
export interface JobsRequest extends PageRequest {
  state?: JobState | undefined;
  batch?: BatchId | undefined;
  program?: Sha256 | undefined;
}

/** The bytes of a final result: in memory, or where it is large in a blob. */
export type FinalBytes = { mediaType: string } & ({ body: Uint8Array } | { blob: ResultBlob });

export interface JobChange {
  job: JobView;
}

/**
 * What the REST API (and nothing else of HTTP) sees of the running grid. Every method throws ProblemError with a code
 * of the registry; a promise resolves only when what it did is on disk.
 * Submitters see and touch only their own jobs (another's is `job-unknown`); operators all.
 */
export interface Grid {
  readonly blobs: BlobStore;
  readonly signing: GridSigning;
  readonly webhooks: GridWebhooks;
  readonly upkeep: GridUpkeep;
  readonly uploads: GridUploads;
  readonly intake: GridIntake;
  readonly batches: GridBatches;
  readonly largeResults: GridLargeResults;
  readonly programs: GridPrograms;

  authenticate(secret: string): Caller | null;

  /**
   * With an idempotency key the same request makes one job, however often it comes: `replayed` tells that it was there.
   * Another request under the same key is `idempotency-key-reused`.
   */
  createJob(caller: Caller, spec: JobSpec, idempotencyKey: string | null): Promise<{ job: JobView; replayed: boolean }>;
  /** Newest first. */
  jobs(caller: Caller, request: JobsRequest): Page<JobView>;
  job(caller: Caller, id: JobId): JobView;
  /** What it was made of, with all that was left out filled in. */
  jobSpec(caller: Caller, id: JobId): JobSpec;
  /** The state alone, which costs nothing, however much of the job is under way. */
  jobState(caller: Caller, id: JobId): JobState;
  hold(caller: Caller, id: JobId, reason: string): Promise<JobView>;
  release(caller: Caller, id: JobId, reason: string): Promise<JobView>;
  cancel(caller: Caller, id: JobId, reason: string): Promise<JobView>;
  patchJob(caller: Caller, id: JobId, patch: JobPatch): Promise<JobView>;

  units(caller: Caller, id: JobId, page: PageRequest & { state?: UnitState | undefined }): Page<UnitView>;
  unit(caller: Caller, id: JobId, index: number): UnitView;
  /** The history of one unit, oldest first. */
  unitFacts(caller: Caller, id: JobId, index: number): Promise<FactView[]>;
  /** Facts of the job after `afterFact`, at most `limit`. */
  facts(caller: Caller, id: JobId, afterFact: number, limit: number): Promise<FactView[]>;

  /** Final results in the order in which they became final; on request provisional and revoked ones among them. */
  results(caller: Caller, id: JobId, page: ResultsRequest): Promise<Page<ResultView>>;
  /** What its program's `reduce` makes of its final results so far. */
  answer(caller: Caller, id: JobId): Promise<AnswerView>;
  /**
   * The bytes of one final result, or the blob that holds them, with their media type (application/json or
   * application/octet-stream).
   */
  result(caller: Caller, id: JobId, index: number): Promise<FinalBytes>;

  /**
   * Calls back on each change of the job (at most a few times a second, and always after the last one), until the
   * returned function is called. null: every job (operators).
   */
  watch(caller: Caller, id: JobId | null, listener: (change: JobChange) => void): () => void;

  /** In the order in which they were made. */
  keys(page: PageRequest): Page<KeyView>;
  createKey(spec: KeySpec): Promise<KeyCreated>;
  patchKey(id: KeyId, patch: KeyPatch): Promise<KeyView>;
  revokeKey(id: KeyId): Promise<KeyView>;

  devices(page: PageRequest): Page<DeviceView>;
  /** A page of all that is kept of a device. */
  deviceRecord(id: DeviceId, after: string | undefined): DeviceRecord;
  forgetDevice(id: DeviceId): Promise<DeviceForgotten>;
  stats(): StatsView;
  /** For volunteers, before consent. */
  view(): GridView;
  /**
   * Resolves when all that views given until now tell is on disk: nothing goes out before. Throws ProblemError
   * `unavailable` when something of it could not be written.
   */
  written(): Promise<void>;
  /** False while starting or leaving. */
  readonly ready: boolean;
  /** Why nothing can be changed now, as after a write that failed; null when all is well. What is there can be read. */
  readonly hindrance: 'storage-full' | 'unavailable' | null;
}
