import { z } from 'zod';
import { JobId, Sha256 } from '../ids.ts';
import { Json } from './json.ts';
import { Source } from './source.ts';

/** When is a result true. `quorum`: that many independent results agree, byte by byte. `trusted`: the first one wins. */
export const Policy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('quorum'), quorum: z.int().min(1).max(16) }),
  z.strictObject({ kind: z.literal('trusted') }),
]);
export type Policy = z.infer<typeof Policy>;

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
  /** Largest result, bytes. */
  resultBytes: z.int().min(1).max(1_048_576).default(65_536),
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
  /** The program: the SHA-256 of a blob that was uploaded before, an ES module's text. */
  program: Sha256,
  params: Json.default(null),
  source: Source,
  policy: Policy.default({ kind: 'quorum', quorum: 2 }),
  independence: withDefaults(Independence),
  limits: withDefaults(JobLimits),
  /** Jobs of a higher priority are served first; within one, by weight. */
  priority: z.int().min(-10).max(10).default(0),
  weight: z.number().positive().max(1000).default(1),
  seed: z.int().min(0).max(0xffff_ffff).default(0),
  /** Credit for one verified unit. */
  credit: z.number().positive().max(1_000_000).default(1),
});
export type JobSpec = z.infer<typeof JobSpec>;
export type JobSpecInput = z.input<typeof JobSpec>;

/** Derived from the job's units, but for `held` and `cancelled`, which are stored with a reason. */
export const JobState = z.enum(['running', 'held', 'cancelled', 'completed']);
export type JobState = z.infer<typeof JobState>;

/** Numbers of units by state; their sum is `total`. */
export const UnitCounts = z.strictObject({
  total: z.int(),
  pending: z.int(),
  active: z.int(),
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
});
export type AttemptCounts = z.infer<typeof AttemptCounts>;

export const JobView = z.strictObject({
  id: JobId,
  number: z.int(),
  name: z.string(),
  submitter: z.string(),
  state: JobState,
  /** Why it is held or cancelled. */
  reason: z.string().nullable(),
  /** In words, why nothing of it runs now; null while something does or nothing is left. */
  waiting: z.string().nullable(),
  program: Sha256,
  source: z.string(),
  policy: Policy,
  independence: Independence,
  limits: JobLimits,
  priority: z.int(),
  weight: z.number(),
  units: UnitCounts,
  attempts: AttemptCounts,
  /** ms since 1970. */
  createdAt: z.int(),
  completedAt: z.int().nullable(),
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
