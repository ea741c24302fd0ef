import { UsageError, wholeNumber } from '@gossamer/harness';
import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** A data file; null: a synthetic observation is made. */
  data: string | null;
  /** The shape of headerless float32 data. */
  rows: number | null;
  columns: number | null;
  maxDrift: number | null;
  threshold: number | null;
  tabs: number;
  seed: number;
  json: boolean;
}

export const USAGE = `npm run demo -- [--data FILE [--rows R --cols C]] [--max-drift D] [--threshold T] [--tabs N] [--seed S] [--json]

  --data FILE      search a real observation: a SIGPROC filterbank file (8 or 32 bit),
                   or headerless little-endian float32 with --rows and --cols
  --max-drift D    bins over the whole observation, either way (default: rows - 1)
  --threshold T    signal-to-noise ratio of a hit
  --tabs N         headless tabs that compute, each a device of its own (default: 2, the quorum)
  --seed S         of the synthetic observation
  --json           the last line of stdout is one JSON object`;

const whole = (name: string, text: string | undefined, least: number): number | null =>
  text === undefined ? null : wholeNumber(text, name, least);

/** Throws UsageError. */
export const readOptions = (args: string[]): DemoOptions => {
  const text = { type: 'string' } as const;
  let values: Record<string, string | boolean | undefined>;
  try {
    const options = {
      data: text,
      rows: text,
      cols: text,
      'max-drift': text,
      threshold: text,
      tabs: text,
      seed: text,
      json: { type: 'boolean', default: false },
    } as const;
    values = parseArgs({ args, options, strict: true }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  const given = (name: string) => values[name] as string | undefined;
  const rows = whole('rows', given('rows'), 1);
  const columns = whole('cols', given('cols'), 1);
  if ((rows === null) !== (columns === null)) throw new UsageError('--rows and --cols go together');
  if (rows !== null && given('data') === undefined)
    throw new UsageError('--rows and --cols describe a file: give --data');
  const threshold = given('threshold') === undefined ? null : Number(given('threshold'));
  if (threshold !== null && !(threshold > 0)) throw new UsageError('--threshold must be a positive number');
  const tabs = whole('tabs', given('tabs'), 1) ?? 2;
  if (tabs < 2) throw new UsageError('--tabs: two independent devices must agree, so at least 2 tabs are needed');
  return {
    data: given('data') ?? null,
    rows,
    columns,
    maxDrift: whole('max-drift', given('max-drift'), 0),
    threshold,
    tabs,
    seed: whole('seed', given('seed'), 0) ?? 2026,
    json: values.json === true,
  };
};
