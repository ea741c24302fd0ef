import { z } from 'zod';
import { BatchId, JobId, Sha256 } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { SharedData } from './data.ts';
import { Json } from './json.ts';
import { Comparison, Policy, Requirements } from './policy.ts';
import { ProgramKind, ProgramSignature, Tier } from '../signing.ts';
import { JobSigner } from './signer.ts';
import { Source } from './source.ts';
import { WaitingFor } from './waiting.ts';

/** Which kinds of kinship between two replicas of a unit are refused. All are, by default. */
export const Independence = z.strictObject({
  device: z.boolean().default(true),
  volunteer: z.boolean().default(true),
  prefix: z.boolean().default(true),
});
export type Independence = z.infer<typeof Independence>;

export const JobLimits = z.strictObject({
  /** Run time of one unit, ms: measured by the tab's engine, so that a frozen tab is not blamed. */
  deadlineMs: z.int().min(100).max(86_400_000).default(60_000),
  /** Largest result, bytes. Results of over 1 MiB are kept as blobs; how large they may be is the operator's to say. */
  resultBytes: z.int().min(1).max(LIMITS.largeResult).default(65_536),
  /** Errors of the program after which a unit is failed. */
  maxErrors: z.int().min(1).max(100).default(3),
  /** Attempts of any outcome after which a unit is failed. */
  maxAttempts: z.int().min(1).max(1000).default(20),
});
export type JobLimits = z.infer<typeof JobLimits>;

const withDefaults = <Schema extends z.ZodType<unknown, object>>(schema: Schema) =>
  schema.prefault({} as z.input<Schema>);

/** What a submitter sends to create a job. */
export const JobSpec = z.strictObject({
  name: z.string().trim().min(1).max(200),
  /** The program: the SHA-256 of a blob that was uploaded before, an ES module's text or a wasm module. */
  program: Sha256,
  /** A blob: where the program's places lie in its sources (a source map), for those who read of its errors. */
  sourceMap: Sha256.nullable().default(null),
  /** Of the program and of what it may use; null: nobody signed it. */
  signature: ProgramSignature.nullable().default(null),
  params: Json.default(null),
  source: Source,
  /** Blobs that were uploaded before, which the program reads by these names (`ctx.data`): the same for every unit. */
  data: SharedData.default({}),
  /**
   * For each of them that is longer than a chunk, a blob that holds the SHA-256 of its chunks one after another. The
   * coordinator fills it in, whatever is sent there.
   */
  dataChunks: SharedData.default({}),
  /** Whether final results are folded by the program's `reduce` as they come; by default where it exports one. */
  reduce: z.boolean().optional(),
  policy: Policy.default({ kind: 'quorum', quorum: 2 }),
  comparison: Comparison.default({ kind: 'bytes' }),
  independence: withDefaults(Independence),
  /** All replicas of a unit go to devices of one class, whichever takes it first. */
  sameClass: z.boolean().default(false),
  requirements: withDefaults(Requirements),
  limits: withDefaults(JobLimits),
  /**
   * Inputs go out together, so many as take a device about so many seconds; each has its result. null: as long as the grid
   * gives out, some seconds.
   */
  chunkSeconds: z.number().min(0.1).max(3600).nullable().default(null),
  /** Jobs of a higher priority are served first; within one, by weight. */
  priority: z.int().min(-10).max(10).default(0),
  weight: z.number().positive().max(1000).default(1),
  seed: z.int().min(0).max(0xffff_ffff).default(0),
  /** Credit for one verified unit. */
  credit: z.number().positive().max(1_000_000).default(1),
  /**
   * Days for which the job is kept after its end, with its results and its history; null: for ever. Left out it is the
   * operator's to say.
   */
  retention: z.number().min(0).max(36_500).nullable().optional(),
});
export type JobSpec = z.infer<typeof JobSpec>;
export type JobSpecInput = z.input<typeof JobSpec>;

/** The header `Idempotency-Key`: whoever sends a request again says by it that it is the same one. */
export const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, { message: 'expected 1 to 200 visible ASCII characters without blanks' });

/** Derived from the job's units, but for `held` and `cancelled`, which are stored with a reason. */
export const JobState = z.enum(['running', 'held', 'cancelled', 'completed']);
export type JobState = z.infer<typeof JobState>;

/** Numbers of units by state; their sum is `total`. */
export const UnitCounts = z.strictObject({
  total: z.int(),
  pending: z.int(),
  active: z.int(),
  /** Accepted on the word of one device, and not final yet. */
  provisional: z.int(),
  validated: z.int(),
  failed: z.int(),
  cancelled: z.int(),
});
export type UnitCounts = z.infer<typeof UnitCounts>;

/** Numbers of attempts by how they ended; `leased` is volatile (since the coordinator's start). */
export const AttemptCounts = z.strictObject({
  leased: z.int(),
  returned: z.int(),
  valid: z.int(),
  invalid: z.int(),
  inconclusive: z.int(),
  errored: z.int(),
  expired: z.int(),
  abandoned: z.int(),
  /** Was valid, and rests on the word of devices that were caught since: its credit was taken back. */
  revoked: z.int(),
});
export type AttemptCounts = z.infer<typeof AttemptCounts>;

/** How many of the final results may be wrong, as far as the evidence goes. */
export const ErrorEstimate = z.strictObject({
  /** What the submitter stated. */
  maxErrorRate: z.number(),
  /** Estimated share of the final results that are wrong. */
  rate: z.number(),
  /** Final results that more than one device confirmed, and that rest on one device with later checks survived. */
  confirmed: z.int(),
  single: z.int(),
  /** Results that were compared with another device's; and of them those found wrong. */
  checks: z.int(),
  failedChecks: z.int(),
  /** Devices caught in this job, and results taken back for it. */
  caught: z.int(),
  revoked: z.int(),
  /** The share of devices that is assumed to lie. */
  assumedLiars: z.number(),
});
export type ErrorEstimate = z.infer<typeof ErrorEstimate>;

/** What is left to do, extrapolated from the units so far. */
export const JobEstimate = z.strictObject({
  /** ms until it is complete at the present rate; null while nothing of it runs. */
  leftMs: z.int().nullable(),
  /** Attempts per validated unit so far. */
  attemptsPerUnit: z.number(),
  /** Run time of one attempt, ms, on the average. */
  unitMs: z.number(),
  /** Run time of the whole job, over all devices, ms. */
  computeMs: z.number(),
  /** Credit that the whole job will have granted. */
  credit: z.number(),
});
export type JobEstimate = z.infer<typeof JobEstimate>;

export const JobView = z.strictObject({
  id: JobId,
  number: z.int(),
  name: z.string(),
  /** The batch that it was made with; null: by itself. */
  batch: BatchId.nullable(),
  submitter: z.string(),
  state: JobState,
  /** Why it is held or cancelled. */
  reason: z.string().nullable(),
  /** In words, why nothing of it runs now; null while something does or nothing is left. */
  waiting: z.string().nullable(),
  /** The same for programs; null as well from a coordinator that does not tell it. */
  waitingFor: WaitingFor.nullable().default(null),
  program: Sha256,
  programKind: ProgramKind,
  /** null: nobody signed it. */
  signer: JobSigner.nullable(),
  /** Where its program runs; null: nowhere, for the reason that `waiting` tells. */
  tier: Tier.nullable(),
  source: z.string(),
  /** Whether more inputs may come: those of a stream are open until they are closed. */
  inputs: z.enum(['open', 'closed']).default('closed'),
  /** What its program reads as shared data. */
  data: SharedData,
  /** Its results are folded as they come: see its answer. */
  reduces: z.boolean(),
  policy: Policy,
  comparison: Comparison,
  independence: Independence,
  sameClass: z.boolean(),
  requirements: Requirements,
  limits: JobLimits,
  /** What its submitter should know of these settings, or of what was seen since, in words. */
  warnings: z.array(z.string()),
  /** What its record says of its correctness; null where the policy states no target. */
  errorEstimate: ErrorEstimate.nullable(),
  /** null before the first units came back, and once it has ended. */
  estimate: JobEstimate.nullable(),
  priority: z.int(),
  weight: z.number(),
  units: UnitCounts,
  attempts: AttemptCounts,
  /** ms since 1970. */
  createdAt: z.int(),
  completedAt: z.int().nullable(),
  /** Days for which it is kept after its end; null: until somebody deletes it. */
  retention: z.number().nullable(),
  /** When it is deleted by itself, ms since 1970; null: not by itself, or it has not ended. */
  expiresAt: z.int().nullable(),
  /** The number of the newest fact: the cursor for events and results. */
  fact: z.int(),
});
export type JobView = z.infer<typeof JobView>;

export const JobReason = z.strictObject({ reason: z.string().trim().max(500).default('') });
export type JobReason = z.infer<typeof JobReason>;

/** What may be changed of a running job. */
export const JobPatch = z.strictObject({
  /** What is left out stays as it is: no defaults here. */
  independence: z.strictObject({
    device: z.boolean().optional(),
    volunteer: z.boolean().optional(),
    prefix: z.boolean().optional(),
  }),
});
export type JobPatch = z.infer<typeof JobPatch>;
