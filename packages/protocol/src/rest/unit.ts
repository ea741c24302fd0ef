import { z } from 'zod';
import { ELEMENT_TYPES } from '../exchange/payload.ts';
import { DeviceId, Sha256 } from '../ids.ts';
import { WaitingFor } from './waiting.ts';

export const UnitState = z.enum(['pending', 'active', 'provisional', 'validated', 'failed', 'cancelled']);
export type UnitState = z.infer<typeof UnitState>;

export const AttemptState = z.enum([
  'leased',
  'returned',
  'valid',
  'invalid',
  'inconclusive',
  'errored',
  'expired',
  'abandoned',
  'cancelled',
  'revoked',
]);
export type AttemptState = z.infer<typeof AttemptState>;

export const AttemptView = z.strictObject({
  /** `epoch.lease.offset`. */
  id: z.string(),
  /** null: a device that was forgotten. */
  device: DeviceId.nullable(),
  state: AttemptState,
});
export type AttemptView = z.infer<typeof AttemptView>;

export const UnitView = z.strictObject({
  index: z.int(),
  state: UnitState,
  /** Why it failed. */
  reason: z.string().nullable(),
  /** In words, why nothing of it runs now; null while something does or nothing is left to do. */
  waiting: z.string().nullable(),
  /** The same for programs; null as well from a coordinator that does not tell it. */
  waitingFor: WaitingFor.nullable().default(null),
  errors: z.int(),
  attempts: z.array(AttemptView),
});
export type UnitView = z.infer<typeof UnitView>;

/** How an attempt failed, as its device tells it. */
export const FailureView = z.strictObject({
  /** At loading the program, in `run`, or at encoding what it returned; null where something else failed. */
  phase: z.enum(['load', 'run', 'result']).nullable(),
  message: z.string(),
  /** With places in the sources, where the job has a source map. Empty where there is none. */
  stack: z.string(),
  /** What the program logged before, the newest lines. */
  log: z.array(z.string()),
});
export type FailureView = z.infer<typeof FailureView>;

/** One fact, as people read it. Volatile events (a lease given out) are not facts and are not listed. */
export const FactView = z.strictObject({
  /** Its number in the job's log. */
  fact: z.int(),
  /** ms since 1970. */
  at: z.int(),
  /** Facts of one cause (one exchange, one request) share it. */
  cause: z.string(),
  kind: z.string(),
  /** One sentence. */
  text: z.string(),
  unit: z.int().nullable(),
  device: DeviceId.nullable(),
  /** Where an attempt at the unit failed: how. */
  failure: FailureView.optional(),
});
export type FactView = z.infer<typeof FactView>;

/** Where a large result lies: in a blob, which `GET /v1/blobs/SHA256` reads. */
export const ResultBlobView = z.strictObject({
  sha256: Sha256,
  /** Its size, bytes. */
  bytes: z.int(),
  /** What its device said that they are: JSON text, or bytes, with the `type` beside it where they are a typed array. */
  encoding: z.enum(['json', 'bytes']),
});
export type ResultBlobView = z.infer<typeof ResultBlobView>;

/** A result of one unit, final unless its `kind` says otherwise; a line of the NDJSON stream. */
export const ResultView = z.strictObject({
  unit: z.int(),
  /** The cursor of this result: results after it follow in the order in which they became final. */
  cursor: z.string(),
  /** JSON output, where the program returned JSON. */
  output: z.json().optional(),
  /** Where it returned bytes, or a typed array: base64. */
  bytes: z.string().optional(),
  /** In place of both, where the result has more than 1 MiB. */
  blob: ResultBlobView.optional(),
  /** Where it returned a typed array: the type of its elements, which are little-endian. */
  type: z.enum(ELEMENT_TYPES).optional(),
  /** Where the unit failed: why. */
  error: z.string().optional(),
  /** The unit was retried since, so that it has not failed: a later line tells what came of it, once it is final. */
  superseded: z.literal(true).optional(),
  /**
   * Only where provisional results were asked for, and then always. `provisional`: it stands on the word of one device, and
   * comes again, final or revoked. `revoked`: what was told of this unit before as provisional does not stand; another one follows.
   */
  kind: z.enum(['final', 'provisional', 'revoked']).optional(),
});
export type ResultView = z.infer<typeof ResultView>;
