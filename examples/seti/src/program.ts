import type { ProgramContext } from '@gossamer/program';
import { bandAt } from './band.ts';
import type { Hit } from './drift-path.ts';
import type { Waterfall } from './drift-search.ts';
import { driftSearch } from './drift-search.ts';
import { strongestFirst } from './merge-hits.ts';
import { overlapFor } from './plan.ts';
import { waterfallPicture } from './waterfall-picture.ts';

/** The parameters of the job: the shape of the observation, how it is cut, and what to look for. */
export type SetiParams = Readonly<{
  rows: number;
  columns: number;
  /** 1: unsigned bytes; 4: little-endian float32. */
  cellBytes: 1 | 4;
  /** Columns of a band's core. */
  width: number;
  /** Columns of the slice beyond the core, on either side. */
  overlap: number;
  /** Bins over the whole observation. */
  maxDrift: number;
  /** Signal-to-noise ratio. */
  threshold: number;
}>;

export interface SetiResult {
  /** Strongest first; `bin` is absolute, at the first row. */
  hits: Hit[];
}

/**
 * Searches one band. `input` is the band's slice: `rows x sliceWidth` cells, row-major. Only hits that start in the core
 * are returned, for those that start beside it are another band's.
 *
 * Everything up to the result is additions, products and comparisons of IEEE doubles in a fixed order, and the ratio is
 * rounded: replicas on different browsers agree byte by byte.
 *
 * @throws RangeError where the input or the overlap does not fit the parameters
 */
export function run(input: ArrayBuffer, ctx: ProgramContext<SetiParams>): SetiResult {
  const { params, unit } = ctx;
  const band = bandAt(params, unit.index);
  const waterfall = waterfallOf(input, params, band.sliceEnd - band.sliceStart);
  if (params.overlap < overlapFor(params.maxDrift)) {
    throw new RangeError(`an overlap of ${params.overlap} is too small for drifts up to ${params.maxDrift}`);
  }
  ctx.picture(waterfallPicture(waterfall, []));
  const { hits, noise } = driftSearch(waterfall, {
    maxDrift: params.maxDrift,
    threshold: params.threshold,
    onProgress: (done) => ctx.progress(done),
  });
  const own = hits.filter(({ bin }) => {
    const column = band.sliceStart + bin;
    return column >= band.coreStart && column < band.coreEnd;
  });
  if (own.length > 0) ctx.picture(waterfallPicture(waterfall, own));
  ctx.log(
    `channels ${band.coreStart} to ${band.coreEnd - 1}: ${own.length} hits above S/N ${params.threshold}; ` +
      `a path holds ${noise.location.toFixed(2)} +- ${noise.scale.toFixed(2)} of noise`,
  );
  return {
    hits: own
      .map(({ bin, drift, snr }) => ({ bin: band.sliceStart + bin, drift, snr: Math.round(snr * 100) / 100 }))
      .sort(strongestFirst),
  };
}

function waterfallOf(input: ArrayBuffer, { rows, cellBytes }: SetiParams, width: number): Waterfall {
  const expected = rows * width * cellBytes;
  if (!(input instanceof ArrayBuffer) || input.byteLength !== expected) {
    const given = input instanceof ArrayBuffer ? `${input.byteLength} bytes` : 'no bytes';
    throw new RangeError(`the input should be ${rows} x ${width} cells, ${expected} bytes, and is ${given}`);
  }
  // Typed arrays have the machine's byte order: little-endian on everything that runs a browser of today.
  return { data: cellBytes === 1 ? new Uint8Array(input) : new Float32Array(input), rows, width };
}
