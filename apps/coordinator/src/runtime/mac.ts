import type { LeaseTicket, TicketFields } from '@gossamer/protocol';
import { decodeTicket, encodeTicketFields, joinTicket, TICKET_MAC_BYTES } from '@gossamer/protocol';
import { createHmac, timingSafeEqual } from 'node:crypto';

const macOf = (secret: Uint8Array, device: number, fields: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(`lease:${device}:`).update(fields).digest().subarray(0, TICKET_MAC_BYTES);

/** A lease's ticket for one device: HMAC-SHA-256 over device and fields, cut to 16 bytes. */
export const signTicket = (secret: Uint8Array, device: number, ticket: TicketFields): Uint8Array<ArrayBuffer> => {
  const fields = encodeTicketFields(ticket);
  return joinTicket(fields, macOf(secret, device, fields));
};

/** The ticket, when it was issued to this device; null when its MAC is wrong. Throws FrameError on garbage. */
export const verifyTicket = (secret: Uint8Array, device: number, bytes: Uint8Array): LeaseTicket | null => {
  const { ticket, fields, mac } = decodeTicket(bytes);
  return timingSafeEqual(macOf(secret, device, fields), mac) ? ticket : null;
};
