import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DataErrorCode } from '../src/data-error.ts';
import { DataError } from '../src/data-error.ts';
import type { FilterbankFields } from '../src/filterbank-encode.ts';
import { encodeFilterbank } from '../src/filterbank-encode.ts';
import { MAX_HEADER_BYTES, parseFilterbank } from '../src/filterbank.ts';
import { headerlessLayout } from '../src/layout.ts';

const FIELDS: FilterbankFields = {
  telescope_id: 6,
  machine_id: 20,
  data_type: 1,
  source_name: 'Voyager1',
  rawdatafile: 'guppi.raw',
  src_raj: 171210,
  src_dej: 115818,
  az_start: 0,
  za_start: 0,
  tstart: 57650.78,
  tsamp: 1.5,
  fch1: 8421.5,
  foff: -0.25,
  nchans: 8,
  nbits: 32,
  nifs: 1,
  nbeams: 1,
  ibeam: 1,
};

const DATA = Float32Array.from({ length: 24 }, (_, i) => i);

function parse(bytes: Uint8Array) {
  return parseFilterbank(bytes, bytes.byteLength);
}

function codeOf(act: () => unknown): { code: DataErrorCode; message: string } {
  try {
    act();
  } catch (error) {
    if (error instanceof DataError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('nothing was thrown');
}

function codeWith(change: Record<string, number | string>, data: Float32Array | Uint8Array = DATA) {
  return codeOf(() => parse(encodeFilterbank({ ...FIELDS, ...change }, data)));
}

function without(keyword: string): FilterbankFields {
  return Object.fromEntries(Object.entries(FIELDS).filter(([name]) => name !== keyword));
}

describe('SF1: a SIGPROC header gives the shape and the axes of its data', () => {
  test('SF1: 32 bit, rows from the size of the file', () => {
    const bytes = encodeFilterbank(FIELDS, DATA);
    const header = parse(bytes);
    expect(header).toEqual({
      headerBytes: bytes.byteLength - 96,
      rows: 3,
      columns: 8,
      cellBytes: 4,
      fch1: 8421.5,
      foff: -0.25,
      tsamp: 1.5,
      tstart: 57650.78,
      sourceName: 'Voyager1',
    });
    expect([...new Float32Array(bytes.slice(header.headerBytes).buffer)]).toEqual([...DATA]);
  });

  test('SF1: the bytes are those of the format', () => {
    const bytes = encodeFilterbank({ nchans: 258 }, new Uint8Array(0));
    const text = (value: string) => [value.length, 0, 0, 0, ...Buffer.from(value, 'ascii')];
    expect([...bytes]).toEqual([...text('HEADER_START'), ...text('nchans'), 2, 1, 0, 0, ...text('HEADER_END')]);
  });

  test('SF1: 8 bit, with nsamples, without nifs, unsigned said in words', () => {
    const { nifs: _, ...fields } = FIELDS;
    const header = parse(encodeFilterbank({ ...fields, nbits: 8, signed: 0, nsamples: 5 }, new Uint8Array(40)));
    expect(header).toMatchObject({ rows: 5, columns: 8, cellBytes: 1 });
  });

  test('SF1: nsamples 0 means unknown', () => {
    expect(parse(encodeFilterbank({ ...FIELDS, nsamples: 0 }, DATA)).rows).toBe(3);
  });

  test('SF1: gigabytes are described from their first bytes', () => {
    const head = encodeFilterbank({ ...FIELDS, nchans: 1 << 20 }, new Float32Array(MAX_HEADER_BYTES / 4));
    const headerBytes = head.byteLength - MAX_HEADER_BYTES;
    const header = parseFilterbank(head.subarray(0, MAX_HEADER_BYTES), headerBytes + 300 * 2 ** 22);
    expect(header).toMatchObject({ headerBytes, rows: 300, columns: 1 << 20 });
    expect(() => parseFilterbank(head.subarray(0, 100), headerBytes + 300 * 2 ** 22)).toThrow(RangeError);
  });

  test('SF1: any shape round-trips', () => {
    const shape = fc.record({ rows: fc.integer({ min: 1, max: 40 }), columns: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(
        shape,
        fc.constantFrom(8, 32),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (s, nbits, fch1) => {
          const bytes = new Uint8Array((s.rows * s.columns * nbits) / 8);
          const header = parse(encodeFilterbank({ ...FIELDS, nbits, nchans: s.columns, fch1 }, bytes));
          expect(header).toMatchObject({ ...s, cellBytes: nbits / 8, fch1 });
        },
      ),
    );
  });
});

describe('SF2: every wrong file is refused with a code', () => {
  test('SF2: a file that is something else', () => {
    expect(codeOf(() => parse(Buffer.from('SIMPLE  =                    T / FITS'))).code).toBe('data-bad-header');
    expect(codeOf(() => parse(new Uint8Array(1000))).code).toBe('data-bad-header');
    expect(codeOf(() => parse(new Uint8Array(0))).code).toBe('data-truncated');
    const other = encodeFilterbank(FIELDS, DATA);
    other[4] = 0x48 + 1;
    expect(codeOf(() => parse(other)).code).toBe('data-bad-header');
  });

  test('SF2: a header cut off at any byte is truncated', () => {
    const bytes = encodeFilterbank(FIELDS, new Uint8Array(0));
    for (let end = 0; end <= bytes.byteLength; end++) {
      expect(codeOf(() => parse(bytes.slice(0, end))).code).toBe('data-truncated');
    }
  });

  test('SF2: a header without an end', () => {
    const bytes = new Uint8Array(2 * MAX_HEADER_BYTES);
    const start = encodeFilterbank({ nchans: 8 }, new Uint8Array(0));
    bytes.set(start.subarray(0, start.byteLength - 14));
    expect(codeOf(() => parse(bytes)).code).toBe('data-bad-header');
  });

  test('SF2: an unknown keyword is named', () => {
    const bytes = encodeFilterbank(FIELDS, DATA);
    const at = Buffer.from(bytes).indexOf('machine_id');
    bytes.set(Buffer.from('machine_ix'), at);
    const { code, message } = codeOf(() => parse(bytes));
    expect(code).toBe('data-unknown-keyword');
    expect(message).toContain('"machine_ix"');
  });

  test('SF2: a keyword twice', () => {
    const bytes = encodeFilterbank(FIELDS, DATA);
    const at = Buffer.from(bytes).indexOf('machine_id');
    const { nbeams: _n, ...fields } = FIELDS;
    expect(at).toBeGreaterThan(0);
    const twice = encodeFilterbank({ ...fields, ibeam: 1 }, DATA);
    const text = Buffer.from(encodeFilterbank({ ...fields, nbeams: 1 }, DATA));
    text.set(Buffer.from('ibeam'), text.indexOf('nbeams'));
    expect(parse(twice).rows).toBe(3);
    // "nbeams" is one letter longer: its length is shortened, and the letter left over is cut out.
    const place = text.lastIndexOf('ibeams');
    text.writeInt32LE(5, place - 4);
    const doubled = Buffer.concat([text.subarray(0, place + 5), text.subarray(place + 6)]);
    expect(codeOf(() => parse(doubled))).toMatchObject({ code: 'data-bad-header', message: /ibeam.*twice/ });
  });

  test.each(['nchans', 'nbits', 'tsamp', 'fch1', 'foff'])('SF2: a header that lacks %s', (keyword) => {
    const { code, message } = codeOf(() => parse(encodeFilterbank(without(keyword), DATA)));
    expect(code).toBe('data-bad-header');
    expect(message).toContain(keyword);
  });

  test.each([
    ['nchans', 0],
    ['nchans', -8],
    ['foff', 0],
    ['foff', Number.NaN],
    ['fch1', Number.POSITIVE_INFINITY],
    ['tsamp', 0],
    ['tsamp', -1],
    ['nsamples', -1],
  ])('SF2: %s = %d', (keyword, value) => {
    expect(codeWith({ [keyword]: value })).toMatchObject({
      code: 'data-bad-header',
      message: expect.stringContaining(keyword),
    });
  });

  test.each([
    ['nbits', 1],
    ['nbits', 16],
    ['nbits', 64],
    ['nifs', 0],
    ['nifs', 4],
    ['fchannel', 1400.5],
    ['FREQUENCY_START', 1],
  ])('SF2: %s = %d is not supported', (keyword, value) => {
    expect(codeWith({ [keyword]: value })).toMatchObject({
      code: 'data-unsupported',
      message: expect.stringContaining(keyword),
    });
  });

  test('SF2: signed bytes are not supported', () => {
    expect(codeWith({ nbits: 8, signed: 1 }, new Uint8Array(16)).code).toBe('data-unsupported');
  });

  test('SF2: data that is no whole number of rows', () => {
    expect(codeWith({ nchans: 7 }).code).toBe('data-ragged');
    const bytes = encodeFilterbank(FIELDS, DATA);
    expect(codeOf(() => parse(bytes.slice(0, -1))).code).toBe('data-ragged');
  });

  test('SF2: less or more data than nsamples says', () => {
    expect(codeWith({ nsamples: 4 }).code).toBe('data-truncated');
    expect(codeWith({ nsamples: 2 }).code).toBe('data-wrong-size');
    expect(codeWith({}, new Float32Array(0)).code).toBe('data-truncated');
  });

  test('SF2: an impossible length, or bytes that are no text, in place of a keyword', () => {
    for (const spoil of [
      (b: Buffer) => b.writeInt32LE(-1, 16),
      (b: Buffer) => b.writeInt32LE(1_000_000, 16),
      (b: Buffer) => b.writeUInt8(0xff, 21),
    ]) {
      const bytes = Buffer.from(encodeFilterbank(FIELDS, DATA));
      spoil(bytes);
      expect(codeOf(() => parse(bytes)).code).toBe('data-bad-header');
    }
  });

  test('SF2: garbage behind the first word never gets through, and always has a code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (garbage) => {
        const start = encodeFilterbank({}, new Uint8Array(0)).slice(0, 16);
        const bytes = new Uint8Array([...start, ...garbage]);
        expect(codeOf(() => parse(bytes)).code).toMatch(/^data-/);
      }),
    );
  });
});

describe('SF3: headerless data must have exactly the size of its shape', () => {
  test('SF3: the right size', () => {
    expect(headerlessLayout(14_336, 14, 256)).toEqual({ headerBytes: 0, rows: 14, columns: 256, cellBytes: 4 });
  });

  test('SF3: too short, too long, no shape', () => {
    expect(codeOf(() => headerlessLayout(14_335, 14, 256)).code).toBe('data-truncated');
    expect(codeOf(() => headerlessLayout(14_340, 14, 256)).code).toBe('data-wrong-size');
    for (const rows of [0, -1, 1.5, Number.NaN]) expect(() => headerlessLayout(0, rows, 256)).toThrow(RangeError);
    expect(() => headerlessLayout(0, 14, 0)).toThrow(/columns/);
  });
});
