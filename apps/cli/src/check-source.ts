import type { ElementType } from '@gossamer/protocol';
import type { Axis, RangeOf } from './arguments.ts';
import { UsageError } from './exit-code.ts';
import { type InputFormat, formatByName, formatName, isTable } from './input-format.ts';

/** Where the inputs come from; the same flags for `map` and `jobs create`. */
export interface SourceFlags {
  range?: RangeOf;
  axis?: Record<string, Axis>;
  split?: true;
  input?: string;
  format: InputFormat;
  header: boolean;
  delimiter?: string;
  records?: number;
  overlap?: number;
  offset?: number;
  type?: ElementType;
}

/** Throws UsageError where flags name more than one source, or where one of them would do nothing. */
export const checkSource = (flags: SourceFlags): void => {
  requireOne(flags);
  checkRecords(flags);
  checkLines(flags);
};

const named = ({ range, axis, split, input }: SourceFlags): string[] => [
  ...(range === undefined ? [] : ['--range']),
  ...(axis === undefined ? [] : ['--axis']),
  ...(split === undefined ? [] : ['--split']),
  ...(input === undefined ? [] : ['--input']),
];

const requireOne = (flags: SourceFlags): void => {
  const given = named(flags);
  if (given.length > 1) throw new UsageError(`give ${given.join(' or ')}, not both`);
};

const checkRecords = ({ records, overlap, offset, type, input }: SourceFlags): void => {
  if (records !== undefined && overlap !== undefined && records > 0 && overlap >= records) {
    throw new UsageError(
      `--overlap ${overlap} must be less than --records ${records}: it is the part of a record that the one before it has, too, so ` +
        'that none of them would get on',
    );
  }
  if (records === undefined) {
    const shape = Object.entries({ '--overlap': overlap, '--offset': offset, '--type': type });
    const useless = shape.find(([, value]) => value !== undefined);
    if (useless === undefined) return;
    throw new UsageError(`${useless[0]} is of records: give --records BYTES with it, or leave it out`);
  }
  if (input === undefined || input === '-') throw new UsageError('--records needs a file: --input FILE');
  const format = formatByName(input);
  if (format === 'auto') return;
  throw new UsageError(
    `--records cuts bytes, and by its name ${input} is read as ${formatName(format)}: leave out --records, or, where its ` +
      'bytes are meant, give the file another name',
  );
};

/** Flags that say how lines or rows are read, where there are none. */
const checkLines = (flags: SourceFlags): void => {
  const { format, header, records, input, delimiter } = flags;
  const [source = '--input'] = records === undefined ? named(flags) : ['--records'];
  if (source !== '--input') {
    const useless =
      format !== 'auto' ? '--format' : delimiter !== undefined ? '--delimiter' : header ? null : '--no-header';
    if (useless === null) return;
    throw new UsageError(`${useless} says how lines are read, and with ${source} none are: leave it out`);
  }
  const read = format === 'auto' ? formatByName(input ?? '') : format;
  const ofTables = delimiter === undefined ? '--no-header' : '--delimiter';
  if ((header && delimiter === undefined) || isTable(read)) return;
  throw new UsageError(
    `${ofTables} is of tables, and here ${input === undefined || input === '-' ? 'standard input' : input} is read as ` +
      `${formatName(read)}: give --format csv (or tsv) with it, or leave it out`,
  );
};
