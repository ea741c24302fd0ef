import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeRequest,
  decodeResponse,
  decodeTicket,
  encodeRequest,
  encodeResponse,
  encodeTicketFields,
  FrameError,
  FrameWriter,
  joinTicket,
  LIMITS,
  REQUEST_MAGIC,
  RESPONSE_MAGIC,
} from '../src/index.ts';
import { bytes, mutated, request, response, ticket } from './arbitraries.ts';

const RUNS = { numRuns: 2000 };

const readers = [decodeRequest, decodeResponse, decodeTicket] as const;

/** Reads a frame with each reader: it may be read or refused, nothing else. */
const readAll = (frame: Uint8Array): void => {
  for (const read of readers) {
    try {
      read(frame);
    } catch (error) {
      expect(error).toBeInstanceOf(FrameError);
    }
  }
};

const mac = new Uint8Array(16).fill(9);

type Reader = (frame: Uint8Array) => unknown;

const asked = () => new FrameWriter().u32(REQUEST_MAGIC).u32(1).u16(1).u8(0);
const answered = () => new FrameWriter().u32(RESPONSE_MAGIC).u32(1).u32(0);

/** Frames whose counts promise `count` entries that do not follow, with the reader that is lied to. */
const liars = (count: number): [Reader, FrameWriter][] => [
  [decodeRequest, asked().u32(count)],
  [decodeRequest, asked().u32(0).u32(count)],
  [decodeRequest, asked().u32(0).u32(1).u32(1).u32(1).u32(count)],
  [decodeRequest, asked().u32(0).u32(1).u32(1).u32(1).u32(0).u32(count)],
  [decodeResponse, answered().u32(count)],
  [decodeResponse, answered().u32(0).u32(count)],
  [decodeResponse, answered().u32(0).u32(0).u32(count)],
  [decodeResponse, answered().u32(0).u32(0).u32(1).u32(0).u32(count)],
  [decodeResponse, answered().u32(0).u32(0).u32(0).u32(count)],
  [decodeTicket, new FrameWriter().u32(1).u32(1).u32(1).u32(count)],
];

describe('frames that are garbage', () => {
  it('EX6: random bytes are refused with a FrameError, whatever they are', () => {
    fc.assert(fc.property(bytes(300), readAll), RUNS);
    fc.assert(
      fc.property(fc.constantFrom(REQUEST_MAGIC, RESPONSE_MAGIC), bytes(300), (magic, rest) =>
        readAll(new FrameWriter().u32(magic).raw(rest).finish()),
      ),
      RUNS,
    );
  });

  it('EX6: frames that were changed on the way are read or refused with a FrameError', () => {
    const frames = fc.oneof(
      request.map(encodeRequest),
      response.map(encodeResponse),
      ticket.map((fields) => joinTicket(encodeTicketFields(fields), mac)),
    );
    fc.assert(fc.property(mutated(frames), readAll), RUNS);
  });

  it('EX7: counts and lengths that lie are refused before anything is allocated for them', () => {
    for (const count of [LIMITS.exchangeLeases, LIMITS.leaseUnits, LIMITS.leaseUnits + 1, 1_000_000, 0xffff_ffff]) {
      for (const [read, frame] of liars(count)) expect(() => read(frame.finish())).toThrow(FrameError);
    }
  });

  it('EX7: a full frame of the smallest entries holds no more of them than its bytes do', () => {
    const out = new FrameWriter(LIMITS.frame);
    out.u32(REQUEST_MAGIC).u32(1).u16(1).u8(0).u32(0).u32(0);
    let leases = 0;
    for (; out.length + 16 + 11 * LIMITS.leaseUnits <= LIMITS.frame; leases++) {
      out.u32(1).u32(leases).u32(0).u32(LIMITS.leaseUnits);
      for (let at = 0; at < LIMITS.leaseUnits; at++) out.u16(at).u8(1).u32(0).u32(0);
    }
    out.patchU32(15, leases);
    const { reports } = decodeRequest(out.finish());
    expect(reports).toHaveLength(leases);
    expect(reports.reduce((sum, { attempts }) => sum + attempts.length, 0)).toBeLessThan(LIMITS.frame / 11);
  });

  it('EX8: a request over the limit of a frame is refused unread', () => {
    expect(() => decodeRequest(new Uint8Array(LIMITS.frame + 1))).toThrow(`the frame is over ${LIMITS.frame} bytes`);
  });

  it('EX8: a result over the limit is refused; one at the limit is read', () => {
    const of = (size: number) => {
      const attempts = [{ offset: 0, outcome: 2 as const, runMs: 0, body: new Uint8Array(size) }];
      const reports = [{ lease: { epoch: 1, number: 1 }, ticket: new Uint8Array(0), attempts }];
      return encodeRequest({ seq: 1, slots: 0, fresh: false, held: [], reports });
    };
    expect(decodeRequest(of(LIMITS.result)).reports[0]!.attempts[0]!.body.byteLength).toBe(LIMITS.result);
    expect(() => decodeRequest(of(LIMITS.result + 1))).toThrow(/attempt.body holds 1048577 bytes/);
  });
});
