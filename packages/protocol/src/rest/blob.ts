import { z } from 'zod';
import { Sha256 } from '../ids.ts';

export const BlobView = z.strictObject({ sha256: Sha256, size: z.int() });
export type BlobView = z.infer<typeof BlobView>;
