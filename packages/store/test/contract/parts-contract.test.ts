import type { Sha256 } from '@gossamer/protocol';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type BlobStore, FileBlobStore, MemoryBlobStore } from '../../src/index.ts';
import { FileParts } from '../../src/files/file-parts.ts';
import { testDirectory } from './directory.ts';

const ENGINES: readonly { name: string; create: () => Promise<BlobStore> }[] = [
  { name: 'memory', create: async () => new MemoryBlobStore() },
  { name: 'files', create: async () => FileBlobStore.open(join(await testDirectory(), 'blobs')) },
];

const CONTENT = Uint8Array.from({ length: 1000 }, (_, n) => n % 251);
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex') as Sha256;
const KEY = { owner: 'key_a-1', hash: hashOf(CONTENT) };

/** Bytes `from` to `to` by the hundred; at `to` it breaks off where it is told to. */
async function* piece(from: number, to: number, breaks = false): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; at += 100) yield CONTENT.slice(at, Math.min(to, at + 100));
  if (breaks) throw new Error('the connection is gone');
}

const collect = async (stream: AsyncIterable<Uint8Array> | null): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
};

describe.each(ENGINES)('parts of blobs, engine $name', ({ create }) => {
  test('UP1: pieces follow each other, what came before a break stays, and the last one makes the blob', async () => {
    const { parts, ...blobs } = await create().then((store) => ({ parts: store.parts, store }));
    let part = await parts.begin(KEY, 1000);
    expect(part).toMatchObject({ ...KEY, length: 1000, offset: 0 });
    expect(await parts.append(part, piece(0, 300))).toBe(300);
    part = (await parts.find(KEY))!;
    await expect(parts.append(part, piece(300, 600, true))).rejects.toThrow('the connection is gone');
    part = await parts.begin(KEY, 1000);
    expect(part.offset).toBe(600);
    expect(await parts.append(part, piece(600, 1000))).toBe(1000);
    expect(await blobs.store.stat(KEY.hash)).toBeNull();
    expect(await parts.finish((await parts.find(KEY))!)).toEqual({ size: 1000, created: true });
    expect((await collect(await blobs.store.get(KEY.hash))).equals(CONTENT)).toBe(true);
    expect([await parts.find(KEY), await parts.list()]).toEqual([null, []]);
  });

  test('UP1: a part of another length is begun anew', async () => {
    const { parts } = await create();
    await parts.append(await parts.begin(KEY, 1000), piece(0, 300));
    expect(await parts.begin(KEY, 999)).toMatchObject({ length: 999, offset: 0 });
    expect(await parts.list()).toHaveLength(1);
  });

  test('UP2: bytes of another name make no blob, and the part is gone', async () => {
    const store = await create();
    const { parts } = store;
    const hash = hashOf(new Uint8Array(1000));
    await parts.append(await parts.begin({ ...KEY, hash }, 1000), piece(0, 1000));
    await expect(parts.finish((await parts.find({ ...KEY, hash }))!)).rejects.toMatchObject({ code: 'blob-mismatch' });
    expect([await store.stat(hash), await parts.list()]).toEqual([null, []]);
  });

  test('UP2: a part of a blob that came meanwhile, and one of no bytes, become blobs all the same', async () => {
    const store = await create();
    const { parts } = store;
    await parts.append(await parts.begin(KEY, 1000), piece(0, 1000));
    await store.add(CONTENT);
    expect(await parts.finish((await parts.find(KEY))!)).toEqual({ size: 1000, created: false });
    expect((await collect(await store.get(KEY.hash))).equals(CONTENT)).toBe(true);
    const empty = { ...KEY, hash: hashOf(new Uint8Array(0)) };
    expect(await parts.finish(await parts.begin(empty, 0))).toEqual({ size: 0, created: true });
  });

  test('UP1: bytes beyond the length are refused, and the part is as it was before that chunk', async () => {
    const { parts } = await create();
    const part = await parts.begin(KEY, 950);
    await expect(parts.append(part, piece(0, 1000))).rejects.toMatchObject({ code: 'body-too-large' });
    expect((await parts.find(KEY))!.offset).toBe(900);
  });

  test('UP3: owners have parts of their own, which are listed with how far they came, and dropped', async () => {
    const { parts } = await create();
    const other = { ...KEY, owner: 'key_b' };
    const before = Date.now() - 2000;
    await parts.append(await parts.begin(KEY, 1000), piece(0, 200));
    await parts.begin(other, 1000);
    const listed = (await parts.list()).toSorted((a, b) => a.offset - b.offset);
    expect(listed).toMatchObject([
      { ...other, length: 1000, offset: 0 },
      { ...KEY, length: 1000, offset: 200 },
    ]);
    for (const { touchedAt } of listed) expect(touchedAt).toBeGreaterThan(before);
    await parts.drop(KEY);
    expect([await parts.find(KEY), (await parts.list()).length]).toEqual([null, 1]);
    await parts.drop(KEY);
  });
});

test('UP1: parts are there after a restart', async () => {
  const directory = join(await testDirectory(), 'blobs');
  const first = (await FileBlobStore.open(directory)).parts;
  await first.append(await first.begin(KEY, 1000), piece(0, 400));
  const store = await FileBlobStore.open(directory);
  const part = (await store.parts.find(KEY))!;
  expect(part).toMatchObject({ length: 1000, offset: 400 });
  await store.parts.append(part, piece(400, 1000));
  await store.parts.finish((await store.parts.find(KEY))!);
  expect((await collect(await store.get(KEY.hash))).equals(CONTENT)).toBe(true);
});

test('UP14: a part that the disk would not make a blob stays as it is, and becomes one later', async () => {
  const folder = await testDirectory();
  let isFull = true;
  const parts = await FileParts.open(folder, async () => {
    if (isFull) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    return true;
  });
  await parts.append(await parts.begin(KEY, 1000), piece(0, 1000));
  const part = (await parts.find(KEY))!;
  await expect(parts.finish(part)).rejects.toMatchObject({ code: 'storage-full' });
  expect((await parts.find(KEY))!.offset).toBe(1000);
  isFull = false;
  expect(await parts.finish(part)).toEqual({ size: 1000, created: true });
  expect(await parts.list()).toEqual([]);
});
