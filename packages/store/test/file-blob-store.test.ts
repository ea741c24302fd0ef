import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Sha256 } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { FileBlobStore } from '../src/index.ts';
import { testDirectory } from './contract/directory.ts';

const CONTENT = new Uint8Array(900_000).map((_, place) => place * 11);
const HASH = createHash('sha256').update(CONTENT).digest('hex') as Sha256;
const PATH = [HASH.slice(0, 2), HASH.slice(2)];

async function* content(): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < CONTENT.byteLength; at += 65_536) yield CONTENT.slice(at, at + 65_536);
}

test('BL8: a blob lies in a file that is named by its hash, and is there after a restart', async () => {
  const directory = join(await testDirectory(), 'blobs');
  const blobs = await FileBlobStore.open(directory);
  await blobs.putIfAbsent(HASH, content());
  expect((await readFile(join(directory, ...PATH))).equals(CONTENT)).toBe(true);
  expect(await readdir(join(directory, 'tmp'))).toEqual([]);
  const again = await FileBlobStore.open(directory);
  expect(await again.stat(HASH)).toEqual({ size: 900_000 });
  const tail = await again.read(HASH, { start: 300_001, end: 900_000 });
  expect(Buffer.from(tail).equals(CONTENT.subarray(300_001))).toBe(true);
});

test('BL9: what an interrupted upload left is removed at opening, and was never a blob', async () => {
  const directory = join(await testDirectory(), 'blobs');
  await mkdir(join(directory, 'tmp'), { recursive: true });
  await writeFile(join(directory, 'tmp', '1'), CONTENT.subarray(0, 1_000));
  const blobs = await FileBlobStore.open(directory);
  expect(await readdir(join(directory, 'tmp'))).toEqual([]);
  expect(await blobs.stat(HASH)).toBeNull();
  expect(await blobs.putIfAbsent(HASH, content())).toEqual({ size: 900_000, created: true });
});

test('BL9: refused and failed uploads leave no file behind', async () => {
  const directory = join(await testDirectory(), 'blobs');
  const blobs = await FileBlobStore.open(directory);
  await expect(blobs.putIfAbsent(HASH, content(), 100_000)).rejects.toMatchObject({ code: 'body-too-large' });
  const other = `${'0'.repeat(64)}` as Sha256;
  await expect(blobs.putIfAbsent(other, content())).rejects.toMatchObject({ code: 'blob-mismatch' });
  expect((await readdir(directory)).toSorted()).toEqual(['parts', 'tmp']);
  expect(await readdir(join(directory, 'parts'))).toEqual([]);
  expect(await readdir(join(directory, 'tmp'))).toEqual([]);
});

test('BL10: while an upload is under way there is no blob, and nobody sees a part of it', async () => {
  const blobs = await FileBlobStore.open(join(await testDirectory(), 'blobs'));
  const seen: unknown[] = [];
  async function* watched() {
    for await (const chunk of content()) {
      yield chunk;
      seen.push(await blobs.stat(HASH));
    }
  }
  await blobs.putIfAbsent(HASH, watched());
  expect(seen).toHaveLength(14);
  expect(new Set(seen)).toEqual(new Set([null]));
});

test('BL11: a file that lost its end under a reader fails the read', async () => {
  const directory = join(await testDirectory(), 'blobs');
  const blobs = await FileBlobStore.open(directory);
  await blobs.putIfAbsent(HASH, content());
  const stream = await blobs.get(HASH);
  await truncate(join(directory, ...PATH), 500_000);
  const reading = (async () => {
    let size = 0;
    for await (const chunk of stream!) size += chunk.byteLength;
    return size;
  })();
  await expect(reading).rejects.toThrow(/ends at byte 500000, before byte 900000/);
});

/** A store whose disk refuses to make names durable while `refuses` says so. */
const refusing = async () => {
  const directory = join(await testDirectory(), 'blobs');
  const disk = { refuses: false };
  const blobs = await FileBlobStore.open(directory, async () => {
    await setImmediate();
    if (disk.refuses) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  });
  const all = async (): Promise<string[]> => {
    const found = [];
    for await (const { hash } of blobs.list()) found.push(hash);
    return found;
  };
  return { directory, disk, blobs, all };
};

test('UP17: a blob whose name the disk refused is not there, and nothing is left of it; it is when it comes again', async () => {
  const { directory, disk, blobs, all } = await refusing();
  disk.refuses = true;
  await expect(blobs.putIfAbsent(HASH, content())).rejects.toMatchObject({ code: 'storage-full' });
  await expect(blobs.add(CONTENT)).rejects.toMatchObject({ code: 'storage-full' });
  expect([await blobs.stat(HASH), await blobs.get(HASH), await blobs.touch(HASH), await all()]).toEqual([
    null,
    null,
    false,
    [],
  ]);
  expect(await readdir(join(directory, PATH[0]!))).toEqual([]);
  expect(await readdir(join(directory, 'tmp'))).toEqual([]);
  disk.refuses = false;
  expect(await blobs.putIfAbsent(HASH, content())).toEqual({ size: 900_000, created: true });
  expect([await blobs.stat(HASH), await all()]).toEqual([{ size: 900_000 }, [HASH]]);
  // One that is there stays, whatever comes of those that send it again.
  disk.refuses = true;
  await expect(blobs.putIfAbsent(HASH, content())).rejects.toMatchObject({ code: 'storage-full' });
  expect(await blobs.stat(HASH)).toEqual({ size: 900_000 });
});

test('UP17: before its name is on disk nobody sees it, and one of two that send it may fail', async () => {
  const directory = join(await testDirectory(), 'blobs');
  const waiting: ((error: Error | null) => void)[] = [];
  let isHeld = false;
  const blobs = await FileBlobStore.open(directory, async () => {
    const error = isHeld ? await new Promise<Error | null>((go) => waiting.push(go)) : null;
    if (error !== null) throw error;
  });
  isHeld = true;
  const both = Promise.allSettled([blobs.putIfAbsent(HASH, content()), blobs.putIfAbsent(HASH, content())]);
  await expect.poll(() => waiting.length).toBe(2);
  expect([await blobs.stat(HASH), await blobs.touch(HASH)]).toEqual([null, false]);
  expect(await blobs.remove(HASH, () => true)).toBe(false);
  waiting[0]!(new Error('refused'));
  isHeld = false;
  waiting[1]!(null);
  expect((await both).map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(await blobs.stat(HASH)).toEqual({ size: 900_000 });
  expect(await readdir(join(directory, 'tmp'))).toEqual([]);
});

test('UP14: so does one of which the disk refuses the name', async () => {
  const { disk, blobs } = await refusing();
  const key = { owner: 'key_one', hash: HASH };
  await blobs.parts.append(await blobs.parts.begin(key, CONTENT.byteLength), content());
  disk.refuses = true;
  await expect(blobs.parts.finish((await blobs.parts.find(key))!)).rejects.toMatchObject({ code: 'storage-full' });
  expect(await blobs.stat(HASH)).toBeNull();
  const part = (await blobs.parts.find(key))!;
  expect(part.offset).toBe(CONTENT.byteLength);
  disk.refuses = false;
  expect(await blobs.parts.finish(part)).toEqual({ size: 900_000, created: true });
  expect([await blobs.stat(HASH), await blobs.parts.list()]).toEqual([{ size: 900_000 }, []]);
});
