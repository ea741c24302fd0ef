import { DataError } from './data-error.ts';

/** Where the cells of an observation lie in a file: `rows x columns` cells, row-major (a row is one moment). */
export interface Layout {
  /** Bytes before the first cell. */
  readonly headerBytes: number;
  readonly rows: number;
  readonly columns: number;
  /** 1: unsigned bytes; 4: little-endian float32. */
  readonly cellBytes: 1 | 4;
}

/**
 * The layout of headerless little-endian float32 data.
 *
 * @param totalBytes the file's size
 * @throws DataError `data-truncated` or `data-wrong-size` where the size is not `rows * columns * 4` bytes
 * @throws RangeError where rows or columns is no positive integer
 */
export function headerlessLayout(totalBytes: number, rows: number, columns: number): Layout {
  for (const [name, value] of Object.entries({ rows, columns })) {
    if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${name} must be a positive integer: ${value}`);
  }
  const expected = rows * columns * 4;
  if (totalBytes !== expected) {
    throw new DataError(
      totalBytes < expected ? 'data-truncated' : 'data-wrong-size',
      `${rows} rows x ${columns} columns of float32 are ${expected} bytes, but the file has ${totalBytes}`,
    );
  }
  return { headerBytes: 0, rows, columns, cellBytes: 4 };
}
