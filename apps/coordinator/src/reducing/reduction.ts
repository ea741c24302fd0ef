import type { FoldState } from '@gossamer/judge';
import type { Position } from '@gossamer/store';
import { z } from 'zod';

/**
 * Beside the whole, results are folded into so many batches, each by itself: their spread tells how sure the answer is.
 * A unit's batch follows from its index, so that it does not matter who computed it or when.
 */
export const BATCHES = 16;

/** The state of which a unit's batch is: 0 is the whole. */
export const batchOf = (unit: number): number => 1 + (unit % BATCHES);

const State = z.union([z.null(), z.object({ acc: z.unknown() })]);

const Snapshot = z.object({
  version: z.literal(1),
  position: z.object({ fact: z.int(), unit: z.int() }),
  folded: z.int(),
  skipped: z.int(),
  states: z.array(State).length(1 + BATCHES),
  answers: z.array(z.unknown()).nullable(),
  failure: z.string().nullable(),
});

/** What a job's final results come to, up to a position in the list of them. */
export interface Reduction {
  position: Position;
  /** Results that are in it, and those that were left out, as they cannot be read. */
  folded: number;
  skipped: number;
  /** The whole, then the batches. */
  states: FoldState[];
  /** What the program's `answer` says of each state; null where it has none. */
  answers: unknown[] | null;
  /** Why nothing more is folded: what is wrong with `reduce`, in words. */
  failure: string | null;
}

export const emptyReduction = (): Reduction => ({
  position: { fact: 0, unit: -1 },
  folded: 0,
  skipped: 0,
  states: Array.from({ length: 1 + BATCHES }, () => null),
  answers: null,
  failure: null,
});

/** As text, to be gone on with after a start. */
export const snapshotOf = (reduction: Reduction): string => JSON.stringify({ version: 1, ...reduction });

/** What was kept; one that cannot be read is begun anew, as the results are all in the log. */
export const readSnapshot = (snapshot: string | null): Reduction => {
  if (snapshot === null) return emptyReduction();
  const read = Snapshot.safeParse(JSON.parse(snapshot));
  if (!read.success) return emptyReduction();
  const { version: _, ...reduction } = read.data;
  return reduction;
};
