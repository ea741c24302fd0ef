import { z } from 'zod';
import { DeviceId, JobId, KeyId } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { ProgramKind, RefusalReason, Signature, SignedName, SigningKey, Tier } from '../signing.ts';

/** What the operator grants a signer. */
export const SignerPolicy = z.strictObject({
  tier: Tier,
  lanes: z.array(ProgramKind).max(ProgramKind.options.length),
  limits: z.strictObject({
    /** The largest deadline of a unit, ms. */
    deadlineMs: z.int().min(100).max(86_400_000),
    /** The largest result, bytes. */
    resultBytes: z.int().min(1).max(LIMITS.largeResult),
  }),
});
export type SignerPolicy = z.infer<typeof SignerPolicy>;

/** What is left out stays as it is; of a signer without a policy it is the playground, every lane, and no limit of its own. */
export const SignerPolicyPatch = z.strictObject({
  tier: Tier.optional(),
  lanes: SignerPolicy.shape.lanes.optional(),
  limits: SignerPolicy.shape.limits.partial().optional(),
});
export type SignerPolicyPatch = z.infer<typeof SignerPolicyPatch>;

export const SignerSpec = z.strictObject({
  key: SigningKey,
  name: SignedName.max(100),
  /** By `key` itself, over who registers it: it proves that the key is the caller's. */
  proof: Signature,
  /** The signer that this one takes the place of, with its statement: the policy is inherited. */
  succeeds: z.strictObject({ key: SigningKey, statement: Signature }).nullable().default(null),
});
export type SignerSpec = z.infer<typeof SignerSpec>;
export type SignerSpecInput = z.input<typeof SignerSpec>;

export const SignerView = z.strictObject({
  key: SigningKey,
  fingerprint: z.string(),
  name: z.string(),
  /** The API key that registered it. */
  owner: KeyId,
  ownerName: z.string(),
  /** null: the operator has granted nothing yet, and its programs are treated as unsigned ones are. */
  policy: SignerPolicy.nullable(),
  /** Where its programs run now; null: nowhere. */
  tier: Tier.nullable(),
  successor: SigningKey.nullable(),
  /** Jobs of it that are not over: revoking it would cancel them. */
  openJobs: z.int(),
  /** ms since 1970. */
  registeredAt: z.int(),
  revokedAt: z.int().nullable(),
});
export type SignerView = z.infer<typeof SignerView>;

/** A job's program, as far as it is vetted. */
export const JobSigner = z.strictObject({ key: SigningKey, name: z.string() });

export const DevicePatch = z.strictObject({
  /** Set apart for the playground: from then on it runs nothing else. */
  apart: z.boolean(),
});
export type DevicePatch = z.infer<typeof DevicePatch>;

/** A tab's refusal to run a program, since the coordinator's start. */
export const RefusalView = z.strictObject({
  /** ms since 1970. */
  at: z.int(),
  device: DeviceId,
  job: JobId,
  jobName: z.string(),
  reason: RefusalReason,
  detail: z.string(),
});
export type RefusalView = z.infer<typeof RefusalView>;
