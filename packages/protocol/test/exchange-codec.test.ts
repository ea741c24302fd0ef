import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExchangeRequest } from '../src/index.ts';
import {
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  FrameError,
  FrameReader,
  FrameWriter,
  lenientText,
  LIMITS,
  OUTCOME,
  utf8,
} from '../src/index.ts';
import { request, response } from './arbitraries.ts';

const empty: ExchangeRequest = { seq: 0, slots: 0, fresh: false, held: [], reports: [] };

describe('the exchange codec', () => {
  it('EX1: a request is read as it was written', () => {
    fc.assert(
      fc.property(request, (written) => {
        expect(decodeRequest(encodeRequest(written))).toEqual(written);
      }),
    );
  });

  it('EX1: a response is read as it was written', () => {
    fc.assert(
      fc.property(response, (written) => {
        expect(decodeResponse(encodeResponse(written))).toEqual(written);
      }),
    );
  });

  it('EX1: a frame is read wherever it lies in its buffer, and to its last byte', () => {
    const written = {
      ...empty,
      seq: 7,
      held: [{ lease: { epoch: 1, number: 2 }, runMs: 3, ticket: new Uint8Array(0) }],
    };
    const frame = encodeRequest(written);
    const buffer = new Uint8Array(frame.byteLength + 20).fill(255);
    buffer.set(frame, 5);
    expect(decodeRequest(buffer.subarray(5, 5 + frame.byteLength))).toEqual(written);
    expect(() => decodeRequest(buffer.subarray(5, 6 + frame.byteLength))).toThrow(/1 bytes follow the end/);
    expect(() => decodeRequest(frame.subarray(0, -1))).toThrow(FrameError);
  });

  it('EX2: what is to be sent is an exact ArrayBuffer, not a view of a larger one', () => {
    fc.assert(
      fc.property(request, response, (up, down) => {
        for (const frame of [encodeRequest(up), encodeResponse(down)]) {
          expect(frame.buffer).toBeInstanceOf(ArrayBuffer);
          expect(frame.byteOffset).toBe(0);
          expect(frame.buffer.byteLength).toBe(frame.byteLength);
        }
      }),
    );
  });

  it('EX2: a writer that grows keeps what was written, and patches what is behind', () => {
    const out = new FrameWriter(0);
    out.u32(0);
    const body = Uint8Array.from({ length: 5000 }, (_, at) => at % 251);
    out.raw(body).u16(0x1234).integer(Number.MAX_SAFE_INTEGER);
    out.patchU32(0, 77);
    const input = new FrameReader(out.view());
    expect(input.u32('count')).toBe(77);
    expect(input.raw(5000, 'body')).toEqual(body);
    expect(input.u16('n')).toBe(0x1234);
    expect(input.integer('n')).toBe(Number.MAX_SAFE_INTEGER);
    input.end();
    expect(out.length).toBe(out.finish().byteLength);
  });

  it('EX2: a large request is exact as well, and no later frame touches it', () => {
    const body = Uint8Array.from({ length: 300_000 }, (_, at) => at % 253);
    const attempts = [{ offset: 1, outcome: OUTCOME.bytes, runMs: 5, body }];
    const held = [{ lease: { epoch: 1, number: 2 }, runMs: 3, ticket: Uint8Array.of(1, 2, 3) }];
    const report = { lease: { epoch: 1, number: 1 }, ticket: Uint8Array.of(9), attempts };
    const written = { ...empty, held, reports: [report, report] };
    const frame = encodeRequest(written);
    expect(frame.buffer.byteLength).toBe(frame.byteLength);
    encodeResponse({ seq: 1, retryAfterMs: 0, statuses: [], cards: ['x'.repeat(400_000)], leases: [], revoked: [] });
    encodeRequest({ ...empty, reports: [{ ...report, attempts: [{ ...attempts[0]!, body: body.slice().fill(7) }] }] });
    const read = decodeRequest(frame);
    expect({ ...read, reports: [] }).toEqual({ ...written, reports: [] });
    for (const {
      attempts: [attempt],
    } of read.reports)
      expect(Buffer.compare(attempt!.body, body)).toBe(0);
  });

  it('EX2: what is handed over stays as it was written, whether it was copied or given away', () => {
    for (const [capacity, size] of [
      [10, 300_000],
      [400_000, 300_000],
      [2_000_000, 300_000],
      [300_000, 20],
    ] as const) {
      const body = Uint8Array.from({ length: size }, (_, at) => at % 249);
      const given = new FrameWriter(capacity).raw(body).handOver();
      for (const _ of [1, 2]) new FrameWriter(capacity).raw(body.slice().fill(1)).finish();
      expect(Buffer.compare(given, body)).toBe(0);
      expect(given.buffer.byteLength).toBeLessThan(2 * size + 1);
    }
  });

  it('EX3: integers are little-endian, and a number that is none is refused', () => {
    expect([...new FrameWriter().u16(0x0102).u32(0x03040506).finish()]).toEqual([2, 1, 6, 5, 4, 3]);
    for (const value of [Number.NaN, 0.5, Number.POSITIVE_INFINITY, 2 ** 60]) {
      expect(() => new FrameReader(new FrameWriter().integer(value).finish()).integer('at')).toThrow(FrameError);
    }
  });

  it('EX4: text is read as it was written, a byte order mark included; what is no UTF-8 is refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (random) => {
        const text = `\u{feff}${random}`;
        expect(new FrameReader(new FrameWriter().text(text).finish()).text(1 << 20, 'text')).toBe(text);
        expect(lenientText(utf8(text))).toBe(text);
      }),
    );
    const bad = new FrameWriter().block(Uint8Array.of(0xc3, 0x28)).finish();
    expect(() => new FrameReader(bad).text(10, 'the name')).toThrow('the name is no UTF-8 text');
    expect(lenientText(Uint8Array.of(0x61, 0xc3, 0x28))).toBe('a\u{fffd}(');
  });

  it('EX5: an outcome that is none is refused: a missing one never counts as success', () => {
    const frame = encodeRequest({
      ...empty,
      reports: [
        {
          lease: { epoch: 1, number: 1 },
          ticket: new Uint8Array(0),
          attempts: [{ offset: 0, outcome: OUTCOME.json, runMs: 1, body: new Uint8Array(0) }],
        },
      ],
    });
    const at = frame.byteLength - 9;
    expect(frame[at]).toBe(OUTCOME.json);
    for (const outcome of [0, 6, 255]) {
      frame[at] = outcome;
      expect(() => decodeRequest(frame)).toThrow(`attempt.outcome: ${outcome} is none`);
    }
  });

  it('EX5: flags, slots, statuses and kinds that are none are refused, and so is the other kind of frame', () => {
    const frame = encodeRequest({ ...empty, slots: LIMITS.slots });
    expect(decodeRequest(frame).slots).toBe(LIMITS.slots);
    expect(() => decodeRequest(encodeRequest({ ...empty, slots: LIMITS.slots + 1 }))).toThrow(/slots/);
    frame[10] = 2;
    expect(() => decodeRequest(frame)).toThrow(/unknown bits/);
    const answer = { seq: 0, retryAfterMs: 0, statuses: [], cards: [], leases: [], revoked: [] };
    expect(() => decodeRequest(encodeResponse(answer))).toThrow('this is no exchange request');
    expect(() => decodeResponse(encodeRequest(empty))).toThrow('this is no exchange response');
    expect(() => decodeResponse(encodeResponse({ ...answer, statuses: [0 as 1] }))).toThrow('status: 0 is none');
    const grant = {
      ticket: new Uint8Array(0),
      inputs: [{ kind: 'inline' as const, encoding: 12 as 1, body: new Uint8Array(0) }],
    };
    expect(() => decodeResponse(encodeResponse({ ...answer, leases: [grant] }))).toThrow('input.encoding: 12 is none');
  });
});
