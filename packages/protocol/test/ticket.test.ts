import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeTicket,
  encodeTicketFields,
  FrameError,
  joinTicket,
  LIMITS,
  TICKET_MAC_BYTES,
  TICKET_MAX_BYTES,
} from '../src/index.ts';
import { ticket } from './arbitraries.ts';

const mac = Uint8Array.from({ length: 32 }, (_, at) => at + 1);

describe('tickets', () => {
  it('EX9: a ticket is read as it was written, with the fields that its MAC covers and the MAC', () => {
    fc.assert(
      fc.property(ticket, (written) => {
        const fields = encodeTicketFields(written);
        const read = decodeTicket(joinTicket(fields, mac));
        expect(read.ticket).toEqual(written);
        expect([...read.fields]).toEqual([...fields]);
        expect([...read.mac]).toEqual([...mac.subarray(0, TICKET_MAC_BYTES)]);
      }),
    );
  });

  it('EX9: two tickets that differ have fields that differ, so that a MAC of one is none of the other', () => {
    fc.assert(
      fc.property(ticket, ticket, (a, b) => {
        const same = Buffer.from(encodeTicketFields(a)).equals(Buffer.from(encodeTicketFields(b)));
        expect(same).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it('EX10: a ticket of the largest lease has the largest size; one more unit, or a byte too few, is refused', () => {
    const units = Array.from({ length: LIMITS.leaseUnits }, (_, unit) => unit);
    const largest = joinTicket(encodeTicketFields({ epoch: 1, number: 1, job: 1, units }), mac);
    expect(largest.byteLength).toBe(TICKET_MAX_BYTES);
    expect(decodeTicket(largest).ticket.units).toEqual(units);
    const over = joinTicket(encodeTicketFields({ epoch: 1, number: 1, job: 1, units: [...units, 0] }), mac);
    expect(() => decodeTicket(over)).toThrow(FrameError);
    expect(() => decodeTicket(largest.subarray(1))).toThrow(FrameError);
    expect(() => decodeTicket(largest.subarray(0, -1))).toThrow(FrameError);
  });
});
