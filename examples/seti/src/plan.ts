import { MERGE_RADIUS } from './drift-search.ts';

/** How an observation is cut: band i's core is columns [i * width, min((i + 1) * width, columns)). */
export interface BandPlan {
  readonly width: number;
  /** Columns that a band's slice has beyond its core on either side, clipped at the edges of the data. */
  readonly overlap: number;
  readonly bands: number;
  readonly maxDrift: number;
}

export interface PlanInput {
  readonly rows: number;
  readonly columns: number;
  /** Default: rows - 1, one bin a row. */
  readonly maxDrift?: number | undefined;
}

/** As many bands as this where the data is wide enough: enough units to share out and to show progress by. */
const LEAST_BANDS = 64;
/** A core no wider than this, and a slice of no more cells than that: a unit stays about a second's work, in MBs. */
const WIDEST_CORE = 16_384;
const MOST_CELLS = 4_194_304;
/** A core is at least this many overlaps wide: below that, a unit would be mostly its neighbours' columns. */
const OVERLAPS_PER_CORE = 4;

/**
 * By how much a band must reach beyond its core. A tone that starts in the core moves up to maxDrift bins out of it, and
 * a stronger tone that crosses it there may have started another maxDrift bins away; that one must be seen whole, with
 * the cells around it, to be cleaned away.
 */
export function overlapFor(maxDrift: number): number {
  return 2 * maxDrift + MERGE_RADIUS;
}

/** Chooses the bands. @throws RangeError for a shape or drift that makes no sense */
export function planBands({ rows, columns, maxDrift = rows - 1 }: PlanInput): BandPlan {
  for (const [name, value, least] of [
    ['rows', rows, 1],
    ['columns', columns, 1],
    ['maxDrift', maxDrift, 0],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < least) {
      throw new RangeError(`${name} must be an integer from ${least}: ${value}`);
    }
  }
  const overlap = overlapFor(maxDrift);
  const narrowest = OVERLAPS_PER_CORE * overlap;
  const widest = Math.max(narrowest, Math.min(WIDEST_CORE, Math.floor(MOST_CELLS / rows)));
  const wanted = Math.max(LEAST_BANDS, Math.ceil(columns / widest));
  const sensible = Math.max(1, Math.floor(columns / narrowest));
  const width = Math.ceil(columns / Math.min(wanted, sensible));
  return { width, overlap, bands: Math.ceil(columns / width), maxDrift };
}
