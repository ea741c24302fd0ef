import type { Job, ResultsOptions, UnitFailure, UnitOutput } from '@gossamer/sdk/node';
import type { Output } from './output.ts';

/** A line of the output: `bytes` (base64) where the program returned bytes. */
const lineOf = (entry: UnitOutput<unknown, unknown> | UnitFailure): object => {
  const { unit } = entry;
  const head = 'input' in entry ? { unit, input: entry.input } : { unit };
  if ('error' in entry) return { ...head, error: entry.error };
  if (entry.output instanceof Uint8Array) return { ...head, bytes: Buffer.from(entry.output).toString('base64') };
  return { ...head, output: entry.output };
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
