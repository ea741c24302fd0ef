import fc from 'fast-check';
import { ENCODING } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { makeOut } from '../../src/boot/out.ts';
import { readSaying } from '../../src/door/frame.ts';
import { DOOR } from '../../src/door/limits.ts';
import type { DoorRecord } from '../../src/engine/decode.ts';
import { decodeMessage } from '../../src/engine/decode.ts';

const LIMIT = 1 << 20;
const buffer = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer as ArrayBuffer;
const text = (chars: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: 'grapheme', maxLength: 200 })
    .map((s) => new TextDecoder().decode(new TextEncoder().encode(s.slice(0, chars))));
const runMs = fc.double({ min: 0, max: 1e9, noNaN: true }).map((n) => n + 0);

const record: fc.Arbitrary<DoorRecord> = fc.oneof(
  fc.constant({ kind: 'ready' } as const),
  fc.record({ kind: fc.constant('log' as const), text: text(DOOR.logChars) }),
  fc.record({ kind: fc.constant('refused' as const), message: text(DOOR.messageChars) }),
  fc.record({ kind: fc.constant('unloadable' as const), message: text(99), stack: text(99) }),
  fc.record({
    kind: fc.constant('error' as const),
    runMs,
    phase: fc.constantFrom('run' as const, 'result' as const),
    message: text(99),
    stack: text(99),
  }),
  fc.record({
    kind: fc.constant('result' as const),
    runMs,
    encoding: fc.constantFrom(...Object.values(ENCODING)),
    // Whole elements of any type.
    body: fc.uint8Array({ maxLength: 600 }).map((bytes) => new Uint8Array(8 * bytes.length).fill(bytes[0] ?? 0)),
  }),
);

const write = (records: DoorRecord[]): ArrayBuffer => {
  let message: ArrayBuffer = new ArrayBuffer(0);
  const out = makeOut((sent) => {
    message = sent;
  });
  for (const one of records) {
    if (one.kind === 'ready') out.ready();
    else if (one.kind === 'log') out.log(one.text);
    else if (one.kind === 'refused') out.refused(one.message);
    else if (one.kind === 'unloadable') out.unloadable(one);
    else if (one.kind === 'error') out.error(one.runMs, one.phase, one);
    else if (one.kind === 'result') out.result(one.runMs, one.encoding, one.body, one.body.length);
    else if (one.kind === 'progress') out.progress(one.done);
  }
  out.flush();
  return message;
};

const plain = (records: unknown): unknown =>
  (records as DoorRecord[]).map((one) => (one.kind === 'result' ? { ...one, body: [...one.body] } : one));

test('CG32: what the boot writes is what the engine reads', () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 60 }), (records) => {
      expect(plain(decodeMessage(write(records), LIMIT))).toEqual(plain(records));
    }),
    { numRuns: 300 },
  );
});

test('CG33: garbage never throws out of the engine', () => {
  fc.assert(
    fc.property(fc.anything(), (data) => {
      expect(decodeMessage(data, LIMIT)).toHaveProperty('breach');
      readSaying(data);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      decodeMessage(buffer(bytes), LIMIT);
    }),
    { numRuns: 5000 },
  );
});

test('CG33: a message that was changed or cut never throws, and keeps within its limits', () => {
  fc.assert(
    fc.property(
      fc.array(record, { minLength: 1, maxLength: 8 }),
      fc.nat(),
      fc.nat(255),
      fc.nat(),
      (records, at, value, cut) => {
        const bytes = new Uint8Array(write(records));
        bytes[at % bytes.length] = value;
        const read = decodeMessage(buffer(bytes.subarray(0, 1 + (cut % bytes.length))), 2000);
        if ('breach' in read) return;
        for (const one of read) {
          if (one.kind === 'result') expect(one.body.length).toBeLessThanOrEqual(2000);
          if (one.kind === 'log') expect(one.text.length).toBeLessThanOrEqual(DOOR.logChars);
        }
      },
    ),
    { numRuns: 3000 },
  );
});

test('CG34: a message is a fixed buffer of bounded size, with a bounded number of records', () => {
  const breach = (data: unknown): unknown => (decodeMessage(data, 10) as { breach?: string }).breach;
  expect(breach(new ArrayBuffer(0))).toMatch(/size/);
  expect(breach(new ArrayBuffer(DOOR.slack + 11))).toMatch(/size/);
  expect(
    breach(
      new (ArrayBuffer as unknown as new (size: number, options: object) => ArrayBuffer)(8, { maxByteLength: 16 }),
    ),
  ).toMatch(/no buffer/);
  expect(breach(new SharedArrayBuffer(8))).toMatch(/no buffer/);
  expect(breach(buffer(new Uint8Array(DOOR.records + 1).fill(1)))).toMatch(/too much/);
  const reports = new Uint8Array(9 * (DOOR.extras + 1));
  for (let n = 0; n <= DOOR.extras; n++) reports[n * 9] = 6;
  expect(breach(buffer(reports))).toMatch(/too much/);
  expect(breach(write([{ kind: 'result', runMs: 1, encoding: 1, body: new Uint8Array(11) }]))).toMatch(/too large/);
});

test('CG35: numbers out of range and unknown codes are breaches', () => {
  const changed = (record: DoorRecord, at: number, bytes: number[]): unknown => {
    const message = new Uint8Array(write([record]));
    message.set(bytes, at);
    return decodeMessage(message.buffer, LIMIT);
  };
  const result: DoorRecord = { kind: 'result', runMs: 1, encoding: 1, body: new Uint8Array(1) };
  const NAN = [0, 0, 0, 0, 0, 0, 0xf8, 0x7f];
  expect(changed(result, 1, NAN)).toHaveProperty('breach');
  expect(changed(result, 9, [ENCODING.bigUint64 + 1])).toHaveProperty('breach');
  expect(changed(result, 9, [ENCODING.int8])).not.toHaveProperty('breach');
  expect(changed(result, 9, [ENCODING.float64])).toHaveProperty('breach');
  expect(changed(result, 0, [0])).toHaveProperty('breach');
  expect(changed({ kind: 'error', runMs: 1, phase: 'run', message: '', stack: '' }, 9, [0])).toHaveProperty('breach');
  expect(changed({ kind: 'progress', done: 0.5 }, 1, [0, 0, 0, 0, 0, 0, 0, 0x40])).toHaveProperty('breach');
});

test('CG36: errors do not show the random names of blobs, nor the frames of the cage itself', () => {
  const stack = 'at run (blob:null/3f2504e0-4f89-41d3-9a0c-0305e82c3301:1:9)';
  expect(decodeMessage(write([{ kind: 'unloadable', message: 'x', stack }]), LIMIT)).toMatchObject([
    { stack: 'at run (program:1:9)' },
  ]);
  const whole = 'Error: x\n  at run (program:1:9)\n  at callProgram (cage-boot:2:2)\n';
  expect(decodeMessage(write([{ kind: 'unloadable', message: 'x', stack: whole }]), LIMIT)).toMatchObject([
    { stack: 'Error: x\n  at run (program:1:9)\n' },
  ]);
});

test('CG37: what a frame says is a number it was given, or a bounded text', () => {
  expect(readSaying([2, 5])).toEqual({ kind: 'pong', n: 5 });
  expect(readSaying([3, 5, 'x'.repeat(9999)])).toMatchObject({ kind: 'failed', id: 5 });
  for (const wrong of [[2], [2, 'x'], [2, 1.5], [2, 1, 1], [3, 1, {}], [9, 1], { 0: 2, 1: 5, length: 2 }, null]) {
    expect(readSaying(wrong)).toBeUndefined();
  }
});
