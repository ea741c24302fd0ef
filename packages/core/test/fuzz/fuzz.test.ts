import { FrameError, REQUEST_MAGIC, RESPONSE_MAGIC } from '@gossamer/protocol';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import type { Chance } from './chance.ts';
import { chanceOf } from './chance.ts';
import { CODECS } from './codecs.ts';
import { bytesAllocated, bytesInUse, countReads, partsOf } from './cost.ts';
import { EXTREMES, mutate } from './mutate.ts';

const FRAMES = Number(process.env['GOSSAMER_FRAMES'] ?? 30_000);
const SEED = Number(process.env['GOSSAMER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const SMALL = { entries: 4, bytes: 40 };
const LARGE = { entries: 30, bytes: 500 };
/** One in so many frames is a large one. */
const LARGE_EVERY = 1000;
/** Parts of what was read for each byte of its frame: a status of one byte is one part, an empty list of four another one. */
const PARTS_A_BYTE = 2;
/** Objects for each byte: 11 bytes become an attempt of some 200. */
const BYTES_A_BYTE = 64;
/** What the engine takes for itself now and then, and a leak stays below: some 30 bytes a frame of the short form. */
const NOISE = 1024 * 1024;

const magic = (value: number) => Uint8Array.of(value, value >> 8, value >> 16, value >> 24);

const randomFrame = (chance: Chance): Uint8Array<ArrayBuffer> => {
  const frame = chance.bytes(chance.below(300));
  const head = chance.pick([
    magic(REQUEST_MAGIC),
    magic(RESPONSE_MAGIC),
    Uint8Array.of(2, 0, 0, 0, 0),
    new Uint8Array(0),
  ]);
  frame.set(head.subarray(0, frame.byteLength));
  return frame;
};

/** Why a frame is wrong, or null. */
const judge = (number: number, reads: { take(): number }): string | null => {
  const chance = chanceOf(SEED, number);
  const codec = chance.pick(CODECS);
  const sizes = number % LARGE_EVERY === LARGE_EVERY - 1 ? LARGE : SMALL;
  const value = codec.make(chance, sizes);
  const whole = codec.encode(value);
  if (!isDeepStrictEqual(codec.decode(whole), value)) return `a ${codec.name} is not read as it was written`;
  const another = chance.pick(CODECS);
  const frame =
    chance.next() < 0.2 ? randomFrame(chance) : mutate(whole, another.encode(another.make(chance, SMALL)), chance);
  for (const reader of codec === another ? [codec] : [codec, another]) {
    reads.take();
    let read: unknown;
    try {
      read = reader.decode(frame);
    } catch (error) {
      if (!(error instanceof FrameError)) return `a ${reader.name} threw ${String(error)}`;
    }
    // A segment is read twice: as facts, and as decisions.
    if (reads.take() > 2 * (frame.byteLength + 4)) return `a ${reader.name} was read more often than it has bytes`;
    if (read === undefined) continue;
    if (partsOf(read, frame) > PARTS_A_BYTE * frame.byteLength + 16) return `a ${reader.name} has too many parts`;
    const again = reader.encode(read);
    if (reader.isExact && Buffer.compare(again, frame) !== 0) return `a ${reader.name} has two frames`;
    if (!reader.isExact && !isDeepStrictEqual(reader.decode(again), read)) return `a ${reader.name} changes`;
  }
  return null;
};

test('FZ1: frames of every kind are read as they were written; changed and random ones are read or refused by a FrameError', () => {
  const reads = countReads();
  try {
    const inUse: number[] = [];
    for (let number = 0; number < FRAMES; number++) {
      if (number % Math.ceil(FRAMES / 10) === 0) inUse.push(bytesInUse());
      const fault = judge(number, reads);
      if (fault !== null) throw new Error(`frame ${number} of GOSSAMER_SEED=${SEED}: ${fault}`);
    }
    inUse.push(bytesInUse());
    // The first tenth compiles what is used; after it nothing is to stay.
    const [, early = 0] = inUse;
    expect(inUse.at(-1)! - early, `GOSSAMER_SEED=${SEED}`).toBeLessThan(NOISE);
  } finally {
    reads.stop();
  }
}, 3_600_000);

test('FZ2: what a frame makes the reader allocate is bounded by its size, whatever its counts and lengths say', () => {
  for (const codec of CODECS) {
    const chance = chanceOf(SEED, CODECS.indexOf(codec));
    const whole = codec.encode(codec.make(chance, { entries: 6, bytes: 30 }));
    const refuse = (frame: Uint8Array): void => {
      try {
        codec.decode(frame);
      } catch (error) {
        if (!(error instanceof FrameError)) throw error;
      }
    };
    for (let warm = 0; warm < 200; warm++) refuse(whole);
    const view = new DataView(whole.buffer);
    for (let at = 0; at + 4 <= Math.min(whole.byteLength, 100); at++) {
      const before = view.getUint32(at, true);
      for (const extreme of EXTREMES.slice(-4)) {
        view.setUint32(at, extreme, true);
        const taken = bytesAllocated(() => refuse(whole));
        const what = `${codec.name}, ${extreme} at byte ${at}, GOSSAMER_SEED=${SEED}`;
        expect(taken, what).toBeLessThan(BYTES_A_BYTE * whole.byteLength + NOISE);
      }
      view.setUint32(at, before, true);
    }
  }
});
