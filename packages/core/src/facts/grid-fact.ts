import { DeviceClass, Quota, SignerPolicy } from '@gossamer/protocol';
import { z } from 'zod';

const At = { at: z.int() };

/** The request that made it, where it had an idempotency key: hashes of caller and key, and of what was asked for. */
const Request = z.object({ key: z.string(), fingerprint: z.string() }).nullable().default(null);

/** As `PastAccount`. */
const PastAccounts = z.object({
  device: z.int(),
  valid: z.int(),
  invalid: z.int(),
  inconclusive: z.int(),
  revoked: z.int(),
  errored: z.int(),
  credit: z.number(),
  survived: z.int(),
  earnedAt: z.int(),
  caughtAt: z.int(),
  caught: z.int(),
  foreign: z.int(),
});

/** Facts of the grid's own log (shard 0): few, so JSON. `at` is ms since 1970. */
export const GridFact = z.discriminatedUnion('kind', [
  /** The first fact. `secret` (hexadecimal) keys the MACs of leases and the hashes of network prefixes. */
  z.object({ kind: z.literal('grid-created'), ...At, secret: z.string() }),
  z.object({
    kind: z.literal('key-created'),
    ...At,
    id: z.string(),
    role: z.enum(['operator', 'submitter']),
    name: z.string(),
    /** SHA-256 of the secret, hexadecimal. */
    hash: z.string(),
    /** From then on it is refused. Keys of earlier versions have none. */
    expiresAt: z.int().nullable().default(null),
    quota: Quota.default({}),
  }),
  z.object({ kind: z.literal('key-quota-set'), ...At, id: z.string(), quota: Quota }),
  z.object({ kind: z.literal('key-revoked'), ...At, id: z.string() }),
  z.object({
    kind: z.literal('device-seen'),
    ...At,
    number: z.int(),
    id: z.string(),
    publicKey: z.string(),
    platform: z.string(),
    /** A keyed hash of the network prefix that it came from; null on loopback. */
    prefix: z.string().nullable(),
  }),
  z.object({ kind: z.literal('device-moved'), ...At, number: z.int(), prefix: z.string().nullable() }),
  /** Set apart for the playground, or put back. */
  z.object({ kind: z.literal('device-set-apart'), ...At, number: z.int(), apart: z.boolean() }),
  z.object({
    kind: z.literal('signer-registered'),
    ...At,
    /** Its public key. Registered again, it is another owner's from then on. */
    key: z.string(),
    name: z.string(),
    /** The API key's id. */
    owner: z.string(),
    /** The signer whose place it takes, and whose policy it inherits. */
    succeeds: z.string().nullable(),
  }),
  z.object({ kind: z.literal('signer-policy-set'), ...At, key: z.string(), policy: SignerPolicy }),
  z.object({ kind: z.literal('signer-revoked'), ...At, key: z.string() }),
  z.object({
    kind: z.literal('coordinator-key-made'),
    ...At,
    /** Raw Ed25519 public key, base64url. */
    key: z.string(),
    /** Its private half. It stands here, beside the grid's secret, so that a backup of the log is one of the grid. */
    seed: z.string(),
    /** The rotation statement of the key before it; null for the first one. */
    statement: z.string().nullable(),
  }),
  /**
   * What was told of the device is emptied in its facts (`forget-facts.ts`). Its class stays: jobs whose replicas keep to
   * one class are judged by it.
   */
  z.object({ kind: z.literal('device-forgotten'), ...At, number: z.int(), class: DeviceClass }),
  /** The job is to be deleted: there is no way back. `submitter`: the key that may be told so. */
  z.object({ kind: z.literal('job-deleted'), ...At, number: z.int(), submitter: z.string() }),
  /** What devices have earned in it stays here: its log may go. */
  z.object({ kind: z.literal('job-settled'), ...At, number: z.int(), accounts: z.array(PastAccounts) }),
  /** Nothing of it is left anywhere else. */
  z.object({ kind: z.literal('job-cleared'), ...At, number: z.int() }),
  /** The number is taken; whether the job exists is said by its own log. */
  z.object({
    kind: z.literal('job-registered'),
    ...At,
    number: z.int(),
    id: z.string(),
    request: Request,
    /** The batch that it is made with: it exists if that was made. */
    batch: z.string().nullable().default(null),
  }),
  /** All jobs of a batch are in their logs: they exist from now on, and did not before. */
  z.object({
    kind: z.literal('batch-made'),
    ...At,
    number: z.int(),
    id: z.string(),
    name: z.string(),
    submitter: z.string(),
    submitterName: z.string(),
    jobs: z.array(z.int()),
    request: Request,
  }),
]);
export type GridFact = z.infer<typeof GridFact>;

const Segment = z.object({ cause: z.string(), facts: z.array(GridFact) });

/** JSON text of the facts of one cause. */
export const encodeGridFacts = (cause: string, facts: readonly GridFact[]): string => JSON.stringify({ cause, facts });

/** Throws a ZodError or SyntaxError on what is no such text. */
export const decodeGridFacts = (text: string): { cause: string; facts: GridFact[] } => Segment.parse(JSON.parse(text));
