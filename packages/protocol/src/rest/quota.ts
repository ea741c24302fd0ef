import { z } from 'zod';
import { KeyId } from '../ids.ts';

const limit = z.int().min(0).max(Number.MAX_SAFE_INTEGER).nullable().optional();

/** What a key may have at the most. What is left out is the grid's default; null: any number. */
export const Quota = z.strictObject({
  /** Bytes of the blobs that its jobs name, and of those that it uploaded for others to come. */
  blobBytes: limit,
  /** Bytes of the results and errors of its jobs, but for large results, which are blobs: all that came, until the jobs are deleted. */
  resultBytes: limit,
  /** Jobs that have not ended. */
  openJobs: limit,
  /** Units of these jobs. */
  units: limit,
});
export type Quota = z.infer<typeof Quota>;

export const QuotaName = z.enum(['blobBytes', 'resultBytes', 'openJobs', 'units']);
export type QuotaName = z.infer<typeof QuotaName>;

/** Why something is more than a key may have. */
export const QuotaExcess = z.object({
  name: QuotaName,
  limit: z.int(),
  /** What it has, with what is under way. */
  used: z.int(),
  /** What it would need beside that; of an upload whose length nobody told, as far as it came; of results 1. */
  asked: z.int(),
});
export type QuotaExcess = z.infer<typeof QuotaExcess>;

const Use = z.strictObject({
  /** null: any number. */
  limit: z.int().nullable(),
  used: z.int(),
});

/** What a key may have, and has. */
export const QuotasView = z.strictObject({ blobBytes: Use, resultBytes: Use, openJobs: Use, units: Use });
export type QuotasView = z.infer<typeof QuotasView>;

/** The same of one key among all. */
export const KeyQuotas = z.strictObject({ key: KeyId, quotas: QuotasView });
export type KeyQuotas = z.infer<typeof KeyQuotas>;
