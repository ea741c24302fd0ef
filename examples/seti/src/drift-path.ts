/** A tone or a hit: where it is at the first row, and how far it moves over the whole observation, both in bins. */
export interface Track {
  readonly bin: number;
  readonly drift: number;
}

/** A track with its signal-to-noise ratio: expected (an injected tone) or measured (a hit). */
export interface Hit extends Track {
  readonly snr: number;
}

/**
 * By how many bins a path lies beside its start at each row: `round(drift * t / (rows - 1))`, so that a path of drift d
 * begins at 0, ends at d and goes straight between.
 */
export function pathOffsets(rows: number, drift: number): Int32Array {
  const offsets = new Int32Array(rows);
  for (let t = 1; t < rows; t++) offsets[t] = Math.round((drift * t) / (rows - 1));
  return offsets;
}
