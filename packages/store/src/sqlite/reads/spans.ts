import type { PackedRows } from './packed-rows.ts';

/** A run of packed rows, by fact and unit, with what of it a query looks for. */
export interface Span {
  /** The last row's fact. */
  last: number;
  leastUnit: number;
  greatestUnit: number;
  rows: PackedRows;
}

/** Rows of one span: a query for one unit looks through all of them, in some microseconds. */
const SPAN_ROWS = 1024;

/** Where the rows after a fact begin, by fact and unit; of two of the same fact and unit the later one. */
const starts = (packed: PackedRows, width: number, after: number): number[] => {
  const found: number[] = [];
  let isSorted = true;
  const compare = (a: number, b: number): number => packed[a]! - packed[b]! || packed[a + 1]! - packed[b + 1]!;
  for (let at = 0; at < packed.length; at += width) {
    if (packed[at]! <= after) continue;
    if (found.length > 0 && compare(found.at(-1)!, at) >= 0) isSorted = false;
    found.push(at);
  }
  if (isSorted) return found;
  found.sort(compare);
  return found.filter((at, n) => n + 1 === found.length || compare(at, found[n + 1]!) !== 0);
};

/** The packed rows after a fact, cut into spans. */
export function* spansOf(packed: PackedRows, width: number, after: number): Generator<Span> {
  const all = starts(packed, width, after);
  for (let from = 0; from < all.length; from += SPAN_ROWS) {
    const some = all.slice(from, from + SPAN_ROWS);
    const rows = new Float64Array(some.length * width);
    let leastUnit = Number.POSITIVE_INFINITY;
    let greatestUnit = Number.NEGATIVE_INFINITY;
    for (const [n, at] of some.entries()) {
      for (let field = 0; field < width; field++) rows[n * width + field] = packed[at + field]!;
      const unit = packed[at + 1]!;
      if (unit < leastUnit) leastUnit = unit;
      if (unit > greatestUnit) greatestUnit = unit;
    }
    yield { last: packed[some.at(-1)!]!, leastUnit, greatestUnit, rows };
  }
}

/** Gathers rows of spans into one buffer, at most `limit` of them. */
export class Gathered {
  readonly #rows: PackedRows;
  readonly #width: number;
  #used = 0;

  constructor(width: number, limit: number) {
    this.#width = width;
    this.#rows = new Float64Array(width * limit);
  }

  get isFull(): boolean {
    return this.#used === this.#rows.length;
  }

  /** Takes the row of a span that begins at `at`. */
  take(span: PackedRows, at: number): void {
    for (let field = 0; field < this.#width; field++) this.#rows[this.#used++] = span[at + field]!;
  }

  get rows(): PackedRows {
    return this.#rows.slice(0, this.#used);
  }
}

/** The rows of a blob, as `spansOf` made them: in the byte order of the machine, as whoever moves the file to another builds it anew. */
export const rowsOf = (blob: Uint8Array): PackedRows => new Float64Array(blob.slice().buffer);
