import type { Hit } from './drift-path.ts';
import { pathOffsets } from './drift-path.ts';
import { replaceNonFinite } from './finite.ts';
import type { Noise } from './noise.ts';
import { estimateNoise } from './noise.ts';

/** Hits whose paths keep within this many bins of a stronger one are that one: leakage, or a drift between two bins. */
export const MERGE_RADIUS = 4;

/**
 * Relative rounding of float32 cells, twice over. A floor closer to the location than that is no noise to measure
 * against; and blanked cells, rounded as they are, must lie below the floor, or the search would not end.
 */
const FLOAT32_RESOLUTION = 2 ** -23;

/** A waterfall: `rows x width` powers, row-major. */
export interface Waterfall {
  readonly data: Float32Array | Uint8Array;
  readonly rows: number;
  readonly width: number;
}

export interface SearchOptions {
  /** Drifts from -maxDrift to +maxDrift are searched, in bins over the whole observation. */
  readonly maxDrift: number;
  /** Signal-to-noise ratio above which a path is a hit; positive. */
  readonly threshold: number;
  /** Called after every searched pair of drifts with the part done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

export interface SearchResult {
  /** Strongest first. */
  readonly hits: Hit[];
  /** Of the sums along paths. */
  readonly noise: Noise;
}

/**
 * The de-Doppler search: sums the power along every straight path and reports those that stand out of the noise.
 *
 * S/N = (sum - location) / scale, with the location and scale of the sums at drift 0 (see `estimateNoise`); for
 * independent cells that is (sum - rows * mean) / (sigma * sqrt(rows)). One location and scale for all drifts makes the
 * order of paths that of their sums alone, so two overlapping bands agree on which path of a tone is its strongest.
 *
 * Merging is in the manner of CLEAN (J. Högbom, A&AS 15, 1974): the strongest path is a hit; the cells within
 * MERGE_RADIUS bins of it are set to what noise would hold, and the paths that met it are measured again. So a path that
 * merely crosses a tone is no hit, and a weaker tone that crosses a stronger one is, with what the crossing leaves it.
 * Paths that leave the data are not searched. The data is not changed. Cells that are no finite number count as noise.
 */
export function driftSearch({ data, rows, width }: Waterfall, options: SearchOptions): SearchResult {
  const { maxDrift, threshold } = options;
  if (data.length !== rows * width) throw new RangeError(`${rows} x ${width} cells expected, ${data.length} given`);
  if (!(threshold > 0)) throw new RangeError(`the threshold must be positive: ${threshold}`);
  const cells = data instanceof Float32Array ? data.slice() : new Float32Array(data);
  replaceNonFinite(cells);
  const search = new PathSums(cells, rows, width, rows > 1 ? Math.min(maxDrift, width - 1) : 0);
  const noise = estimateNoise(search.sumsAtZero());
  if (!(threshold * noise.scale > Math.abs(noise.location) * FLOAT32_RESOLUTION)) return { hits: [], noise };
  search.measure(0, width, options.onProgress);

  const hits: Hit[] = [];
  const floor = noise.location + threshold * noise.scale;
  for (;;) {
    const bin = search.strongest();
    const sum = search.best[bin]!;
    if (!(sum > floor)) return { hits, noise };
    const drift = search.bestDrift[bin]!;
    hits.push({ bin, drift, snr: (sum - noise.location) / noise.scale });
    search.blank(bin, drift, noise.location / rows);
    const reach = 2 * search.maxDrift + MERGE_RADIUS;
    search.measure(Math.max(0, bin - reach), Math.min(width, bin + reach + 1));
  }
}

/** The greatest sum over all drifts for every start bin, kept as cells are blanked. */
class PathSums {
  readonly best: Float64Array;
  readonly bestDrift: Int32Array;
  readonly maxDrift: number;
  readonly #cells: Float32Array;
  readonly #rows: number;
  readonly #width: number;
  /** Of the drifts 0, 1, -1, 2, -2, ... in this order: among equal sums the least drift wins. */
  readonly #paths: { drift: number; offsets: Int32Array }[] = [];
  readonly #sums: Float64Array;

  constructor(cells: Float32Array, rows: number, width: number, maxDrift: number) {
    this.#cells = cells;
    this.#rows = rows;
    this.#width = width;
    this.maxDrift = maxDrift;
    this.best = new Float64Array(width);
    this.bestDrift = new Int32Array(width);
    this.#sums = new Float64Array(width);
    for (let size = 0; size <= maxDrift; size++) {
      for (const drift of size === 0 ? [0] : [size, -size]) {
        this.#paths.push({ drift, offsets: pathOffsets(rows, drift) });
      }
    }
  }

  sumsAtZero(): Float64Array {
    this.#sum(pathOffsets(this.#rows, 0), 0, this.#width);
    return this.#sums;
  }

  /** Sums the paths that start at bins from `from` up to, not with, `to`. Rows outside, bins inside: stride 1. */
  #sum(offsets: Int32Array, from: number, to: number): void {
    const cells = this.#cells;
    const sums = this.#sums;
    sums.fill(0, from, to);
    for (let t = 0; t < this.#rows; t++) {
      const base = t * this.#width + offsets[t]!;
      for (let bin = from; bin < to; bin++) sums[bin]! += cells[base + bin]!;
    }
  }

  /** Measures every path that starts at bins from `from` up to, not with, `to`. */
  measure(from: number, to: number, onProgress?: (done: number) => void): void {
    const { best, bestDrift } = this;
    const sums = this.#sums;
    best.fill(-Infinity, from, to);
    let done = 0;
    for (const { drift, offsets } of this.#paths) {
      const first = Math.max(from, -drift);
      const end = Math.min(to, this.#width - Math.max(0, drift));
      if (first < end) this.#sum(offsets, first, end);
      for (let bin = first; bin < end; bin++) {
        if (sums[bin]! > best[bin]!) {
          best[bin] = sums[bin]!;
          bestDrift[bin] = drift;
        }
      }
      done++;
      if (drift <= 0) onProgress?.(done / this.#paths.length);
    }
  }

  /** The start bin of the greatest sum; the lowest of equals. */
  strongest(): number {
    const best = this.best;
    let strongest = 0;
    for (let bin = 1; bin < best.length; bin++) if (best[bin]! > best[strongest]!) strongest = bin;
    return strongest;
  }

  /** Sets the cells around a path to `value`. */
  blank(bin: number, drift: number, value: number): void {
    const offsets = pathOffsets(this.#rows, drift);
    for (let t = 0; t < this.#rows; t++) {
      const centre = bin + offsets[t]!;
      const from = Math.max(0, centre - MERGE_RADIUS);
      const to = Math.min(this.#width, centre + MERGE_RADIUS + 1);
      this.#cells.fill(value, t * this.#width + from, t * this.#width + to);
    }
  }
}
