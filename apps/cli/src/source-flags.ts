import { ELEMENT_TYPES } from '@gossamer/protocol';
import { type Inputs, bytesOf, csv, file, lines, product, range, split } from '@gossamer/sdk/node';
import { type Command, Option } from 'commander';
import { stat } from 'node:fs/promises';
import { type Axis, type RangeOf, axisText, delimiter, integer, rangeText } from './arguments.ts';
import { type SourceFlags, checkSource } from './check-source.ts';
import { UsageError } from './exit-code.ts';
import { type InputFormat, formatByName, isTable } from './input-format.ts';
import { jsonList } from './json-list.ts';
import { lineValues } from './stdin-inputs.ts';
import { textLinesHint } from './text-lines-hint.ts';

export type { SourceFlags } from './check-source.ts';

export const addSourceFlags = (command: Command): Command =>
  command
    .option('--range <a..b>', 'integers from a up to, without, b; a..b..step with a step', rangeText)
    .option('--axis <name=values>', 'a parameter: name=1,2,3 or name=a..b; repeat it for all combinations', axisText)
    .option('--split', 'the inputs that the program’s own split(params) gives; see --params')
    .option(
      '--input <file>',
      'a file of inputs: its lines (JSON for .ndjson and .jsonl), its rows (.csv, .tsv), the items of its array (.json), or ' +
        'records with --records; - is stdin',
    )
    .addOption(
      new Option(
        '--format <format>',
        'how the file is read; auto: by its name; of standard input, lines as JSON if the first one is',
      )
        .choices(['auto', 'ndjson', 'text', 'csv', 'tsv', 'json'])
        .default('auto'),
    )
    .option(
      '--delimiter <character>',
      "what stands between the values of a table's row: ';', '|', tab (default: a comma; of .tsv a tab)",
      delimiter,
    )
    .option('--no-header', 'the first row of a table is data: inputs are arrays')
    .option('--records <bytes>', 'cut the file into records of so many bytes', integer)
    .option('--overlap <bytes>', 'each record begins so many bytes before the end of the last', integer)
    .option('--offset <bytes>', 'the first record begins at this byte', integer)
    .addOption(
      new Option('--type <elements>', 'records are typed arrays of these, not ArrayBuffers').choices(ELEMENT_TYPES),
    );

const formatOf = ({ format, input = '' }: SourceFlags): InputFormat =>
  format === 'auto' ? formatByName(input) : format;

const axesOf = (axes: Record<string, Axis>): Inputs<unknown> => {
  const isRange = (axis: Axis): axis is RangeOf => !Array.isArray(axis);
  const values = Object.entries(axes).map(([name, axis]) => {
    return [name, isRange(axis) ? range(axis.start, axis.stop, axis.step) : axis] as const;
  });
  return product(Object.fromEntries(values));
};

/** Whether the flags leave the inputs to the lines of standard input, which may be read while they come. */
export const areLines = (flags: SourceFlags): boolean => {
  const { range: numbers, axis, input = '-' } = flags;
  const format = formatOf(flags);
  const isLines = !isTable(format) && format !== 'json';
  return numbers === undefined && axis === undefined && flags.split !== true && input === '-' && isLines;
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

/**
 * The inputs that the flags name; `stdin` says whether standard input is read where they name none, `say` tells what a user may
 * not expect.
 */
export const inputsOf = async (
  flags: SourceFlags,
  stdin: boolean,
  say: (text: string) => void,
): Promise<Inputs<unknown>> => {
  checkSource(flags);
  const { range: numbers, axis, input, records, header } = flags;
  if (numbers !== undefined) return range(numbers.start, numbers.stop, numbers.step);
  if (axis !== undefined) return axesOf(axis);
  if (flags.split === true) return split();
  const isFile = input !== undefined && input !== '-';
  if (isFile) await requireInputFile(input);
  if (!isFile && input !== '-' && (!stdin || process.stdin.isTTY === true)) {
    const said = 'there are no inputs: give --range a..b, --axis NAME=VALUES, --split or --input FILE';
    throw new UsageError(said + (stdin ? ', or pipe lines in' : ''));
  }
  if (isFile && records !== undefined) return recordsOf(input, records, flags);
  const format = formatOf(flags);
  if (isTable(format)) {
    const content = isFile ? file(input) : process.stdin;
    return csv(content, { delimiter: flags.delimiter ?? (format === 'csv' ? ',' : '\t'), header });
  }
  if (format === 'json') return jsonList(isFile ? input : null);
  if (!isFile) return lineValues(process.stdin, format);
  if (format === 'auto') await textLinesHint(input, say);
  return lines(file(input), format === 'ndjson' ? 'ndjson' : 'text');
};

const recordsOf = (input: string, bytes: number, { overlap = 0, offset = 0, type }: SourceFlags): Inputs<unknown> =>
  bytesOf(file(input), { bytes, overlap, offset, ...(type === undefined ? {} : { type }) });
