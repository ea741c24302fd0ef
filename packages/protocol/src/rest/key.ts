import { z } from 'zod';
import { KeyId } from '../ids.ts';
import { Quota } from './quota.ts';

export const Role = z.enum(['operator', 'submitter']);
export type Role = z.infer<typeof Role>;

export const KeySpec = z.strictObject({
  role: Role,
  name: z.string().trim().min(1).max(100),
  /** From then on it is refused, ms since 1970; null: it stays until it is revoked. */
  expiresAt: z.int().min(0).nullable().default(null),
  quota: Quota.default({}),
});
export type KeySpec = z.infer<typeof KeySpec>;
export type KeySpecInput = z.input<typeof KeySpec>;

export const KeyView = z.strictObject({
  id: KeyId,
  role: Role,
  name: z.string(),
  createdAt: z.int(),
  expiresAt: z.int().nullable(),
  revokedAt: z.int().nullable(),
  quota: Quota,
});
export type KeyView = z.infer<typeof KeyView>;

/** The only answer that holds a key's secret; it is stored as a hash. */
export const KeyCreated = z.strictObject({ ...KeyView.shape, secret: z.string() });
export type KeyCreated = z.infer<typeof KeyCreated>;

/** What may be changed of a key. */
export const KeyPatch = z.strictObject({
  /** In the place of the one before, as a whole. */
  quota: Quota,
});
export type KeyPatch = z.infer<typeof KeyPatch>;
