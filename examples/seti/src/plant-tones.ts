import type { Hit } from './drift-path.ts';
import { nextInteger, seedRandom } from './random.ts';

export interface PlantOptions {
  readonly columns: number;
  /** Columns of a band's core: every third tone is put beside a border between two bands. */
  readonly width: number;
  readonly maxDrift: number;
  readonly count: number;
  readonly seed: number;
  /** Least and greatest expected signal-to-noise ratio. */
  readonly snr: readonly [least: number, greatest: number];
}

/**
 * Tones to inject, in order of frequency: one in each of `count` equal stretches of the band, at least 3 * maxDrift from
 * the stretch's ends (so no two cross and none leaves the data), with drifts that are zero, positive and negative in
 * turn. Of every three tones one starts within two bins of a border between bands, on either side, where the stretch
 * holds a border. The ratios are spread evenly from the least to the greatest and dealt out at random.
 *
 * @throws RangeError where the stretches are too narrow for that
 */
export function plantTones({ columns, width, maxDrift, count, seed, snr }: PlantOptions): Hit[] {
  const stretch = Math.floor(columns / count);
  const margin = 3 * maxDrift + 2;
  if (stretch <= 2 * margin) throw new RangeError(`${count} tones do not fit into ${columns} channels`);
  const state = seedRandom(seed);
  const ratios = Array.from({ length: count }, (_, i) =>
    Math.round(snr[0] + ((snr[1] - snr[0]) * i) / Math.max(1, count - 1)),
  );
  return Array.from({ length: count }, (_, i) => {
    const from = i * stretch + margin;
    const to = (i + 1) * stretch - margin;
    const size = maxDrift > 0 ? nextInteger(state, 1, maxDrift) : 0;
    const borders = { first: Math.ceil((from + 2) / width), last: Math.floor((to - 2) / width) };
    const atBorder = i % 3 === 1 && borders.first <= borders.last;
    const bin = atBorder
      ? nextInteger(state, borders.first, borders.last) * width + nextInteger(state, -2, 1)
      : nextInteger(state, from, to);
    const ratio = ratios.splice(nextInteger(state, 0, ratios.length - 1), 1)[0]!;
    // Alternating by threes, and within them by six, so that tones at borders drift both ways too.
    const sign = [0, 1, -1, 0, -1, 1][i % 6]!;
    return { bin, drift: sign === 0 ? 0 : sign * size, snr: ratio };
  });
}
