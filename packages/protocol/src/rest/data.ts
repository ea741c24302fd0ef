import { z } from 'zod';
import { Sha256 } from '../ids.ts';
import { LIMITS } from '../limits.ts';

/** The name by which a program asks for a blob that its job shares among all units. */
export const DataName = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, {
  message: 'expected a letter, and up to 63 letters, digits, - and _ after it',
});
export type DataName = z.infer<typeof DataName>;

/** Blobs by the names that the program knows them by. */
export const SharedData = z.record(DataName, Sha256).refine((data) => Object.keys(data).length <= LIMITS.dataNames, {
  message: `expected at most ${LIMITS.dataNames} names`,
});
export type SharedData = z.infer<typeof SharedData>;

/** How many chunks so many bytes are cut into; the last one may be shorter. */
export const chunksOf = (size: number): number => Math.ceil(size / LIMITS.dataChunk);
