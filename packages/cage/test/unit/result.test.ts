import fc from 'fast-check';
import { ELEMENT_TYPES, ENCODING, typedArrayOf } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { decodeInput } from '../../src/boot/input.ts';
import { encodeResult } from '../../src/boot/result.ts';
import { fillBytes, makeRandom, random, reseed } from '../../src/boot/random.ts';
import { hasTimer, resetTimers, runTimer, virtualTimers } from '../../src/boot/timers.ts';

const LIMIT = 1 << 20;
const plain = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('e+308'));

test('CG47: JSON is encoded as JSON.stringify does', () => {
  fc.assert(
    fc.property(plain, (value) => {
      const { encoding, body, size } = encodeResult(value, LIMIT);
      const text = new TextDecoder().decode(body.subarray(0, size));
      expect([encoding, size, text]).toEqual([0, Buffer.byteLength(text), JSON.stringify(value)]);
    }),
  );
});

test('CG48: a result is never larger than the limit, and one of just the limit passes', () => {
  fc.assert(
    fc.property(plain, (value) => {
      const size = new TextEncoder().encode(JSON.stringify(value)).length;
      expect(encodeResult(value, size).size).toBe(size);
      expect(() => encodeResult(value, size - 1)).toThrow(/over/);
    }),
  );
});

test('CG49: floats keep their bits but for NaN, which has one pattern', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 64 }), (bytes) => {
      for (const [type, nan] of [
        [Float64Array, [0, 0, 0, 0, 0, 0, 0xf8, 0x7f]],
        [Float32Array, [0, 0, 0xc0, 0x7f]],
      ] as const) {
        const size = type.BYTES_PER_ELEMENT;
        const given = new type(bytes.slice(0, bytes.length - (bytes.length % size)).buffer);
        const body = encodeResult(given, LIMIT).body;
        given.forEach((value, n) => {
          const at = [...body.subarray(n * size, (n + 1) * size)];
          const own = [...new Uint8Array(given.buffer, n * size, size)];
          expect(at).toEqual(Number.isNaN(value) ? nan : own);
        });
      }
    }),
  );
  const patterns = new Float64Array(
    new BigUint64Array([0x7ff0000000000001n, 0xfff8000000000123n, 0x7ff0000000000000n]).buffer,
  );
  expect([...new BigUint64Array(encodeResult(patterns, LIMIT).body.buffer)]).toEqual([
    0x7ff8000000000000n,
    0x7ff8000000000000n,
    0x7ff0000000000000n,
  ]);
});

test('CG50: a result does not share memory with what the program returned', () => {
  const given = new Uint8Array([1, 2, 3]);
  const { body } = encodeResult(given, LIMIT);
  given[0] = 9;
  expect([...body]).toEqual([1, 2, 3]);
});

test('CG51: random numbers are even over [0, 1), and differ between neighbouring seeds', () => {
  reseed(1);
  const draws = Array.from({ length: 20_000 }, random);
  const mean = draws.reduce((sum, n) => sum + n, 0) / draws.length;
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
  expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...draws)).toBeLessThan(1);
  expect(new Set(Array.from({ length: 1000 }, (_, seed) => makeRandom(seed)())).size).toBe(1000);
  const bytes = new Uint8Array(65_536);
  fillBytes(bytes.buffer, 0, bytes.length);
  expect(new Set(bytes).size).toBe(256);
});

test('CG52: timers fire in the order of their times, then of their making', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 30 }), (delays) => {
      resetTimers();
      const fired: number[] = [];
      delays.forEach((ms, n) => virtualTimers.setTimeout(() => fired.push(n), ms));
      while (hasTimer()) runTimer();
      const expected = delays.map((ms, n) => ({ ms, n })).toSorted((a, b) => a.ms - b.ms || a.n - b.n);
      expect(fired).toEqual(expected.map(({ n }) => n));
    }),
  );
});

test('TA2: a typed array keeps its type, in and out; other views and buffers are bytes', () => {
  for (const type of ELEMENT_TYPES) {
    const given = typedArrayOf(type, new Uint8Array(16).fill(3));
    const whole = new Uint8Array(given.buffer).slice();
    const part = encodeResult(given.subarray(1, 2), LIMIT);
    expect([part.encoding, part.size]).toEqual([ENCODING[type], given.BYTES_PER_ELEMENT]);
    expect(encodeResult(given, LIMIT)).toMatchObject({ encoding: ENCODING[type], body: whole });
    expect(decodeInput(ENCODING[type], whole)).toEqual(given);
  }
  const bytes = new Uint8Array([1, 2]);
  for (const plain of [bytes, bytes.buffer, new DataView(bytes.buffer)]) {
    expect(encodeResult(plain, LIMIT)).toMatchObject({ encoding: ENCODING.bytes, body: bytes });
  }
  expect(decodeInput(ENCODING.bytes, bytes)).toBe(bytes.buffer);
  expect(decodeInput(ENCODING.bytes, new Uint8Array([0, 1, 2, 3]).subarray(1, 3))).toEqual(bytes.buffer);
  expect(decodeInput(ENCODING.json, new TextEncoder().encode('{"a":1}'))).toEqual({ a: 1 });
});
