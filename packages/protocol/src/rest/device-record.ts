import { z } from 'zod';
import { DeviceId, JobId } from '../ids.ts';
import { RefusalReason } from '../signing.ts';
import { DeviceTrust } from './grid.ts';
import { Capabilities, DeviceClass } from './policy.ts';
import { AttemptState } from './unit.ts';

/** One attempt of a device that came back, and what became of it. */
export const RecordedAttempt = z.strictObject({
  job: JobId,
  unit: z.int(),
  /** `epoch.lease.offset`. */
  attempt: z.string(),
  outcome: AttemptState,
});
export type RecordedAttempt = z.infer<typeof RecordedAttempt>;

/** A program that a tab of the device refused to run, as operators see it. */
export const RecordedRefusal = z.strictObject({
  /** ms since 1970. */
  at: z.int(),
  job: JobId,
  jobName: z.string(),
  reason: RefusalReason,
  detail: z.string(),
});
export type RecordedRefusal = z.infer<typeof RecordedRefusal>;

/** A job of which the device is given nothing for a while, as its tab refused the program. */
export const RestingJob = z.strictObject({
  job: JobId,
  detail: z.string(),
  /** ms since 1970. */
  until: z.int(),
  times: z.int(),
});
export type RestingJob = z.infer<typeof RestingJob>;

/**
 * All that a grid keeps of one device: a page of its attempts, with the rest. The pages put together are the document
 * that a volunteer may have (docs/privacy.md).
 */
export const DeviceRecord = z.strictObject({
  id: DeviceId,
  number: z.int(),
  /** Raw point, base64url. */
  publicKey: z.string(),
  platform: z.string(),
  class: DeviceClass,
  /** A keyed hash of the network that it was last seen in; null on the coordinator's own machine. */
  network: z.string().nullable(),
  /** ms since 1970. */
  firstSeen: z.int(),
  /** The operator set it apart for the playground. */
  apart: z.boolean(),
  /* From here to `resting`: in memory while the coordinator runs, not written down. */
  /** Its volunteer lets it run what nobody vetted. */
  optedIn: z.boolean(),
  capabilities: Capabilities,
  /** That its session lends; null when it has none. */
  slots: z.int().nullable(),
  /** How many times longer than others it computes, and the most units that it brought back of one lease. */
  speed: z.strictObject({ factor: z.number().nullable(), reach: z.int() }).nullable(),
  /** When its last session ended, as long as something waits for it to come back, ms since 1970. */
  left: z.int().nullable(),
  /** When it was last given something after it was caught, ms since 1970. */
  lastGrant: z.int().nullable(),
  refusals: z.array(RecordedRefusal),
  resting: z.array(RestingJob),
  /** Attempts that it holds now. */
  leased: z.int(),
  valid: z.int(),
  invalid: z.int(),
  inconclusive: z.int(),
  waiting: z.int(),
  errored: z.int(),
  revoked: z.int(),
  credit: z.number(),
  trust: DeviceTrust,
  attempts: z.array(RecordedAttempt),
  /** Asks for the page that follows; null at the end. A page may be short, or empty, and others follow all the same. */
  next: z.string().nullable(),
});
export type DeviceRecord = z.infer<typeof DeviceRecord>;

export const DeviceRecordQuery = z.strictObject({ after: z.string().max(100).optional() });
export type DeviceRecordQuery = z.infer<typeof DeviceRecordQuery>;

/** What came of a device that was to be forgotten. */
export const DeviceForgotten = z.strictObject({
  number: z.int(),
  /** Attempts that it held, and that go to others. */
  released: z.int(),
  /** What tells who it was is in no file any more. False: it is being erased, which goes on until it is done. */
  erased: z.boolean(),
});
export type DeviceForgotten = z.infer<typeof DeviceForgotten>;
