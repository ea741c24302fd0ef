import { LIMITS } from '../limits.ts';
import { FrameError, FrameReader, FrameWriter } from './cursor.ts';
import { type Encoding, isEncoding } from './payload.ts';
import type { LeaseRef } from './ticket.ts';
import { TICKET_MAX_BYTES } from './ticket.ts';

/** `GSXA`, little-endian. */
export const RESPONSE_MAGIC = 0x41585347;

/** What became of a lease's report. */
export const REPORT_STATUS = {
  /** It is on disk, or was before, or is of no more use: drop it. */
  accepted: 1,
  /** The lease is no longer in memory: report again with its ticket. */
  ticketNeeded: 2,
  /** Never issued to this device: drop it. */
  refused: 3,
} as const;
export type ReportStatus = (typeof REPORT_STATUS)[keyof typeof REPORT_STATUS];

/** One input of a lease: bytes that travel here, or the name of a blob to fetch. */
export type UnitInput =
  | { kind: 'inline'; encoding: Encoding; body: Uint8Array }
  | { kind: 'blob'; encoding: Encoding; sha256: Uint8Array; size: number };

export interface LeaseGrant {
  /** See `decodeTicket`: lease, job and units' indices, with the MAC. */
  ticket: Uint8Array;
  /** Inputs in the order of the ticket's units. */
  inputs: UnitInput[];
}

/** Coordinator to tab. */
export interface ExchangeResponse {
  /** The request's. */
  seq: number;
  /** When not 0: ask again only after this many ms. */
  retryAfterMs: number;
  /** One for each of the request's reports, in order. */
  statuses: ReportStatus[];
  /** Cards (JSON text, see `JobCard`) of jobs that this session meets for the first time. */
  cards: string[];
  leases: LeaseGrant[];
  /** Leases that are of no more use (job cancelled, quorum reached): end their workers. */
  revoked: LeaseRef[];
}

const INPUT_INLINE = 0;
const INPUT_BLOB = 1;

const readEncoding = (input: FrameReader): Encoding => {
  const encoding = input.u8('input.encoding');
  if (!isEncoding(encoding)) throw new FrameError(`input.encoding: ${encoding} is none`);
  return encoding;
};

export const encodeResponse = (response: ExchangeResponse): Uint8Array<ArrayBuffer> => {
  const out = new FrameWriter();
  out.u32(RESPONSE_MAGIC).u32(response.seq).u32(response.retryAfterMs);
  out.u32(response.statuses.length);
  for (const status of response.statuses) out.u8(status);
  out.u32(response.cards.length);
  for (const card of response.cards) out.text(card);
  out.u32(response.leases.length);
  for (const { ticket, inputs } of response.leases) {
    out.block(ticket).u32(inputs.length);
    for (const unit of inputs) {
      if (unit.kind === 'inline') out.u8(INPUT_INLINE).u8(unit.encoding).block(unit.body);
      else out.u8(INPUT_BLOB).u8(unit.encoding).raw(unit.sha256).u32(unit.size);
    }
  }
  out.u32(response.revoked.length);
  for (const lease of response.revoked) out.u32(lease.epoch).u32(lease.number);
  return out.finish();
};

const readInput = (input: FrameReader): UnitInput => {
  const kind = input.u8('input.kind');
  const encoding = readEncoding(input);
  if (kind === INPUT_INLINE) return { kind: 'inline', encoding, body: input.block(LIMITS.frame, 'input.body') };
  if (kind !== INPUT_BLOB) throw new FrameError(`input.kind: ${kind} is none`);
  const sha256 = input.raw(32, 'input.sha256');
  return { kind: 'blob', encoding, sha256, size: input.u32('input.size') };
};

/** Reads a response; bodies and tickets are views of `bytes`. Throws FrameError. */
export const decodeResponse = (bytes: Uint8Array): ExchangeResponse => {
  const input = new FrameReader(bytes);
  if (input.u32('magic') !== RESPONSE_MAGIC) throw new FrameError('this is no exchange response');
  const seq = input.u32('seq');
  const retryAfterMs = input.u32('retryAfterMs');
  const statuses: ReportStatus[] = [];
  for (let n = input.count(LIMITS.exchangeLeases, 'statuses'); n > 0; n--) {
    const status = input.u8('status');
    if (status < 1 || status > 3) throw new FrameError(`status: ${status} is none`);
    statuses.push(status as ReportStatus);
  }
  const cards: string[] = [];
  for (let n = input.count(LIMITS.exchangeLeases, 'cards'); n > 0; n--) cards.push(input.text(LIMITS.body, 'card'));
  const leases: LeaseGrant[] = [];
  for (let n = input.count(LIMITS.exchangeLeases, 'leases'); n > 0; n--) {
    const ticket = input.block(TICKET_MAX_BYTES, 'lease.ticket');
    const inputs: UnitInput[] = [];
    for (let m = input.count(LIMITS.leaseUnits, 'lease.inputs'); m > 0; m--) inputs.push(readInput(input));
    leases.push({ ticket, inputs });
  }
  const revoked: LeaseRef[] = [];
  for (let n = input.count(LIMITS.exchangeLeases, 'revoked'); n > 0; n--) {
    revoked.push({ epoch: input.u32('revoked.epoch'), number: input.u32('revoked.number') });
  }
  input.end();
  return { seq, retryAfterMs, statuses, cards, leases, revoked };
};
