import type { Picture, ProgramContext } from '@gossamer/program';
import { bandAt, cutBand } from '../src/band.ts';
import { mergeHits } from '../src/merge-hits.ts';
import { planBands } from '../src/plan.ts';
import type { SetiParams, SetiResult } from '../src/program.ts';
import { run } from '../src/program.ts';

/** A program's context that keeps what the program shows. */
export function recordingContext(params: SetiParams, index: number) {
  const seen = { progress: [] as number[], log: [] as string[], pictures: [] as Picture[] };
  const ctx: ProgramContext<SetiParams> = Object.freeze({
    params,
    unit: { index, seed: 0 },
    data: () => Promise.reject(new TypeError('the search shares no data')),
    dataSize: () => 0,
    progress: (done: number) => void seen.progress.push(done),
    log: (text: string) => void seen.log.push(text),
    picture: (picture: Picture) => void seen.pictures.push(picture),
  });
  return { ctx, seen };
}

export interface Shape {
  rows: number;
  columns: number;
  maxDrift?: number;
  threshold?: number;
}

export function paramsFor(data: Float32Array | Uint8Array, { rows, columns, maxDrift, threshold = 10 }: Shape) {
  const plan = planBands({ rows, columns, maxDrift });
  const cellBytes = data instanceof Uint8Array ? 1 : 4;
  const { width, overlap } = plan;
  return { plan, params: { rows, columns, cellBytes, width, overlap, maxDrift: plan.maxDrift, threshold } as const };
}

/** Runs the program on one band of an observation. */
export function runBand(data: Float32Array | Uint8Array, params: SetiParams, index: number) {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const { ctx, seen } = recordingContext(params, index);
  const result: SetiResult = run(cutBand(bytes, params, bandAt(params, index)).buffer, ctx);
  return { result, seen };
}

/** Plans, cuts and searches an observation band by band, as the grid does, and merges the hits. */
export function searchByBands(data: Float32Array | Uint8Array, shape: Shape) {
  const { plan, params } = paramsFor(data, shape);
  const bands = Array.from({ length: plan.bands }, (_, index) => runBand(data, params, index).result.hits);
  return { plan, bands, hits: mergeHits(bands) };
}
