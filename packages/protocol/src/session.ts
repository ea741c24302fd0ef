import { z } from 'zod';
import { DeviceId, SessionId, Sha256 } from './ids.ts';
import { LIMITS } from './limits.ts';
import { Problem } from './problem.ts';
import { DataName } from './rest/data.ts';
import { Capabilities } from './rest/policy.ts';
import { SignedProgram } from './signing.ts';

/**
 * The control messages of a session, JSON over Socket.IO, in this order:
 * tab `hello` -> `challenge`; tab `proof` -> `welcome`; then `exchange` (bytes both ways, see `exchange/`).
 * Each is acknowledged with the answer named here, or with `{problem}`.
 */
export const Hello = z.strictObject({
  protocol: z.int().min(0),
  /** The device's ECDSA P-256 public key: raw uncompressed point, base64url. */
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{87}$/, { message: 'expected a raw P-256 public key, base64url' }),
  /** What the browser says it is, for the operator's list of devices. */
  platform: z.string().max(120),
  /** What it says that it has, for jobs that require it. */
  capabilities: Capabilities,
  slots: z.int().min(1).max(LIMITS.slots),
  /** The volunteer lets it run programs that nobody vetted. It counts only on a device that the operator set apart. */
  playground: z.boolean().default(false),
});
export type Hello = z.infer<typeof Hello>;

export const Challenge = z.strictObject({ nonce: z.string().max(200) });
export type Challenge = z.infer<typeof Challenge>;

/** `signature`: ECDSA with SHA-256 over the UTF-8 bytes of `gossamer-session:` + nonce, IEEE P1363, base64url. */
export const Proof = z.strictObject({ signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/) });
export type Proof = z.infer<typeof Proof>;

/** What the device signs in answer to a challenge. */
export const proofText = (nonce: string): string => `gossamer-session:${nonce}`;

/** What this volunteer's device has earned so far. */
export const Standing = z.strictObject({
  /** Attempts found valid. */
  valid: z.int(),
  /** Attempts found invalid: its results disagreed with others. */
  invalid: z.int(),
  /** Attempts that wait for others to agree. */
  waiting: z.int(),
  credit: z.number(),
});
export type Standing = z.infer<typeof Standing>;

export const Welcome = z.strictObject({
  session: SessionId,
  device: DeviceId,
  /** The epoch of this start of the coordinator; leases of another epoch are reported with their ticket. */
  epoch: z.int(),
  /** Send a heartbeat (an exchange with `held`) at least this often, ms. */
  heartbeatMs: z.int(),
  standing: Standing,
});
export type Welcome = z.infer<typeof Welcome>;

/** A refusal of a control message or of an exchange. */
export const Refusal = z.strictObject({ problem: Problem });
export type Refusal = z.infer<typeof Refusal>;

/** Tab to coordinator: it has a large result of an attempt that its session holds, and would send it. */
export const ResultOffer = z.strictObject({
  epoch: z.int().min(0).max(0xffff_ffff),
  lease: z.int().min(0).max(0xffff_ffff),
  /** Position of the attempt in its lease. */
  offset: z.int().min(0).max(0xffff),
  sha256: Sha256,
  /** Bytes. */
  size: z
    .int()
    .min(LIMITS.result + 1)
    .max(LIMITS.largeResult),
});
export type ResultOffer = z.infer<typeof ResultOffer>;

/** The answer: with this the bytes may come, as `PUT /v1/results/SHA256`. */
export const ResultPermit = z.strictObject({ permit: z.string().max(100) });
export type ResultPermit = z.infer<typeof ResultPermit>;

/** That the bytes are on disk: what the report of the attempt shows, base64. */
export const ResultReceipt = z.strictObject({ sha256: Sha256, size: z.int(), receipt: z.string().max(100) });
export type ResultReceipt = z.infer<typeof ResultReceipt>;

/** Names of the Socket.IO events. */
export const EVENTS = {
  hello: 'hello',
  proof: 'proof',
  exchange: 'exchange',
  /** A `DeviceRecordQuery`, answered with a page of the `DeviceRecord` of the session's own device. */
  record: 'record',
  /** A `ResultOffer`, answered with a `ResultPermit`. */
  offer: 'offer',
  /** Answered with `DeviceForgotten` when the session's own device is forgotten; the connection ends then. */
  forget: 'forget',
  /** Server to tab, a `Standing`, when it has changed. */
  standing: 'standing',
  /** Server to tab, an `ExchangeResponse` without leases whose `revoked` names leases to end. */
  revoke: 'revoke',
  /** Tab to server, a `ProgramRefusal`: the tab does not run a job's program. Not acknowledged. */
  refused: 'refused',
  /** Server to tab: the coordinator goes down; keep results and come back. */
  leaving: 'leaving',
} as const;

/** Shared data as a tab gets to know it: read in parts, each of which is checked before the program gets it. */
export const CardData = z.strictObject({
  name: DataName,
  sha256: Sha256,
  size: z.int().min(0),
  /** The blob with the SHA-256 of each chunk of `LIMITS.dataChunk` bytes; null: it is one chunk, whose hash is its name. */
  chunks: Sha256.nullable(),
});
export type CardData = z.infer<typeof CardData>;

/** What a tab must know of a job to run its units. */
export const JobCard = z.strictObject({
  job: z.int(),
  id: z.string(),
  name: z.string(),
  submitter: z.string(),
  program: z.strictObject({ sha256: Sha256, size: z.int() }),
  /** What the tab verifies before it runs anything. */
  signed: SignedProgram,
  params: z.json(),
  /** What the program may read beside its input. */
  data: z.array(CardData).max(LIMITS.dataNames),
  seed: z.int(),
  limits: z.strictObject({
    /** Run time of one unit, ms. */
    deadlineMs: z.int(),
    resultBytes: z.int(),
    /** The largest maximum that the memory of a wasm module may declare, bytes: the operator's bound. */
    memoryBytes: z.int(),
  }),
  /** The origin on which this job's cages are opened; `{n}` is replaced by a number to get further ones. */
  cageOrigin: z.string(),
});
export type JobCard = z.infer<typeof JobCard>;
