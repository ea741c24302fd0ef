import type { ElementType, Sha256, SourceInput, TypedArrayOf } from '@gossamer/protocol';
import type { BlobSource } from './content.ts';
import { errorOf } from './error-kinds.ts';

/** A source of inputs that the coordinator cuts into units by itself. Made by the functions of this file. */
export interface InputSource<In> {
  readonly kind: 'source';
  /** What it reads; uploaded first. */
  readonly content: BlobSource | null;
  source(blob: Sha256): SourceInput;
  /** Unit i's input, where this side knows it. */
  echo(unit: number): In | undefined;
}

/** What a program is given of bytes: a typed array where its type is told. */
export type Elements<Type> = Type extends ElementType ? TypedArrayOf<Type> : ArrayBuffer;

/** What `map` takes: a source, an array (unit i is item i), or anything that yields values, which is uploaded. Values are JSON,
 * or bytes: an ArrayBuffer, which a program is given as such, or a typed array, which keeps its type. */
export type Inputs<In> = InputSource<In> | readonly In[] | Iterable<In> | AsyncIterable<In>;

/** The integers from `start` up to, but without, `stop`. However many: nothing is stored. */
export const range = (start: number, stop: number, step = 1): InputSource<number> => {
  if (![start, stop, step].every(Number.isSafeInteger) || step === 0) {
    throw errorOf('source-invalid', `range(${start}, ${stop}, ${step}): expected integers, and a step not 0`);
  }
  if (Math.ceil((stop - start) / step) <= 0) {
    throw errorOf('source-empty', `range(${start}, ${stop}, ${step}) holds no number`);
  }
  return {
    kind: 'source',
    content: null,
    source: () => ({ kind: 'range', start, stop, step }),
    echo: (unit) => start + unit * step,
  };
};

/**
 * The inputs that the program's own `split(params)` gives: the coordinator asks it, once, within limits. Inputs that it
 * makes when asked, by `{ length, at(index) }`, cost nothing until they run.
 */
export const split = <In = never>(): InputSource<In> => ({
  kind: 'source',
  content: null,
  source: () => ({ kind: 'split' }),
  echo: () => undefined,
});

/** The lines of a text: as strings, or parsed as JSON (`ndjson`). Blank lines count not. */
export const lines = <In = string>(content: BlobSource, format: 'text' | 'ndjson' = 'text'): InputSource<In> =>
  fromBlob(content, (blob) => ({ kind: 'lines', blob, format }));

/** How a table is read. */
export interface CsvOptions {
  /** One character; a comma by default. */
  delimiter?: string;
  /** Whether the first row has the columns' names: then an input is an object, else an array. True by default. */
  header?: boolean;
  /** Whether what is written like a number is one; else all values are strings. True by default. */
  numbers?: boolean;
}

/** The rows of a table of comma-separated values (RFC 4180). Empty lines count not. */
export const csv = <In = Record<string, string | number>>(
  content: BlobSource,
  options: CsvOptions = {},
): InputSource<In> => fromBlob(content, (blob) => ({ kind: 'csv', blob, ...options }));

/**
 * Records of `bytes` bytes, from `offset` on; each begins `overlap` bytes before the end of the one before it. With a
 * `type`, such as `float64`, a program is given a typed array.
 */
export const bytesOf = <Type extends ElementType | undefined = undefined>(
  content: BlobSource,
  shape: { bytes: number; overlap?: number; offset?: number; type?: Type },
): InputSource<Elements<Type>> => {
  const { bytes, overlap = 0 } = shape;
  if (overlap < bytes || bytes < 1) return fromBlob(content, (blob) => ({ kind: 'records', blob, ...shape }));
  throw errorOf(
    'source-invalid',
    `bytesOf: an overlap of ${overlap} bytes is not less than the ${bytes} bytes of a record, so that none gets on: make the ` +
      'overlap smaller, or the records larger',
  );
};

/**
 * Bands of columns of a matrix that lies row by row, from byte `offset`: `width` columns each, and `overlap` more on
 * either side, clipped at the edges. An input holds its band row by row.
 */
export const bands = <Type extends ElementType | undefined = undefined>(
  content: BlobSource,
  shape: {
    rows: number;
    columns: number;
    cellBytes: number;
    width: number;
    overlap?: number;
    offset?: number;
    type?: Type;
  },
): InputSource<Elements<Type>> => fromBlob(content, (blob) => ({ kind: 'bands', blob, ...shape }));

const fromBlob = <In>(content: BlobSource, source: (blob: Sha256) => SourceInput): InputSource<In> => ({
  kind: 'source',
  content,
  source,
  echo: () => undefined,
});
