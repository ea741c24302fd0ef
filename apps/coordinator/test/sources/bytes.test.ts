import type { SourceInput } from '@gossamer/protocol';
import { ENCODING, LIMITS, Sha256, Source } from '@gossamer/protocol';
import { MemoryBlobStore } from '@gossamer/store';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { openSource } from '../../src/sources/open-source.ts';
import { openWithInput, unasked } from '../harness/open.ts';

const blobs = new MemoryBlobStore();
const put = async (bytes: Uint8Array): Promise<Sha256> => {
  const hash = Sha256.parse(createHash('sha256').update(bytes).digest('hex'));
  await blobs.putIfAbsent(
    hash,
    (async function* () {
      yield bytes;
    })(),
  );
  return hash;
};
const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) % 256);
const open = (source: SourceInput) => openWithInput(Source.parse(source), blobs);
const inputs = async (source: SourceInput): Promise<Buffer[]> => {
  const { total, input } = await open(source);
  return Promise.all(
    Array.from({ length: total }, async (_, index) => {
      const made = await input(index);
      expect(made.encoding).toBe(ENCODING.bytes);
      if (made.kind !== 'inline') throw new Error('expected inline bytes');
      return Buffer.from(made.body);
    }),
  );
};

test('SO20: records follow each other; the last one may be short', async () => {
  const blob = await put(Buffer.from('abcdefghij'));
  const text = async (source: { bytes: number; offset?: number; overlap?: number }) =>
    (await inputs({ kind: 'records', blob, ...source })).map((bytes) => bytes.toString());
  expect(await text({ bytes: 5 })).toEqual(['abcde', 'fghij']);
  expect(await text({ bytes: 4 })).toEqual(['abcd', 'efgh', 'ij']);
  expect(await text({ bytes: 4, offset: 3 })).toEqual(['defg', 'hij']);
  expect(await text({ bytes: 4, overlap: 2 })).toEqual(['abcd', 'cdef', 'efgh', 'ghij']);
  expect(await text({ bytes: 4, overlap: 1, offset: 2 })).toEqual(['cdef', 'fghi', 'ij']);
  expect(await text({ bytes: 100 })).toEqual(['abcdefghij']);
  expect(await text({ bytes: 1 })).toEqual('abcdefghij'.split(''));
});

test('SO21: an overlap that leaves no step forward is refused', async () => {
  const blob = await put(Buffer.from('abcdefghij'));
  await expect(open({ kind: 'records', blob, bytes: 4, overlap: 4 })).rejects.toMatchObject({ code: 'source-invalid' });
});

test('SO22: every byte of the data is in some record, and no record adds nothing', async () => {
  const shape = fc.record({
    size: fc.nat(60),
    offset: fc.nat(10),
    bytes: fc.integer({ min: 1, max: 20 }),
    overlap: fc.nat(19),
  });
  await fc.assert(
    fc.asyncProperty(shape, async ({ size, offset, bytes, overlap }) => {
      fc.pre(overlap < bytes && size > offset);
      const data = counting(size);
      const records = await inputs({ kind: 'records', blob: await put(data), offset, bytes, overlap });
      const stride = bytes - overlap;
      let covered = offset;
      records.forEach((record, index) => {
        const start = offset + index * stride;
        expect(record).toEqual(Buffer.from(data.subarray(start, start + bytes)));
        expect(start).toBeLessThanOrEqual(covered);
        expect(start + record.byteLength).toBeGreaterThan(covered);
        covered = start + record.byteLength;
      });
      expect(covered).toBe(size);
    }),
  );
});

const naiveBand = (
  data: Uint8Array,
  s: { offset: number; rows: number; columns: number; cellBytes: number; width: number; overlap: number },
  index: number,
): Buffer => {
  const cells: number[] = [];
  for (let row = 0; row < s.rows; row++) {
    for (let column = 0; column < s.columns; column++) {
      if (column < index * s.width - s.overlap || column >= (index + 1) * s.width + s.overlap) continue;
      for (let byte = 0; byte < s.cellBytes; byte++)
        cells.push(data[s.offset + (row * s.columns + column) * s.cellBytes + byte]!);
    }
  }
  return Buffer.from(cells);
};

test.each([1, 4])('SO23: bands of %i-byte cells are cut at the edges and from behind the header', async (cellBytes) => {
  const source = { offset: 5, rows: 3, columns: 10, cellBytes, width: 4, overlap: 1 };
  const data = counting(5 + 3 * 10 * cellBytes + 2);
  const bands = await inputs({ kind: 'bands', blob: await put(data), ...source });
  expect(bands.map((band) => band.byteLength / cellBytes / 3)).toEqual([5, 6, 3]);
  bands.forEach((band, index) => expect(band).toEqual(naiveBand(data, source, index)));
});

test('SO24: bands are the ones of a naive cut, whatever the shape', async () => {
  const shape = fc.record({
    offset: fc.nat(9),
    rows: fc.integer({ min: 1, max: 40 }),
    columns: fc.integer({ min: 1, max: 25 }),
    cellBytes: fc.constantFrom(1, 2, 4, 8),
    width: fc.integer({ min: 1, max: 30 }),
    overlap: fc.nat(30),
    after: fc.nat(3),
  });
  await fc.assert(
    fc.asyncProperty(shape, async ({ after, ...source }) => {
      const data = counting(source.offset + source.rows * source.columns * source.cellBytes + after);
      const bands = await inputs({ kind: 'bands', blob: await put(data), ...source });
      expect(bands).toHaveLength(Math.ceil(source.columns / source.width));
      bands.forEach((band, index) => expect(band).toEqual(naiveBand(data, source, index)));
    }),
  );
});

test('SO25: a matrix that the file does not hold is truncated data, by as little as one byte', async () => {
  const shape = { kind: 'bands', rows: 4, columns: 8, cellBytes: 4, width: 4, offset: 10 } as const;
  await expect(open({ ...shape, blob: await put(counting(137)) })).rejects.toMatchObject({
    code: 'data-truncated',
    message: expect.stringContaining('ends at byte 138, the blob at byte 137'),
  });
  expect((await open({ ...shape, blob: await put(counting(138)) })).total).toBe(2);
});

test('SO26: an input that is too large for an exchange becomes a blob, the same one every time', async () => {
  const data = counting(3 * LIMITS.inlineInput);
  const { input } = await open({ kind: 'records', blob: await put(data), bytes: LIMITS.inlineInput + 1 });
  const part = data.subarray(0, LIMITS.inlineInput + 1);
  const sha256 = createHash('sha256').update(part).digest();
  expect(await input(0)).toEqual({ kind: 'blob', encoding: ENCODING.bytes, sha256, size: part.byteLength });
  const name = Sha256.parse(sha256.toString('hex'));
  expect(Buffer.from(await blobs.read(name, { start: 0, end: part.byteLength }))).toEqual(Buffer.from(part));
  const { input: inline } = await open({ kind: 'records', blob: await put(data), bytes: LIMITS.inlineInput });
  expect((await inline(0)).kind).toBe('inline');
});

test('SO27: a unit that would not fit memory is refused when the job is made', async () => {
  const size = 2 ** 40;
  const large = { stat: async () => ({ size }) } as unknown as MemoryBlobStore;
  const blob = Sha256.parse('1'.repeat(64));
  const refused = async (source: SourceInput) =>
    expect(openSource(Source.parse(source), large, unasked)).rejects.toMatchObject({ code: 'source-invalid' });
  await refused({ kind: 'records', blob, bytes: 2 ** 30 });
  await refused({ kind: 'bands', blob, rows: 2 ** 16, columns: 2 ** 20, cellBytes: 4, width: 2 ** 14 });
  await refused({ kind: 'bands', blob, rows: 2 ** 16, columns: 2 ** 20, cellBytes: 4, width: 1, overlap: 2 ** 14 });
  const fits = { kind: 'bands', blob, rows: 16, columns: 2 ** 20, cellBytes: 4, width: 2 ** 14 } as const;
  expect((await openSource(Source.parse(fits), large, unasked)).total).toBe(64);
});

test('SO28: a matrix of very many rows is read a few at a time', async () => {
  const rows = 5000;
  const data = counting(rows * 4);
  const blob = await put(data);
  let open = 0;
  let most = 0;
  const watched = new Proxy(blobs, {
    get: (target, name) => {
      if (name !== 'read') return Reflect.get(target, name).bind(target);
      return async (...args: Parameters<typeof target.read>) => {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setImmediate(resolve));
        open -= 1;
        return target.read(...args);
      };
    },
  });
  const source = Source.parse({ kind: 'bands', blob, rows, columns: 4, cellBytes: 1, width: 2 });
  const made = await (await openWithInput(source, watched)).input(1);
  expect((made as { body: Uint8Array }).body.byteLength).toBe(rows * 2);
  expect(most).toBeLessThan(100);
});
