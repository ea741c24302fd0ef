import type {
  Challenge as ChallengeOf,
  CoordinatorKeys as CoordinatorKeysOf,
  DeviceForgotten as DeviceForgottenOf,
  GridView as GridViewOf,
  JobCard as JobCardOf,
  Problem as ProblemOf,
  Refusal as RefusalOf,
  ResultPermit as ResultPermitOf,
  ResultReceipt as ResultReceiptOf,
  Standing as StandingOf,
  Welcome as WelcomeOf,
} from '@gossamer/protocol';
import { LIMITS } from '@gossamer/protocol';
import * as z from 'zod/mini';

/*
 * What comes to this page as JSON, checked at its door. These are the schemas of `@gossamer/protocol` once more, for
 * zod/mini, which costs a page a third of what zod does. `test/unit/schemas.test.ts` holds that both say the same.
 */

// No code is made of text here: the content security policy forbids it.
z.config({ jitless: true });

/** A schema of ours for a type of the protocol's: brands are its own, and nothing here looks into them. */
const as = <T>(schema: z.ZodMiniType): z.ZodMiniType<T> => schema as z.ZodMiniType<T>;

const uuid7 = (prefix: string): z.ZodMiniString =>
  z.string().check(z.regex(new RegExp(`^${prefix}_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$`)));

const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));

export const Challenge = as<ChallengeOf>(z.strictObject({ nonce: z.string().check(z.maxLength(200)) }));

const standing = z.strictObject({ valid: z.int(), invalid: z.int(), waiting: z.int(), credit: z.number() });
export const Standing = as<StandingOf>(standing);

export const Welcome = as<WelcomeOf>(
  z.strictObject({
    session: uuid7('ses'),
    device: uuid7('dev'),
    epoch: z.int(),
    heartbeatMs: z.int(),
    standing,
  }),
);

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.optional(z.string()),
  instance: z.optional(z.string()),
  errors: z.optional(z.array(z.object({ path: z.string(), message: z.string() }))),
  quota: z.optional(
    z.object({
      name: z.enum(['blobBytes', 'resultBytes', 'openJobs', 'units']),
      limit: z.int(),
      used: z.int(),
      asked: z.int(),
    }),
  ),
});
export const Problem = as<ProblemOf>(problem);
export const Refusal = as<RefusalOf>(z.strictObject({ problem }));

export const ResultPermit = as<ResultPermitOf>(z.strictObject({ permit: z.string().check(z.maxLength(100)) }));

export const ResultReceipt = as<ResultReceiptOf>(
  z.strictObject({ sha256, size: z.int(), receipt: z.string().check(z.maxLength(100)) }),
);

const signingKey = z.string().check(z.regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/));
const signature = z.string().check(z.regex(/^[A-Za-z0-9_-]{85}[AQgw]$/));
const signedName = (most: number): z.ZodMiniString =>
  z.string().check(z.regex(/^[^\p{Cs}\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u), z.maxLength(most));
const between = (least: number, most: number): z.ZodMiniNumber => z.int().check(z.minimum(least), z.maximum(most));

export const CoordinatorKeys = as<CoordinatorKeysOf>(
  z.strictObject({
    current: signingKey,
    chain: z.array(
      z.strictObject({ from: signingKey, to: signingKey, issuedAt: z.int().check(z.minimum(0)), signature }),
    ),
  }),
);

const signed = z.strictObject({
  manifest: z.strictObject({
    format: z.literal(1),
    sha256,
    size: between(0, LIMITS.program),
    kind: z.enum(['js', 'wasm']),
    name: signedName(200),
    limits: z.strictObject({
      deadlineMs: between(100, 86_400_000),
      resultBytes: between(1, LIMITS.largeResult),
      memoryBytes: z.nullable(between(0, 2 ** 32)),
    }),
  }),
  signature: z.nullable(signature),
  admission: z.strictObject({
    job: z.string(),
    manifestSha256: sha256,
    signer: z.nullable(z.strictObject({ key: signingKey, name: signedName(100) })),
    tier: z.enum(['public', 'playground']),
    issuedAt: z.int().check(z.minimum(0)),
    key: signingKey,
    signature,
  }),
});

export const DeviceForgotten = as<DeviceForgottenOf>(
  z.strictObject({ number: z.int(), released: z.int(), erased: z.boolean() }),
);

export const JobCard = as<JobCardOf>(
  z.strictObject({
    job: z.int(),
    id: z.string(),
    name: z.string(),
    submitter: z.string(),
    program: z.strictObject({ sha256, size: z.int() }),
    signed,
    params: z.json(),
    data: z
      .array(
        z.strictObject({
          name: z.string().check(z.regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/)),
          sha256,
          size: z.int().check(z.minimum(0)),
          chunks: z.nullable(sha256),
        }),
      )
      .check(z.maxLength(LIMITS.dataNames)),
    seed: z.int(),
    limits: z.strictObject({ deadlineMs: z.int(), resultBytes: z.int(), memoryBytes: z.int() }),
    cageOrigin: z.string(),
  }),
);

export const GridView = as<GridViewOf>(
  z.strictObject({
    name: z.string(),
    operator: z.string(),
    about: z.string(),
    protocol: z.int(),
    publicUrl: z.string(),
    jobs: z.array(
      z.strictObject({
        number: z.int(),
        name: z.string(),
        submitter: z.string(),
        units: z.int(),
        validated: z.int(),
        data: z.array(z.strictObject({ name: z.string(), size: z.int() })),
      }),
    ),
    sessions: z.int(),
  }),
);
