import { type Inputs, bytesOf, csv, file, lines, product, range, split } from '@gossamer/sdk/node';
import { type Command, Option } from 'commander';
import { type Axis, type RangeOf, axisText, integer, rangeText } from './arguments.ts';
import { stat } from 'node:fs/promises';
import { UsageError } from './exit-code.ts';
import { type Format, lineValues } from './stdin-inputs.ts';

/** Where the inputs come from; the same flags for `map` and `jobs create`. */
export interface SourceFlags {
  range?: RangeOf;
  axis?: Record<string, Axis>;
  split?: true;
  input?: string;
  format: Format | 'csv' | 'tsv';
  header: boolean;
  records?: number;
  overlap?: number;
}

export const addSourceFlags = (command: Command): Command =>
  command
    .option('--range <a..b>', 'integers from a up to, without, b; a..b..step with a step', rangeText)
    .option('--axis <name=values>', 'a parameter: name=1,2,3 or name=a..b; repeat it for all combinations', axisText)
    .option('--split', 'the inputs that the program’s own split(params) gives; see --params')
    .option(
      '--input <file>',
      'a file of inputs: its lines (JSON for .ndjson and .jsonl), its rows (.csv, .tsv), or records with --records; - is stdin',
    )
    .addOption(
      new Option(
        '--format <format>',
        'how lines are read; auto: by the file’s name; of standard input as JSON if the first line is',
      )
        .choices(['auto', 'ndjson', 'text', 'csv', 'tsv'])
        .default('auto'),
    )
    .option('--no-header', 'the first row of a table is data: inputs are arrays')
    .option('--records <bytes>', 'cut the file into records of so many bytes', integer)
    .option('--overlap <bytes>', 'each record begins so many bytes before the end of the last', integer);

const formatOf = ({ format, input = '' }: SourceFlags): SourceFlags['format'] => {
  if (format !== 'auto') return format;
  const [, extension = ''] = /\.(\w+)$/.exec(input.toLowerCase()) ?? [];
  if (extension === 'csv' || extension === 'tsv') return extension;
  return extension === 'ndjson' || extension === 'jsonl' ? 'ndjson' : 'auto';
};

const axesOf = (axes: Record<string, Axis>): Inputs<unknown> => {
  const isRange = (axis: Axis): axis is RangeOf => !Array.isArray(axis);
  const values = Object.entries(axes).map(([name, axis]) => {
    return [name, isRange(axis) ? range(axis.start, axis.stop, axis.step) : axis] as const;
  });
  return product(Object.fromEntries(values));
};

/** Throws UsageError where flags name more than one source. */
const requireOne = ({ range: numbers, axis, split: own, input, records }: SourceFlags): void => {
  const given = [numbers && '--range', axis && '--axis', own && '--split', input !== undefined && '--input'].filter(
    Boolean,
  );
  if (given.length > 1) throw new UsageError(`give ${given.join(' or ')}, not both`);
  if (records !== undefined && (input === undefined || input === '-')) {
    throw new UsageError('--records needs a file: --input FILE');
  }
};

/** Whether the flags leave the inputs to the lines of standard input, which may be read while they come. */
export const areLines = (flags: SourceFlags): boolean => {
  const { range: numbers, axis, input = '-' } = flags;
  const format = formatOf(flags);
  const isTable = format === 'csv' || format === 'tsv';
  return numbers === undefined && axis === undefined && flags.split !== true && input === '-' && !isTable;
};

/** Throws UsageError where a value was given in the place of a file, as `run local` takes one. */
const requireInputFile = async (input: string): Promise<void> => {
  const looksLikeValue = /^\s*(?:[[{"]|-?\d+(?:\.\d+)?$|(?:true|false|null)$|@)/.test(input);
  if (!looksLikeValue || (await stat(input).catch(() => null)) !== null) return;
  throw new UsageError(
    `there is no file ${input}: here --input names a file, of which each line is an input. It is \`run local\` that takes one value; ` +
      "to compute a few, pipe them in: printf '%s\\n' 1 2 3 | gossamer map PROGRAM",
  );
};

/** The inputs that the flags name; `stdin` says whether standard input is read where they name none. */
export const inputsOf = async (flags: SourceFlags, stdin: boolean): Promise<Inputs<unknown>> => {
  requireOne(flags);
  const { range: numbers, axis, input, records, overlap = 0, header } = flags;
  if (numbers !== undefined) return range(numbers.start, numbers.stop, numbers.step);
  if (axis !== undefined) return axesOf(axis);
  if (flags.split === true) return split();
  const isFile = input !== undefined && input !== '-';
  if (isFile) await requireInputFile(input);
  if (!isFile && input !== '-' && (!stdin || process.stdin.isTTY === true)) {
    const said = 'there are no inputs: give --range a..b, --axis NAME=VALUES, --split or --input FILE';
    throw new UsageError(said + (stdin ? ', or pipe lines in' : ''));
  }
  if (isFile && records !== undefined) return bytesOf(file(input), { bytes: records, overlap });
  const format = formatOf(flags);
  if (format === 'csv' || format === 'tsv') {
    const content = isFile ? file(input) : process.stdin;
    return csv(content, { delimiter: format === 'csv' ? ',' : '\t', header });
  }
  if (isFile) return lines(file(input), format === 'ndjson' ? 'ndjson' : 'text');
  return lineValues(process.stdin, format);
};
