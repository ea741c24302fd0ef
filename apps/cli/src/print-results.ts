import { type ElementType, elementTypeOfArray } from '@gossamer/protocol';
import {
  type ChangingFailure,
  type ChangingOutput,
  GossamerError,
  type Job,
  type LargeOutput,
  type LargeResult,
  type ResultsOptions,
  type UnitFailure,
  type UnitOutput,
} from '@gossamer/sdk/node';
import type { Cli } from './cli.ts';
import { saveLarge } from './save-large.ts';

type Large = LargeOutput<unknown, unknown> | (LargeOutput<unknown, unknown> & { kind: 'final' | 'provisional' });
type Small = UnitOutput<unknown, unknown> | UnitFailure | ChangingOutput<unknown, unknown> | ChangingFailure<unknown>;

/** Of a job: large results are handles, of which nothing is read. */
export type Entries = AsyncIterable<Small | Large>;

const headOf = (entry: Small | Large, { withCursor = false, inputOf }: PrintOptions): object => {
  const tag = 'kind' in entry ? { kind: entry.kind } : {};
  const place = withCursor && 'cursor' in entry ? { cursor: entry.cursor } : {};
  const known = inputOf === undefined ? {} : { input: inputOf(entry.unit) };
  return { ...tag, unit: entry.unit, ...place, ...('input' in entry ? { input: entry.input } : known) };
};

/**
 * A line of the output: `bytes` (base64) where the program returned bytes, with their `type` where it was a typed array;
 * `blob` in place of a result of over 1 MiB, and `file` where that was saved.
 */
const lineOf = (entry: Small | Large, file: string | null, options: PrintOptions): object => {
  const head = headOf(entry, options);
  if ('error' in entry) return { ...head, error: entry.error };
  if ('large' in entry) return { ...head, ...blobOf(entry.large), ...(file === null ? {} : { file }) };
  if (!('output' in entry)) return head;
  if (ArrayBuffer.isView(entry.output)) return { ...head, ...bytesOf(entry.output) };
  return { ...head, output: entry.output };
};

const blobOf = ({ sha256, size, encoding, type }: LargeResult): object => {
  const blob = { sha256, bytes: size, encoding };
  return type === undefined ? { blob } : { blob, type };
};

const bytesOf = (view: ArrayBufferView): { bytes: string; type?: ElementType } => {
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('base64');
  const type = elementTypeOfArray(view);
  return type === null ? { bytes } : { bytes, type };
};

/** A job's results, those of failed units among them. */
export const entriesOf = (job: Job, options: Omit<ResultsOptions, 'failures' | 'large'>): Entries =>
  job.results({ ...options, failures: 'yield', large: 'handle' });

/** Null for what stood for a while and is gone by now: that it was revoked comes next. */
const saved = async (cli: Cli, entry: Large, directory: string): Promise<string | null> => {
  try {
    return await saveLarge(cli, entry.large, entry.unit, directory);
  } catch (error) {
    const isGone = error instanceof GossamerError && error.code === 'blob-unknown';
    if (isGone && 'kind' in entry && entry.kind === 'provisional') return null;
    throw error;
  }
};

export interface PrintOptions {
  /** The directory in which large ones are put; left out, they stay where they are. */
  save?: string | undefined;
  /** Each line has its cursor: where they come in the order in which they became final, one can go on after any of them. */
  withCursor?: boolean;
  /** A unit's input, where it follows from its index. */
  inputOf?: ((unit: number) => unknown) | undefined;
}

/** Writes results as NDJSON, as fast as they are read; returns how many units had failed. */
export const printResults = async (cli: Cli, entries: Entries, options: PrintOptions = {}): Promise<number> => {
  const { save } = options;
  let failed = 0;
  for await (const entry of entries) {
    if ('error' in entry) failed++;
    const isLarge = 'large' in entry && save !== undefined;
    const file = isLarge ? await saved(cli, entry, save) : null;
    await cli.out.json(lineOf(entry, file, options));
  }
  return failed;
};
