import { z } from 'zod';
import { Sha256 } from './ids.ts';
import { LIMITS } from './limits.ts';

/** A raw Ed25519 public key (RFC 8032), 32 bytes, base64url. It is the name of a signer, or of a coordinator's key. */
export const SigningKey = z
  .string()
  .regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/, { message: 'expected a raw Ed25519 public key, base64url' })
  .brand<'signingKey'>();
export type SigningKey = z.infer<typeof SigningKey>;

/** An Ed25519 signature, 64 bytes, base64url. */
export const Signature = z
  .string()
  .regex(/^[A-Za-z0-9_-]{85}[AQgw]$/, { message: 'expected an Ed25519 signature, base64url' });

/** The lane of a program: the text of an ES module, or a module of WebAssembly in its binary form. */
export const ProgramKind = z.enum(['js', 'wasm']);
export type ProgramKind = z.infer<typeof ProgramKind>;

/** One line of text that has one encoding and reads as it is written: no half of a surrogate pair, nothing unseen. */
export const SignedName = z
  .string()
  .regex(/^[^\p{Cs}\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, { message: 'expected text without control characters' });

/** Any name as a `SignedName`, but for its length: a blank for each character that none may have. */
export const signedNameOf = (name: string): string => name.replaceAll(/[\p{Cs}\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');

/** What a program may use, at the most. */
export const ProgramLimits = z.strictObject({
  /** Run time of one unit, ms. */
  deadlineMs: z.int().min(100).max(86_400_000),
  /** Bytes of one result. */
  resultBytes: z.int().min(1).max(LIMITS.largeResult),
  /** The maximum that a wasm module's memory declares, bytes; null for JavaScript, whose memory no browser caps. */
  memoryBytes: z
    .int()
    .min(0)
    .max(2 ** 32)
    .nullable(),
});
export type ProgramLimits = z.infer<typeof ProgramLimits>;

/** What is signed beside the program's hash. */
export const ProgramManifest = z.strictObject({
  format: z.literal(1),
  sha256: Sha256,
  /** Bytes of the program. */
  size: z.int().min(0).max(LIMITS.program),
  kind: ProgramKind,
  name: SignedName.max(200),
  limits: ProgramLimits,
});
export type ProgramManifest = z.infer<typeof ProgramManifest>;

/** A signer's word for a manifest. */
export const ProgramSignature = z.strictObject({ signer: SigningKey, manifest: ProgramManifest, signature: Signature });
export type ProgramSignature = z.infer<typeof ProgramSignature>;

/** Where a program may run: on anybody's device, or only on those that were set apart for unvetted code and opted in. */
export const Tier = z.enum(['public', 'playground']);
export type Tier = z.infer<typeof Tier>;

/** The coordinator's countersignature: this program, of this signer, may run in this tier as this job's. */
export const Admission = z.strictObject({
  job: z.string(),
  /** SHA-256 of the canonical encoding of the manifest. */
  manifestSha256: Sha256,
  /** null: nobody signed it. */
  signer: z.strictObject({ key: SigningKey, name: SignedName.max(100) }).nullable(),
  tier: Tier,
  /** ms since 1970. */
  issuedAt: z.int().min(0),
  /** The coordinator's key that signed. */
  key: SigningKey,
  signature: Signature,
});
export type Admission = z.infer<typeof Admission>;

/** What a tab verifies of a job's program before it runs anything of it. */
export const SignedProgram = z.strictObject({
  manifest: ProgramManifest,
  /** The signer's; null when the admission names none. */
  signature: Signature.nullable(),
  admission: Admission,
});
export type SignedProgram = z.infer<typeof SignedProgram>;

/** A rotation statement: the key `from` names its successor. */
export const KeySuccession = z.strictObject({
  from: SigningKey,
  to: SigningKey,
  /** ms since 1970. */
  issuedAt: z.int().min(0),
  /** By `from`. */
  signature: Signature,
});
export type KeySuccession = z.infer<typeof KeySuccession>;

/** The coordinator's key, and how it came from earlier ones, the oldest first. */
export const CoordinatorKeys = z.strictObject({ current: SigningKey, chain: z.array(KeySuccession) });
export type CoordinatorKeys = z.infer<typeof CoordinatorKeys>;

/** Why a tab refused a program. */
export const RefusalReason = z.enum([
  /** The admission is by no key that follows from the one that the tab knows. */
  'coordinator-key',
  /** The admission is not what the coordinator signed, or is another job's. */
  'admission',
  /** The manifest is not the one that was admitted, or not of this program. */
  'manifest',
  /** The signer did not sign the manifest. */
  'signature',
  /** The job would use more than the manifest says. */
  'limits',
  /** The bytes are not those of the manifest. */
  'program',
  /** It is for the playground, and the volunteer has not opted in. */
  'playground',
]);
export type RefusalReason = z.infer<typeof RefusalReason>;

/** Tab to coordinator: it does not run this job's program. */
export const ProgramRefusal = z.strictObject({
  job: z.int().min(0),
  reason: RefusalReason,
  detail: SignedName.max(500),
});
export type ProgramRefusal = z.infer<typeof ProgramRefusal>;
