import { createHash } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Sha256 } from '@gossamer/protocol';
import { describe, expect, test } from 'vitest';
import { type BlobStore, FileBlobStore, MemoryBlobStore } from '../../src/index.ts';
import { testDirectory } from './directory.ts';

const ENGINES: readonly { name: string; create: () => Promise<BlobStore> }[] = [
  { name: 'memory', create: async () => new MemoryBlobStore() },
  { name: 'files', create: async () => FileBlobStore.open(join(await testDirectory(), 'blobs')) },
];

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex') as Sha256;
const text = (value: string) => new TextEncoder().encode(value);

async function* inChunks(bytes: Uint8Array, length = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += length) yield bytes.slice(at, at + length);
}

const collect = async (stream: AsyncIterable<Uint8Array> | null): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const HELLO = text('hello, grid of tabs');
const UNKNOWN = hashOf(text('never stored'));

describe.each(ENGINES)('blobs, engine $name', ({ create }) => {
  test('BL1: what was put under its hash comes back, and a second put creates nothing', async () => {
    const blobs = await create();
    const hash = hashOf(HELLO);
    expect(await blobs.putIfAbsent(hash, inChunks(HELLO))).toEqual({ size: 19, created: true });
    expect(await blobs.putIfAbsent(hash, inChunks(HELLO))).toEqual({ size: 19, created: false });
    expect(await blobs.stat(hash)).toEqual({ size: 19 });
    expect((await collect(await blobs.get(hash))).toString()).toBe('hello, grid of tabs');
  });

  test('BL12: blobs are listed with their size and when they were stored last; putting and touching count', async () => {
    const blobs = await create();
    expect(await blobs.touch(UNKNOWN)).toBe(false);
    const hash = hashOf(HELLO);
    const began = Date.now() - 1;
    await blobs.putIfAbsent(hash, inChunks(HELLO));
    await blobs.add(text('another'));
    const listed = async () => {
      const found = [];
      for await (const blob of blobs.list()) found.push(blob);
      return found.sort((a, b) => a.size - b.size);
    };
    expect((await listed()).map(({ hash: name, size }) => [name, size])).toEqual([
      [hashOf(text('another')), 7],
      [hash, 19],
    ]);
    let last = began;
    for (const again of [
      () => blobs.touch(hash),
      () => blobs.putIfAbsent(hash, inChunks(HELLO)),
      () => blobs.add(HELLO),
    ]) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await again()).not.toBe(false);
      const { storedAt } = (await listed())[1]!;
      expect(storedAt).toBeGreaterThan(last);
      last = storedAt;
    }
  });

  test('BL13: one that may go is removed, and asked about by its time; one that may not stays whole', async () => {
    const blobs = await create();
    const hash = hashOf(HELLO);
    expect(await blobs.remove(hash, () => true)).toBe(false);
    await blobs.putIfAbsent(hash, inChunks(HELLO));
    const asked: number[] = [];
    expect(await blobs.remove(hash, (at) => asked.push(at) === 0)).toBe(false);
    expect(asked[0]).toBeLessThanOrEqual(Date.now() + 1);
    expect((await collect(await blobs.get(hash))).byteLength).toBe(19);
    const removing = blobs.remove(hash, () => true);
    // In the turn in which it is asked it goes: nobody is told that it is there who does not find it.
    expect(await blobs.stat(hash)).toBeNull();
    expect(await removing).toBe(true);
    expect([await blobs.get(hash), await blobs.touch(hash)]).toEqual([null, false]);
    expect((await blobs.putIfAbsent(hash, inChunks(HELLO))).created).toBe(true);
  });

  test('BL1: any bytes in any chunks come back, whole and in every range', async () => {
    const blobs = await create();
    const bytes = fc.uint8Array({ maxLength: 2_000 });
    await fc.assert(
      fc.asyncProperty(bytes, fc.integer({ min: 1, max: 900 }), fc.nat(), fc.nat(), async (content, chunk, a, b) => {
        const hash = hashOf(content);
        const { size } = await blobs.putIfAbsent(hash, inChunks(content, chunk));
        expect(size).toBe(content.byteLength);
        const [start, end] = [a % (size + 1), b % (size + 1)].sort((x, y) => x - y) as [number, number];
        const expected = Buffer.from(content.slice(start, end));
        expect(await collect(await blobs.get(hash, { start, end }))).toEqual(expected);
        expect(Buffer.from(await blobs.read(hash, { start, end }))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  test('BL1: bytes that are added are named by their hash, once, and stay when their owner changes them', async () => {
    const blobs = await create();
    const bytes = HELLO.slice();
    const names = await Promise.all([blobs.add(bytes), blobs.add(bytes)]);
    expect(names).toEqual([hashOf(HELLO), hashOf(HELLO)]);
    bytes.fill(0);
    expect(await blobs.add(HELLO)).toBe(hashOf(HELLO));
    expect((await collect(await blobs.get(hashOf(HELLO)))).equals(HELLO)).toBe(true);
    expect(await blobs.putIfAbsent(hashOf(HELLO), inChunks(HELLO))).toEqual({ size: 19, created: false });
    expect(await blobs.read(await blobs.add(new Uint8Array(0)), { start: 0, end: 0 })).toHaveLength(0);
  });

  test('BL2: content of another hash is refused, and nothing is kept', async () => {
    const blobs = await create();
    const putting = blobs.putIfAbsent(UNKNOWN, inChunks(HELLO));
    await expect(putting).rejects.toMatchObject({ name: 'ProblemError', code: 'blob-mismatch' });
    expect(await blobs.stat(UNKNOWN)).toBeNull();
    expect(await blobs.get(UNKNOWN)).toBeNull();
  });

  test('BL2: content of another hash is refused also where the right one is there, which stays', async () => {
    const blobs = await create();
    const hash = hashOf(HELLO);
    await blobs.putIfAbsent(hash, inChunks(HELLO));
    await expect(blobs.putIfAbsent(hash, inChunks(text('bad')))).rejects.toMatchObject({ code: 'blob-mismatch' });
    expect((await collect(await blobs.get(hash))).equals(HELLO)).toBe(true);
  });

  test('BL3: a stream over the limit is refused and read no further', async () => {
    const blobs = await create();
    const hash = hashOf(HELLO);
    let given = 0;
    async function* endless() {
      for (;;) {
        given += 1;
        yield new Uint8Array(10);
      }
    }
    await expect(blobs.putIfAbsent(hash, endless(), 95)).rejects.toMatchObject({ code: 'body-too-large' });
    expect(given).toBe(10);
    expect(await blobs.stat(hash)).toBeNull();
    expect(await blobs.putIfAbsent(hash, inChunks(HELLO), 19)).toEqual({ size: 19, created: true });
    await expect(blobs.putIfAbsent(hash, endless(), 95)).rejects.toMatchObject({ code: 'body-too-large' });
  });

  test('BL4: a range outside of the blob, and a blob that is not there, are told apart', async () => {
    const blobs = await create();
    const hash = hashOf(HELLO);
    await blobs.putIfAbsent(hash, inChunks(HELLO));
    const outside = [
      { start: 0, end: 20 },
      { start: -1, end: 3 },
      { start: 5, end: 4 },
      { start: 0.5, end: 3 },
      { start: 0, end: Number.NaN },
    ];
    for (const range of outside) {
      await expect(blobs.read(hash, range)).rejects.toMatchObject({ code: 'range-unsatisfiable' });
      await expect(blobs.get(hash, range)).rejects.toMatchObject({ code: 'range-unsatisfiable' });
    }
    await expect(blobs.read(UNKNOWN, { start: 0, end: 0 })).rejects.toMatchObject({ code: 'blob-unknown' });
    expect(await blobs.get(UNKNOWN, { start: 0, end: 5 })).toBeNull();
  });

  test('BL5: puts of one hash at the same time all succeed, and one of them creates', async () => {
    const blobs = await create();
    const bytes = new Uint8Array(50_000).map((_, place) => place * 17);
    const hash = hashOf(bytes);
    const puts = await Promise.all(Array.from({ length: 8 }, () => blobs.putIfAbsent(hash, inChunks(bytes, 4_096))));
    expect(puts.filter(({ created }) => created)).toHaveLength(1);
    expect((await collect(await blobs.get(hash))).equals(bytes)).toBe(true);
  });

  test('BL6: a name that is no SHA-256 reaches no file', async () => {
    const blobs = await create();
    for (const name of [
      '../../etc/passwd',
      '',
      'ab',
      UNKNOWN.toUpperCase(),
      `${UNKNOWN}\n`,
      `../${UNKNOWN.slice(3)}`,
    ]) {
      const hash = name as Sha256;
      const problem = { name: 'ProblemError', code: 'request-invalid' };
      await expect(blobs.stat(hash)).rejects.toMatchObject(problem);
      await expect(blobs.get(hash)).rejects.toMatchObject(problem);
      await expect(blobs.read(hash, { start: 0, end: 1 })).rejects.toMatchObject(problem);
      await expect(blobs.putIfAbsent(hash, inChunks(HELLO))).rejects.toMatchObject(problem);
    }
  });

  test('BL7: a stream that fails leaves nothing, and its error is the one that is thrown', async () => {
    const blobs = await create();
    const hash = hashOf(HELLO);
    async function* broken() {
      yield HELLO.slice(0, 5);
      throw new Error('the sender went away');
    }
    await expect(blobs.putIfAbsent(hash, broken())).rejects.toThrow('the sender went away');
    expect(await blobs.stat(hash)).toBeNull();
  });
});
