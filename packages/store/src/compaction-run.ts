import type { CompactOptions } from './log-store.ts';

/** A segment as compaction sees it: without its body. */
export interface SegmentSize {
  seq: number;
  n: number;
  /** Bytes of its body, as it is read. */
  bytes: number;
  /** It is the outcome of a compaction. */
  isCompact: boolean;
}

/** Neighbours that are to become one. */
export interface CompactionRun {
  seq: number;
  /** The number after their last fact. */
  end: number;
  segments: number;
  bytes: number;
}

/** From this share of a full segment on, a compact one is left as it is. */
const FULL = 0.5;

const isWorthwhile = (run: CompactionRun | null, isCompact: boolean): run is CompactionRun =>
  run !== null && (run.segments > 1 || !isCompact);

/**
 * The first neighbours that are worth being made one: as many as fit `mostBytes`, and only when they are as many as will
 * ever be, so that a fact is rewritten once, not at each step. One segment alone is worth it once, for the room that its
 * body takes. null when there are none.
 */
export const nextRun = (sizes: Iterable<SegmentSize>, { mostBytes, isOver }: CompactOptions): CompactionRun | null => {
  let run: CompactionRun | null = null;
  let isCompact = false;
  for (const size of sizes) {
    const isDone = size.isCompact && size.bytes >= FULL * mostBytes;
    if (run !== null && !isDone && run.bytes + size.bytes <= mostBytes) {
      run.end = size.seq + size.n;
      run.segments += 1;
      run.bytes += size.bytes;
      continue;
    }
    if (isWorthwhile(run, isCompact)) return run;
    run = isDone ? null : { seq: size.seq, end: size.seq + size.n, segments: 1, bytes: size.bytes };
    isCompact = size.isCompact;
  }
  return isOver && isWorthwhile(run, isCompact) ? run : null;
};
