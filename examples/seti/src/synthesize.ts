import type { Hit } from './drift-path.ts';
import { pathOffsets } from './drift-path.ts';
import { nextUniform, seedRandom } from './random.ts';

/**
 * Spectra summed into one cell of the synthetic noise (say two polarisations of two integrations each). The power of
 * one spectrum of Gaussian voltages is exponential, so a cell is the mean of 4 exponentials: Gamma(4, 1/4), of mean 1
 * and standard deviation 1/2.
 */
export const SPECTRA_PER_CELL = 4;

/** Standard deviation of a noise cell. */
export const CELL_SIGMA = 1 / Math.sqrt(SPECTRA_PER_CELL);

export interface SyntheticOptions {
  readonly rows: number;
  readonly columns: number;
  /** 32 bits; the same seed gives the same observation. */
  readonly seed: number;
  /** `snr` is the expected signal-to-noise ratio of the sum along the tone's path. Paths must lie in the band. */
  readonly tones: readonly Hit[];
}

/**
 * A synthetic observation: `rows x columns` float32 powers, row-major, seeded noise with tones.
 *
 * A path's sum over the noise has the standard deviation sqrt(rows) * CELL_SIGMA; a tone of ratio S therefore adds
 * S * CELL_SIGMA / sqrt(rows) to each of its cells.
 *
 * @throws RangeError where a tone leaves the band
 */
export function synthesize({ rows, columns, seed, tones }: SyntheticOptions): Float32Array<ArrayBuffer> {
  const data = new Float32Array(rows * columns);
  const state = seedRandom(seed);
  for (let i = 0; i < data.length; i++) {
    // The sum of four exponentials is minus the logarithm of the product of four uniforms: one logarithm, not four.
    const product = nextUniform(state) * nextUniform(state) * nextUniform(state) * nextUniform(state);
    data[i] = -Math.log(product) / SPECTRA_PER_CELL;
  }
  for (const tone of tones) addTone(data, rows, columns, tone);
  return data;
}

function addTone(data: Float32Array, rows: number, columns: number, { bin, drift, snr }: Hit): void {
  if (Math.min(bin, bin + drift) < 0 || Math.max(bin, bin + drift) >= columns) {
    throw new RangeError(`a tone at bin ${bin} with a drift of ${drift} leaves the ${columns} channels`);
  }
  const power = (snr * CELL_SIGMA) / Math.sqrt(rows);
  const offsets = pathOffsets(rows, drift);
  for (let t = 0; t < rows; t++) data[t * columns + bin + offsets[t]!]! += power;
}
