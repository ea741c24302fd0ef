import type { SourceInput } from '@gossamer/protocol';
import { ENCODING, LIMITS } from '@gossamer/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TestSources } from '../harness/sources.ts';

const { put, open, blobs } = new TestSources();

const packed = (encoding: number, body: Uint8Array): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt8(encoding);
  head.writeUInt32LE(body.byteLength, 1);
  return Buffer.concat([head, body]);
};

const openPacked = async (bytes: Uint8Array, chunk?: number) => open({ kind: 'packed', blob: await put(bytes, chunk) });

/** Every input: its encoding and its bytes, wherever they travel. */
const inputs = async (source: Awaited<ReturnType<typeof open>>) =>
  Promise.all(
    Array.from({ length: source.total }, async (_, index) => {
      const input = await source.input(index);
      if (input.kind === 'inline') return [input.encoding, Buffer.from(input.body)];
      const name = Buffer.from(input.sha256).toString('hex');
      return [input.encoding, Buffer.from(await blobs.read(name as never, { start: 0, end: input.size }))];
    }),
  );

test('TA6: values of any encoding come back as they were packed, however the blob arrives', async () => {
  const value = fc.record({
    encoding: fc.constantFrom(...Object.values(ENCODING)),
    body: fc.integer({ min: 0, max: 3 }).map((n) => Buffer.alloc(8 * n, n)),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(value, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 20 }),
      async (all, n) => {
        const source = await openPacked(Buffer.concat(all.map(({ encoding, body }) => packed(encoding, body))), n);
        expect(await inputs(source)).toEqual(all.map(({ encoding, body }) => [encoding, body]));
      },
    ),
  );
});

test('TA6: a large value becomes a blob', async () => {
  const body = Buffer.alloc(LIMITS.inlineInput + 4, 7);
  const source = await openPacked(packed(ENCODING.float32, body), 10_000);
  expect(await source.input(0)).toMatchObject({ kind: 'blob', encoding: ENCODING.float32, size: body.byteLength });
  expect(await inputs(source)).toEqual([[ENCODING.float32, body]]);
});

test('TA6: what is no such blob is refused with the value and what is wrong of it', async () => {
  const refused = (bytes: Uint8Array, code: string, says: string) =>
    expect(openPacked(bytes)).rejects.toMatchObject({ code, message: expect.stringContaining(says) });
  const good = packed(ENCODING.json, Buffer.from('1'));
  await refused(Buffer.concat([good, packed(99, Buffer.from('1'))]), 'source-invalid', 'input 1 has no known encoding');
  await refused(packed(ENCODING.float64, Buffer.alloc(9)), 'source-invalid', 'input 0 is no whole number of float64');
  await refused(packed(ENCODING.json, Buffer.alloc(LIMITS.inlineInput + 1)), 'source-invalid', 'bytes of JSON');
  for (const cut of [1, 3]) {
    const bytes = Buffer.concat([good, packed(ENCODING.bytes, Buffer.from('abc'))]);
    await refused(bytes.subarray(0, -cut), 'data-truncated', 'input 1 ends after the blob does');
    await refused(Buffer.concat([good, bytes.subarray(0, cut)]), 'data-truncated', 'input 1 ends after');
  }
  await expect(openPacked(Buffer.alloc(0))).rejects.toMatchObject({ code: 'source-empty' });
});

test('TA5: records and bands are given as typed arrays where their type is told, and are whole elements then', async () => {
  const blob = await put(Buffer.alloc(40, 1));
  const records: SourceInput = { kind: 'records', blob, bytes: 16, overlap: 8, type: 'float64' };
  expect(await (await open(records)).input(3)).toMatchObject({ encoding: ENCODING.float64 });
  const bands: SourceInput = { kind: 'bands', blob, rows: 2, columns: 5, cellBytes: 4, width: 2, type: 'uint32' };
  expect(await (await open(bands)).input(0)).toMatchObject({ encoding: ENCODING.uint32 });
  expect(await (await open({ ...records, type: undefined })).input(0)).toMatchObject({ encoding: ENCODING.bytes });
  const refused = (source: SourceInput, says: string) =>
    expect(open(source)).rejects.toMatchObject({ code: 'source-invalid', message: expect.stringContaining(says) });
  await refused({ ...records, bytes: 12 }, 'bytes: 12 bytes are no whole number of float64 elements');
  await refused({ ...records, overlap: 4 }, 'overlap: 4 bytes');
  await refused({ ...records, offset: 3 }, 'the data: 37 bytes');
  await refused({ ...bands, type: 'float64' }, 'cellBytes: 4 bytes');
});
