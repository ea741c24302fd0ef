import { type ElementType, elementTypeOfArray } from '@gossamer/protocol';
import type { Job, ResultsOptions, UnitFailure, UnitOutput } from '@gossamer/sdk/node';
import type { Output } from './output.ts';

/** A line of the output: `bytes` (base64) where the program returned bytes, with their `type` where it was a typed array. */
const lineOf = (entry: UnitOutput<unknown, unknown> | UnitFailure): object => {
  const { unit } = entry;
  const head = 'input' in entry ? { unit, input: entry.input } : { unit };
  if ('error' in entry) return { ...head, error: entry.error };
  if (ArrayBuffer.isView(entry.output)) return { ...head, ...bytesOf(entry.output) };
  return { ...head, output: entry.output };
};

const bytesOf = (view: ArrayBufferView): { bytes: string; type?: ElementType } => {
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('base64');
  const type = elementTypeOfArray(view);
  return type === null ? { bytes } : { bytes, type };
};

/** Writes results as NDJSON, as fast as they are read; returns how many units had failed. */
export const printResults = async (out: Output, job: Job, options: ResultsOptions): Promise<number> => {
  let failed = 0;
  for await (const entry of job.results({ ...options, failures: 'yield' })) {
    if ('error' in entry) failed++;
    await out.json(lineOf(entry));
  }
  return failed;
};
