import { DataError } from './data-error.ts';
import { HEADER_END, HEADER_START, KEYWORDS } from './filterbank-keywords.ts';
import { HeaderReader } from './header-reader.ts';
import type { Layout } from './layout.ts';

/** What a SIGPROC header says of the data behind it. */
export interface FilterbankHeader extends Layout {
  /** Centre frequency of the first channel, MHz. */
  readonly fch1: number;
  /** Width of a channel, MHz; negative where the frequency falls from channel to channel. */
  readonly foff: number;
  /** Time from row to row, seconds. */
  readonly tsamp: number;
  /** Time of the first row, modified Julian date, where given. */
  readonly tstart: number | undefined;
  readonly sourceName: string | undefined;
}

/** The first bytes of a file that the parser wants to see: every keyword once is less than a quarter of this. */
export const MAX_HEADER_BYTES = 4096;

type Values = ReadonlyMap<string, number | string>;

function readValues(reader: HeaderReader): Values {
  let start: string;
  try {
    start = reader.string(HEADER_START);
  } catch (error) {
    if (error instanceof DataError && error.code === 'data-truncated') throw error;
    start = '';
  }
  if (start !== HEADER_START) {
    throw new DataError('data-bad-header', `not a SIGPROC filterbank file: it does not begin with ${HEADER_START}`);
  }
  const values = new Map<string, number | string>();
  for (;;) {
    const keyword = reader.string('a keyword');
    if (keyword === HEADER_END) return values;
    if (keyword === '') throw new DataError('data-bad-header', `an empty keyword, and no ${HEADER_END} yet`);
    const type = KEYWORDS.get(keyword);
    if (type === undefined) {
      throw new DataError('data-unknown-keyword', `unknown keyword in the header: ${JSON.stringify(keyword)}`);
    }
    if (type === 'flag' || keyword === 'fchannel') {
      throw new DataError('data-unsupported', `${keyword}: tables of channel frequencies are not supported`);
    }
    if (values.has(keyword)) throw new DataError('data-bad-header', `${keyword} stands twice in the header`);
    values.set(keyword, reader.value(type, keyword));
  }
}

function numberOf(values: Values, keyword: string): number {
  const value = values.get(keyword);
  if (value === undefined) throw new DataError('data-bad-header', `the header lacks ${keyword}`);
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new DataError('data-bad-header', `${keyword} must be a finite number: ${value}`);
  }
  return value;
}

function cellBytesOf(values: Values): 1 | 4 {
  const nbits = numberOf(values, 'nbits');
  if (nbits !== 8 && nbits !== 32) {
    throw new DataError('data-unsupported', `nbits is ${nbits}; only 8 (unsigned) and 32 (float) are supported`);
  }
  if (nbits === 8 && values.has('signed') && values.get('signed') !== 0) {
    throw new DataError('data-unsupported', 'signed 8 bit data is not supported');
  }
  const nifs = values.has('nifs') ? numberOf(values, 'nifs') : 1;
  if (nifs !== 1) throw new DataError('data-unsupported', `nifs is ${nifs}; only one polarisation is supported`);
  return nbits === 8 ? 1 : 4;
}

function rowsOf(values: Values, dataBytes: number, rowBytes: number): number {
  const nsamples = values.has('nsamples') ? numberOf(values, 'nsamples') : 0;
  if (nsamples < 0) throw new DataError('data-bad-header', `nsamples is ${nsamples}`);
  // Writers that do not know the length beforehand leave nsamples out or at 0.
  if (nsamples > 0 && dataBytes !== nsamples * rowBytes) {
    throw new DataError(
      dataBytes < nsamples * rowBytes ? 'data-truncated' : 'data-wrong-size',
      `${nsamples} rows of ${rowBytes} bytes are ${nsamples * rowBytes} bytes, but ${dataBytes} follow the header`,
    );
  }
  if (dataBytes === 0) throw new DataError('data-truncated', 'the file ends with its header: there is no data');
  if (dataBytes % rowBytes !== 0) {
    throw new DataError(
      'data-ragged',
      `${dataBytes} bytes of data are no whole number of rows of ${rowBytes} bytes: the file is truncated or nchans wrong`,
    );
  }
  return dataBytes / rowBytes;
}

/**
 * Reads the header of a SIGPROC filterbank file.
 *
 * @param head the file's first bytes: all of them, or at least `MAX_HEADER_BYTES`
 * @param totalBytes the size of the whole file, from which the number of rows follows
 * @throws DataError with a code that names what is wrong
 */
export function parseFilterbank(head: Uint8Array, totalBytes: number): FilterbankHeader {
  if (head.byteLength < Math.min(totalBytes, MAX_HEADER_BYTES)) {
    throw new RangeError(`the parser needs the first ${MAX_HEADER_BYTES} bytes of the file, or all of it`);
  }
  const reader = new HeaderReader(head);
  const values = readValues(reader);
  const headerBytes = reader.offset;
  const columns = numberOf(values, 'nchans');
  if (columns < 1) throw new DataError('data-bad-header', `nchans is ${columns}`);
  const cellBytes = cellBytesOf(values);
  const foff = numberOf(values, 'foff');
  if (foff === 0) throw new DataError('data-bad-header', 'foff is 0: channels must have a width');
  const tsamp = numberOf(values, 'tsamp');
  if (tsamp <= 0) throw new DataError('data-bad-header', `tsamp is ${tsamp}: rows must have a duration`);
  const sourceName = values.get('source_name');
  return {
    headerBytes,
    rows: rowsOf(values, totalBytes - headerBytes, columns * cellBytes),
    columns,
    cellBytes,
    fch1: numberOf(values, 'fch1'),
    foff,
    tsamp,
    tstart: values.has('tstart') ? numberOf(values, 'tstart') : undefined,
    sourceName: typeof sourceName === 'string' ? sourceName : undefined,
  };
}
