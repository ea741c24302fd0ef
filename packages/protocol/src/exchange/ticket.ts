import { LIMITS } from '../limits.ts';
import { FrameReader, FrameWriter } from './cursor.ts';

/** Names a lease: the epoch of the coordinator's start that issued it, and its number in that epoch. */
export interface LeaseRef {
  epoch: number;
  number: number;
}

/**
 * What a lease grants, in the form that its MAC covers. The attempt of `units[offset]` has the id (lease, offset).
 * The device keeps the ticket as it came, and shows it when the coordinator no longer has the lease in memory.
 */
export interface LeaseTicket extends LeaseRef {
  /** The job's number. */
  job: number;
  /** Indices of the work units, in the order of the attempts. */
  units: number[];
}

/** What is written of a ticket: its units may come as they are kept. */
export type TicketFields = LeaseRef & Pick<LeaseTicket, 'job'> & { readonly units: ArrayLike<number> };

/** Bytes of the MAC that follows the ticket's fields. */
export const TICKET_MAC_BYTES = 16;

/** Writes the fields that the MAC covers: epoch, number, job, count (u32 each), then the units' indices. */
export const encodeTicketFields = (ticket: TicketFields): Uint8Array<ArrayBuffer> => {
  const out = new FrameWriter(16 + 4 * ticket.units.length);
  out.u32(ticket.epoch).u32(ticket.number).u32(ticket.job).u32(ticket.units.length);
  for (let at = 0; at < ticket.units.length; at++) out.u32(ticket.units[at]!);
  return out.finish();
};

export const joinTicket = (fields: Uint8Array, mac: Uint8Array): Uint8Array<ArrayBuffer> => {
  const ticket = new Uint8Array(fields.byteLength + TICKET_MAC_BYTES);
  ticket.set(fields);
  ticket.set(mac.subarray(0, TICKET_MAC_BYTES), fields.byteLength);
  return ticket;
};

/** Reads a whole ticket. Throws FrameError. `fields` and `mac` are views of `bytes`. */
export const decodeTicket = (bytes: Uint8Array): { ticket: LeaseTicket; fields: Uint8Array; mac: Uint8Array } => {
  const input = new FrameReader(bytes);
  const epoch = input.u32('ticket.epoch');
  const number = input.u32('ticket.number');
  const job = input.u32('ticket.job');
  const count = input.count(LIMITS.leaseUnits, 'ticket.units');
  const units: number[] = [];
  for (let i = 0; i < count; i++) units.push(input.u32('ticket.units'));
  const fields = bytes.subarray(0, input.offset);
  const mac = input.raw(TICKET_MAC_BYTES, 'ticket.mac');
  input.end();
  return { ticket: { epoch, number, job, units }, fields, mac };
};

/** The largest ticket that can be read. */
export const TICKET_MAX_BYTES = 16 + 4 * LIMITS.leaseUnits + TICKET_MAC_BYTES;
