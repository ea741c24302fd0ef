import { z } from 'zod';
import { ELEMENT_TYPES } from '../exchange/payload.ts';
import { Sha256 } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { Json } from './json.ts';

const count = z.int().min(1).max(LIMITS.units);

/** Integers from `start` up to, but without, `stop`; unit i's input is the JSON number `start + i * step`. */
export const RangeSource = z.strictObject({
  kind: z.literal('range'),
  start: z.int(),
  stop: z.int(),
  step: z
    .int()
    .refine((step) => step !== 0, { message: 'step must not be 0' })
    .default(1),
});

/** Unit i's input is item i, as JSON. */
export const ListSource = z.strictObject({
  kind: z.literal('list'),
  items: z.array(Json).max(LIMITS.listItems),
});

/** Unit i's input is line i of a blob: parsed as JSON (`ndjson`) or taken as a string (`text`). Blank lines count not. */
export const LinesSource = z.strictObject({
  kind: z.literal('lines'),
  blob: Sha256,
  format: z.enum(['ndjson', 'text']),
});

/**
 * Unit i's input is row i of a table of comma-separated values (RFC 4180; any one-character `delimiter`): an object by the
 * first row's names, or with `header: false` an array. Values are strings; those that are written as JSON writes numbers
 * are numbers, unless `numbers` is false. Empty lines count not.
 */
export const CsvSource = z.strictObject({
  kind: z.literal('csv'),
  blob: Sha256,
  delimiter: z
    .string()
    .regex(/^[^\r\n"]$/, { message: 'expected one character that is neither a quote nor ends a line' })
    .default(','),
  header: z.boolean().default(true),
  numbers: z.boolean().default(true),
});

/** The values of one parameter: a list, or integers from `start` up to, but without, `stop`. */
export const Axis = z.union([z.array(Json).min(1).max(LIMITS.listItems), RangeSource.omit({ kind: true })]);

/**
 * Every combination of the parameters' values: unit i's input is an object with one of each, the last parameter changing
 * fastest.
 */
export const ProductSource = z.strictObject({
  kind: z.literal('product'),
  axes: z
    .record(z.string().min(1).max(100), Axis)
    .refine((axes) => Object.keys(axes).length > 0, { message: 'expected at least one parameter' })
    .refine((axes) => Object.keys(axes).length <= LIMITS.axes, {
      message: `expected at most ${LIMITS.axes} parameters`,
    }),
});

/**
 * Unit i's input is value i of a blob, of whatever encoding: each is preceded by its `Encoding` (a byte) and its size in
 * bytes (32 bits, little-endian).
 */
export const PackedSource = z.strictObject({ kind: z.literal('packed'), blob: Sha256 });
/** Bytes before each value of a packed source. */
export const PACKED_HEAD = 5;

/** What bytes are: a program is given a typed array of such elements. Without it, an ArrayBuffer. */
const elements = z.enum(ELEMENT_TYPES).optional();

/** Unit i's input is `bytes` bytes of a blob, from `offset + i * (bytes - overlap)`; the last one may be shorter. */
export const RecordsSource = z.strictObject({
  kind: z.literal('records'),
  blob: Sha256,
  offset: z.int().min(0).default(0),
  bytes: count,
  overlap: z.int().min(0).default(0),
  type: elements,
});

/**
 * Bands of a matrix that lies row by row in a blob, from byte `offset`: `rows` x `columns` cells of `cellBytes`.
 * Unit i's core is columns `i * width` up to `(i + 1) * width`; its input is the core with `overlap` columns more on
 * either side, clipped at the matrix' edges, row by row.
 */
export const BandsSource = z.strictObject({
  kind: z.literal('bands'),
  blob: Sha256,
  offset: z.int().min(0).default(0),
  rows: count,
  columns: count,
  cellBytes: z.int().min(1).max(64),
  width: count,
  overlap: z.int().min(0).default(0),
  type: elements,
});

/**
 * The inputs that the program's own `split(params)` gives, on the coordinator: all of them, or `{ length, at(index) }`,
 * which makes them when they are wanted. What came of it the coordinator fills in, whatever is sent there: a blob of one
 * JSON value a line, or how many there are.
 */
export const SplitSource = z.strictObject({
  kind: z.literal('split'),
  made: z.union([z.strictObject({ blob: Sha256 }), z.strictObject({ length: z.int() })]).optional(),
});

/**
 * Inputs that are appended while the job runs, until they are closed: one JSON value a line (`ndjson`), one string a line
 * (`text`), or the content of a packed source each time (`packed`).
 */
export const StreamSource = z.strictObject({ kind: z.literal('stream'), format: z.enum(['ndjson', 'text', 'packed']) });
export type StreamSource = z.infer<typeof StreamSource>;

export const Source = z.discriminatedUnion('kind', [
  RangeSource,
  ListSource,
  LinesSource,
  CsvSource,
  ProductSource,
  PackedSource,
  RecordsSource,
  BandsSource,
  SplitSource,
  StreamSource,
]);
export type Source = z.infer<typeof Source>;
/** A source as a client writes it: fields with defaults may be left out. */
export type SourceInput = z.input<typeof Source>;
