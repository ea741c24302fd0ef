import { z } from 'zod';
import { DeviceId } from '../ids.ts';
import { Capabilities, DeviceClass } from './policy.ts';

/** What a volunteer reads before consent; public. */
export const GridView = z.strictObject({
  name: z.string(),
  operator: z.string(),
  about: z.string(),
  protocol: z.int(),
  /** The origin on which the page should be opened (a secure one). */
  publicUrl: z.string(),
  /** Jobs that have work now. */
  jobs: z.array(
    z.strictObject({
      number: z.int(),
      name: z.string(),
      submitter: z.string(),
      units: z.int(),
      validated: z.int(),
      /** What its program reads as shared data: a tab may fetch all of it. */
      data: z.array(z.strictObject({ name: z.string(), size: z.int() })),
    }),
  ),
  /** Sessions that are connected now. */
  sessions: z.int(),
});
export type GridView = z.infer<typeof GridView>;

/** What a device, or its volunteer, has earned. */
export const DeviceTrust = z.strictObject({
  /** `new`: always checked. `caught`: was found to return wrong results, always checked. `credible`: spot-checked. */
  standing: z.enum(['new', 'caught', 'credible']),
  /** Checks survived since it was last caught. */
  survived: z.int(),
  /** How often it was caught. */
  caught: z.int(),
  /** The share of its next results that is checked, under the default target. */
  checkRate: z.number(),
});
export type DeviceTrust = z.infer<typeof DeviceTrust>;

export const DeviceView = z.strictObject({
  id: DeviceId,
  number: z.int(),
  platform: z.string(),
  class: DeviceClass,
  capabilities: Capabilities,
  firstSeen: z.int(),
  /** The operator set it apart for the playground, and at its last sign-in its volunteer had opted in. */
  playground: z.strictObject({ apart: z.boolean(), optedIn: z.boolean() }),
  connected: z.boolean(),
  slots: z.int(),
  leased: z.int(),
  valid: z.int(),
  invalid: z.int(),
  waiting: z.int(),
  errored: z.int(),
  /** Attempts whose credit was taken back. */
  revoked: z.int(),
  credit: z.number(),
  trust: DeviceTrust,
  /** In words, why it computes nothing now; null while it does. */
  idle: z.string().nullable(),
});
export type DeviceView = z.infer<typeof DeviceView>;

/** One second of the grid's life. */
export const StatsSample = z.strictObject({
  /** ms since 1970. */
  at: z.int(),
  /** Units validated in that second. */
  validated: z.int(),
  /** Attempts returned in that second. */
  returned: z.int(),
  /** Units that are cut and wait for a device. */
  queue: z.int(),
  /** Attempts that are leased. */
  leased: z.int(),
  sessions: z.int(),
});
export type StatsSample = z.infer<typeof StatsSample>;

export const StatsView = z.strictObject({
  startedAt: z.int(),
  version: z.string(),
  store: z.string(),
  samples: z.array(StatsSample),
});
export type StatsView = z.infer<typeof StatsView>;
