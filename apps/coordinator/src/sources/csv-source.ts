import type { Source } from '@gossamer/protocol';
import { ENCODING, LIMITS, ProblemError, utf8 } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { CsvError, type Info, type Options, parse } from 'csv-parse';
import { parse as parseAtOnce } from 'csv-parse/sync';
import { Readable } from 'node:stream';
import { otherDelimiter } from './other-delimiter.ts';
import { oneByOne, type OpenedSource } from './opened-source.ts';
import { Spans } from './spans.ts';
import { utf8Only } from './utf8-only.ts';

type CsvSource = Extract<Source, { kind: 'csv' }>;

/** As JSON writes it: what it does not, such as 007, is no number but a text of digits. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const optionsOf = ({ delimiter }: CsvSource): Options => ({
  delimiter,
  record_delimiter: ['\r\n', '\n', '\r'],
  skip_empty_lines: true,
});

const refuse = (detail: string): never => {
  throw new ProblemError('source-invalid', detail);
};

/** The parser tells how many fields it expected in its message alone. */
const widthIn = ({ message }: CsvError): string => /expect (\d+)/.exec(message)?.[1] ?? 'another number of them';

const UNEVEN = 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH';

const unevenRow = (line: string, width: number, first: string): string =>
  `${line} has ${width} ${width === 1 ? 'field' : 'fields'}, and the first row ${first}: mend the row, or put quotes around a value ` +
  'that has the delimiter in it';

const told = (error: CsvError): string => {
  const line = `line ${String(error['lines'])}`;
  switch (error.code) {
    case UNEVEN:
      return unevenRow(line, (error['record'] as string[]).length, widthIn(error));
    case 'CSV_MAX_RECORD_SIZE':
      return `the row at ${line} is longer than ${LIMITS.inlineInput} bytes`;
    case 'CSV_QUOTE_NOT_CLOSED':
      return `a quote is open at the end, ${line}: row ${Number(error['records']) + 1} opened it`;
    case 'INVALID_OPENING_QUOTE':
    case 'CSV_INVALID_CLOSING_QUOTE':
      return `${line}: a quote stands within a value; write "" for it, and put quotes around the whole value`;
    default:
      return `${line}: ${error.message}`;
  }
};

/** A row as its unit's input. */
const inputOf = (fields: readonly string[], names: readonly string[] | null, numbers: boolean): string => {
  const values = fields.map((field) => (numbers && NUMBER.test(field) ? numberOf(field) : field));
  return JSON.stringify(names === null ? values : Object.fromEntries(names.map((name, at) => [name, values[at]])));
};

/** An integer that a number cannot hold stays a text. */
const numberOf = (field: string): number | string => {
  const number = Number(field);
  const isExact = /[.eE]/.test(field) ? Number.isFinite(number) : Number.isSafeInteger(number);
  return isExact ? number : field;
};

/** What to do about names of columns. */
const NAME_IT = 'give each column a name of its own, or say that the row is data (header: false; --no-header)';

const namesOf = (header: readonly string[]): readonly string[] => {
  header.forEach((name, at) => {
    if (name === '') refuse(`the first row names no column ${at + 1}: ${NAME_IT}`);
    if (header.indexOf(name) !== at) refuse(`the first row has the name “${name}” twice: ${NAME_IT}`);
  });
  return header;
};

interface CsvIndex {
  names: readonly string[] | null;
  rows: Spans;
  /** The largest input, bytes. */
  longest: number;
}

/** Walks the blob once: where each row lies. Throws ProblemError `source-invalid`. */
const indexRows = async (
  content: AsyncIterable<Uint8Array>,
  source: CsvSource,
  doubt: string | null,
): Promise<CsvIndex> => {
  const index: CsvIndex = { names: null, rows: new Spans(), longest: 0 };
  const parser = parse({ ...optionsOf(source), bom: true, info: true, max_record_size: LIMITS.inlineInput });
  const from = Readable.from(utf8Only(content));
  from.on('error', (error) => parser.destroy(error));
  from.pipe(parser);
  let start = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      if (source.header && index.names === null) index.names = namesOf(record);
      else {
        index.rows.add(start, info.bytes);
        const size = Buffer.byteLength(inputOf(record, index.names, source.numbers));
        if (size > LIMITS.inlineInput) {
          refuse(`the row at line ${info.lines} has ${size} bytes as JSON; at most ${LIMITS.inlineInput} are allowed`);
        }
        index.longest = Math.max(index.longest, size);
      }
      start = info.bytes;
    }
  } catch (error) {
    // Where the delimiter is another one, rows seem to differ in their lengths.
    if (error instanceof CsvError) refuse(error.code === UNEVEN && doubt !== null ? doubt : told(error));
    throw error;
  } finally {
    from.destroy();
  }
  return index;
};

/** Why the table is hardly delimited as its source says; null where it may well be. */
const doubtOf = async (source: CsvSource, blobs: BlobStore, size: number): Promise<string | null> => {
  if (!source.header) return null;
  const head = await blobs.read(source.blob, { start: 0, end: Math.min(size, LIMITS.inlineInput) });
  try {
    const [first] = parseAtOnce(Buffer.from(head), {
      ...optionsOf(source),
      bom: true,
      raw: true,
      to: 1,
    }) as unknown as {
      raw: string;
      record: string[];
    }[];
    return first === undefined ? null : otherDelimiter(first.record, first.raw, source.delimiter);
  } catch {
    // What is wrong with it is told when all of it is read.
    return null;
  }
};

const nothingIn = (names: readonly string[] | null): string =>
  names === null
    ? 'the table is empty; each of its rows is an input'
    : 'the table has only a header row; each row after it is an input. Where that row is data, say so (header: false; --no-header)';

export const openCsv = async (
  source: CsvSource,
  blobs: BlobStore,
  content: AsyncIterable<Uint8Array>,
  size: number,
): Promise<OpenedSource> => {
  const doubt = await doubtOf(source, blobs, size);
  const { names, rows, longest } = await indexRows(content, source, doubt);
  const options = optionsOf(source);
  const input = async (index: number) => {
    const row = Buffer.from(await blobs.read(source.blob, rows.at(index)));
    const [fields] = parseAtOnce(row, { ...options, bom: true });
    return { kind: 'inline', encoding: ENCODING.json, body: utf8(inputOf(fields!, names, source.numbers)) } as const;
  };
  return {
    total: rows.count,
    inlineBytes: longest,
    inputs: oneByOne(input),
    nothing: nothingIn(names),
    ...(doubt === null ? {} : { doubt }),
  };
};
