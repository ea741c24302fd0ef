import { z } from 'zod';
import { DeviceId, JobId } from '../ids.ts';
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
  /** In memory while the coordinator runs, not written down. */
  capabilities: Capabilities,
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
});
export type DeviceForgotten = z.infer<typeof DeviceForgotten>;
