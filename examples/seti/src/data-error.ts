/** What can be wrong with a data file. The codes are stable: callers and tests tell errors apart by them. */
export type DataErrorCode =
  /** The file ends before what its header, or the given shape, promises. */
  | 'data-truncated'
  /** The header breaks the format, lacks a keyword or holds an impossible value. */
  | 'data-bad-header'
  /** The header holds a keyword that SIGPROC does not define. */
  | 'data-unknown-keyword'
  /** A correct file of a kind that this search does not read. */
  | 'data-unsupported'
  /** The data is no whole number of rows. */
  | 'data-ragged'
  /** The file is longer than its header, or the given shape, promises. */
  | 'data-wrong-size';

/** A data file that cannot be read, with the reason in words and as a code. */
export class DataError extends Error {
  override readonly name = 'DataError';
  readonly code: DataErrorCode;

  constructor(code: DataErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
