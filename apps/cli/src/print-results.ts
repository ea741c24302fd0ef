import { type ElementType, elementTypeOfArray } from '@gossamer/protocol';
import type { ChangingFailure, ChangingOutput, Job, ResultsOptions, UnitFailure, UnitOutput } from '@gossamer/sdk/node';
import type { Output } from './output.ts';

type Entry = UnitOutput<unknown, unknown> | UnitFailure | ChangingOutput<unknown, unknown> | ChangingFailure<unknown>;

export type Entries = AsyncIterable<Entry>;

/** A line of the output: `bytes` (base64) where the program returned bytes, with their `type` where it was a typed array. */
const lineOf = (entry: Entry): object => {
  const { unit } = entry;
  const tag = 'kind' in entry ? { kind: entry.kind } : {};
  const head = { ...tag, unit, ...('input' in entry ? { input: entry.input } : {}) };
  if ('error' in entry) return { ...head, error: entry.error };
  if (!('output' in entry)) return head;
  if (ArrayBuffer.isView(entry.output)) return { ...head, ...bytesOf(entry.output) };
  return { ...head, output: entry.output };
};

const bytesOf = (view: ArrayBufferView): { bytes: string; type?: ElementType } => {
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('base64');
  const type = elementTypeOfArray(view);
  return type === null ? { bytes } : { bytes, type };
};

/** A job's results, those of failed units among them. */
export const entriesOf = (job: Job, options: ResultsOptions): Entries => {
  const { provisional = false, ...rest } = options;
  return provisional
    ? job.results({ ...rest, provisional, failures: 'yield' })
    : job.results({ ...rest, provisional, failures: 'yield' });
};

/** Writes results as NDJSON, as fast as they are read; returns how many units had failed. */
export const printResults = async (out: Output, entries: Entries): Promise<number> => {
  let failed = 0;
  for await (const entry of entries) {
    if ('error' in entry) failed++;
    await out.json(lineOf(entry));
  }
  return failed;
};
