import { z } from 'zod';
import { KeyId, Sha256 } from '../ids.ts';
import { ProgramKind } from '../signing.ts';
import { PageQuery } from './page.ts';
import { JobSigner } from './signer.ts';

/** A program by the jobs that were made of it, as far as the caller sees them; those that were deleted are not counted. */
export const ProgramView = z.strictObject({
  sha256: Sha256,
  kind: ProgramKind,
  /** Bytes; null: they are gone. */
  size: z.int().nullable(),
  /** That of its newest job. */
  name: z.string(),
  /** How many there are. */
  jobs: z.int(),
  /** How many of them have not ended. */
  openJobs: z.int(),
  /** When the oldest of them was made, and the newest; ms since 1970. */
  firstUsedAt: z.int(),
  lastUsedAt: z.int(),
  /** Who signed it for its newest job; null: nobody. */
  signer: JobSigner.nullable(),
  /** The source map that the newest job with one has; null: none has. */
  sourceMap: Sha256.nullable(),
});
export type ProgramView = z.infer<typeof ProgramView>;

export const ProgramsQuery = z.strictObject({
  ...PageQuery.shape,
  submitter: KeyId.optional().describe('Only those of this key’s jobs'),
});
