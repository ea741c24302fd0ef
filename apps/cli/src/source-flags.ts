import { type Inputs, bytesOf, file, lines, range } from '@gossamer/sdk/node';
import { type Command, Option } from 'commander';
import { integer, rangeText } from './arguments.ts';
import { UsageError } from './exit-code.ts';
import { type Format, readLines } from './stdin-inputs.ts';

/** Where the inputs come from; the same flags for `map` and `jobs create`. */
export interface SourceFlags {
  range?: { start: number; stop: number; step: number };
  input?: string;
  format: Format;
  records?: number;
  overlap?: number;
}

export const addSourceFlags = (command: Command): Command =>
  command
    .option('--range <a..b>', 'integers from a up to, without, b; a..b..step with a step', rangeText)
    .option('--input <file>', 'a file: its lines (JSON for .ndjson and .jsonl), or records with --records; - is stdin')
    .addOption(
      new Option('--format <format>', 'how lines are read; auto: as JSON if every line is JSON, else as text')
        .choices(['auto', 'ndjson', 'text'])
        .default('auto'),
    )
    .option('--records <bytes>', 'cut the file into records of so many bytes', integer)
    .option('--overlap <bytes>', 'each record begins so many bytes before the end of the last', integer);

/** The inputs that the flags name; `stdin` says whether standard input is read where they name none. */
export const inputsOf = async (flags: SourceFlags, stdin: boolean): Promise<Inputs<unknown>> => {
  const { range: numbers, input, records, overlap = 0, format } = flags;
  if (numbers !== undefined && input !== undefined) throw new UsageError('give --range or --input, not both');
  if (records !== undefined && (input === undefined || input === '-')) {
    throw new UsageError('--records needs a file: --input FILE');
  }
  if (numbers !== undefined) return range(numbers.start, numbers.stop, numbers.step);
  if (input !== undefined && input !== '-') {
    if (records !== undefined) return bytesOf(file(input), { bytes: records, overlap });
    const isJson = format === 'ndjson' || (format === 'auto' && /\.(?:ndjson|jsonl)$/i.test(input));
    return lines(file(input), isJson ? 'ndjson' : 'text');
  }
  if (input !== '-' && (!stdin || process.stdin.isTTY === true)) {
    throw new UsageError(`there are no inputs: give --range a..b or --input FILE${stdin ? ', or pipe lines in' : ''}`);
  }
  return readLines(process.stdin, format);
};
