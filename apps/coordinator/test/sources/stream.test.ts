import type { Intake } from '@gossamer/core';
import type { Sha256 } from '@gossamer/protocol';
import { MemoryBlobStore } from '@gossamer/store';
import { expect, test } from 'vitest';
import { openStream } from '../../src/sources/stream-source.ts';

/** Tells what is read of it, and has some reads wait. */
class WatchedBlobs extends MemoryBlobStore {
  readonly reads: Sha256[] = [];
  readonly waits = new Map<Sha256, Promise<void>>();

  override async read(...[hash, range]: Parameters<MemoryBlobStore['read']>): Promise<Uint8Array> {
    this.reads.push(hash);
    await this.waits.get(hash);
    return super.read(hash, range);
  }
}

const LINES = 48;

/** A stream of long lines, about 3 MiB of them a piece. */
const streamOf = async (pieces: number) => {
  const blobs = new WatchedBlobs();
  const intake: Intake = { pieces: [], longest: 0, isClosed: false, lastAt: 0 };
  for (let at = 0; at < pieces; at++) {
    const lines = Array.from({ length: LINES }, (_, n) => `${LINES * at + n}`.padEnd(65_000, ' '));
    intake.pieces.push({ first: LINES * at, blob: await blobs.add(Buffer.from(lines.join('\n'))) });
  }
  const stream = openStream('ndjson', intake, blobs);
  /** Asks for the first input of a piece; whether its blob was read for it. */
  const isRead = async (piece: number): Promise<boolean> => {
    const before = blobs.reads.length;
    const [input] = await stream.inputs([LINES * piece]);
    expect(input).toMatchObject({ kind: 'inline' });
    expect(JSON.parse(Buffer.from((input as { body: Uint8Array }).body).toString())).toBe(LINES * piece);
    return blobs.reads.length > before;
  };
  return { blobs, intake, isRead };
};

test('IT15: the pieces that were asked for last are kept, as many as fit; older ones are read again', async () => {
  const { isRead } = await streamOf(4);
  expect([await isRead(0), await isRead(1), await isRead(0)]).toEqual([true, true, false]);
  // The third one does not fit with both, and 1 was not asked for as long.
  expect([await isRead(2), await isRead(0), await isRead(2)]).toEqual([true, false, false]);
  expect([await isRead(1), await isRead(2), await isRead(0)]).toEqual([true, false, true]);
});

test('IT15: so they are where an older piece comes later than younger ones', async () => {
  const { blobs, intake, isRead } = await streamOf(4);
  let release: () => void = () => {};
  blobs.waits.set(intake.pieces[0]!.blob, new Promise((resolve) => (release = resolve)));
  const slow = isRead(0);
  for (const piece of [1, 2, 3]) expect(await isRead(piece)).toBe(true);
  // 1 had to make room for 3, although 0, which is older, is still being read.
  expect([await isRead(2), await isRead(3)]).toEqual([false, false]);
  release();
  await slow;
  expect([await isRead(0), await isRead(3)]).toEqual([false, false]);
  expect([await isRead(2), await isRead(1)]).toEqual([true, true]);
});

test('IT15: a piece that could not be read is read when it is asked for again', async () => {
  const { blobs, intake, isRead } = await streamOf(1);
  const { blob } = intake.pieces[0]!;
  blobs.waits.set(blob, Promise.reject(new Error('the disk is away')));
  await expect(isRead(0)).rejects.toThrow('the disk is away');
  blobs.waits.delete(blob);
  expect([await isRead(0), await isRead(0)]).toEqual([true, false]);
});
