import { LIMITS } from '../limits.ts';
import { FrameError, FrameReader, FrameWriter } from './cursor.ts';
import { ENCODING } from './payload.ts';
import { inBlob, REPORTED_BLOB_BYTES, type ResultEncoding } from './result-blob.ts';
import type { LeaseRef } from './ticket.ts';
import { TICKET_MAX_BYTES } from './ticket.ts';

/** `GSXQ`, little-endian. */
export const REQUEST_MAGIC = 0x51585347;

/** How an attempt ended in the tab. A missing outcome never counts as success: 0 is no code. */
export const OUTCOME = {
  /** The program returned JSON; `body` is its UTF-8 text. */
  json: 1,
  /** The program returned bytes; `body` holds them. A typed array is told by `resultOutcome`. */
  bytes: 2,
  /** The program threw, or returned what cannot travel; `body` is the UTF-8 text of the error. */
  errored: 3,
  /** The program ran past its deadline (run time) and was ended; `body` is empty. */
  overran: 4,
  /** The tab gives the attempt back unfinished (pause, close, dead renderer); `body` may say why. */
  released: 5,
} as const;
/** Outcomes of typed arrays: this and their encoding. */
const TYPED = 16;
/** Outcomes of results that lie in blobs are their encodings, which begin here. */
const IN_BLOB = inBlob(ENCODING.json);
/** Typed arrays and blobs have no names here: `resultOutcome` and `resultEncoding` go from one to the other. */
export type Outcome = (typeof OUTCOME)[keyof typeof OUTCOME] | (number & { readonly typed: true });

/** The outcome of a program that returned what is encoded so. */
export const resultOutcome = (encoding: ResultEncoding): Outcome => {
  if (encoding === ENCODING.json) return OUTCOME.json;
  if (encoding === ENCODING.bytes) return OUTCOME.bytes;
  return (encoding >= IN_BLOB ? encoding : TYPED + encoding) as Outcome;
};

/** How a result is encoded; null for an outcome that is no result. */
export const resultEncoding = (outcome: Outcome): ResultEncoding | null => {
  if (outcome === OUTCOME.json) return ENCODING.json;
  if (outcome === OUTCOME.bytes) return ENCODING.bytes;
  if (outcome <= TYPED) return null;
  return (outcome >= IN_BLOB ? outcome : outcome - TYPED) as ResultEncoding;
};

/** Whether an attempt returned a large result: its body is what `joinReceipt` makes. */
export const isBlobOutcome = (outcome: Outcome): boolean => outcome >= IN_BLOB;

export interface AttemptReport {
  /** Position of the attempt in its lease. */
  offset: number;
  outcome: Outcome;
  /** Run time, ms. */
  runMs: number;
  body: Uint8Array;
}

export interface LeaseReport {
  lease: LeaseRef;
  /** The lease's ticket as it came; empty unless the coordinator's epoch has changed or it asked for it. */
  ticket: Uint8Array;
  attempts: AttemptReport[];
}

/** A lease that the tab still works on, with its run time so far: this is the heartbeat that keeps it alive. */
export interface HeldLease {
  lease: LeaseRef;
  /** Run time so far, ms; it does not grow while the tab is frozen. */
  runMs: number;
  /** The lease's ticket as it came, when an earlier epoch issued it: the coordinator takes the lease up again. Else empty. */
  ticket: Uint8Array;
}

/** Tab to coordinator: the results it has and the slots it has free. */
export interface ExchangeRequest {
  /** Grows by one with every exchange of a session; the answer repeats it. */
  seq: number;
  /** Free slots: Web Workers that could start a lease now. 0 is a mere report or heartbeat. */
  slots: number;
  /** The first exchange of a page: leases of this device that are not in `held` were lost and are sent again. */
  fresh: boolean;
  held: HeldLease[];
  reports: LeaseReport[];
}

const FRESH = 1;
const OUTCOMES = new Set<number>([
  ...Object.values(OUTCOME),
  ...Object.values(ENCODING).map(resultOutcome),
  ...Object.values(ENCODING).map((encoding) => resultOutcome(inBlob(encoding))),
]);

/** The bytes that a request has as a frame: its buffer need neither grow nor be copied. */
const sizeOf = ({ held, reports }: ExchangeRequest): number => {
  let size = 19;
  for (const { ticket } of held) size += 16 + ticket.byteLength;
  for (const { ticket, attempts } of reports) {
    size += 16 + ticket.byteLength;
    for (const { body } of attempts) size += 11 + body.byteLength;
  }
  return size;
};

export const encodeRequest = (request: ExchangeRequest): Uint8Array<ArrayBuffer> => {
  const out = new FrameWriter(sizeOf(request));
  out.u32(REQUEST_MAGIC).u32(request.seq).u16(request.slots);
  out.u8(request.fresh ? FRESH : 0);
  out.u32(request.held.length);
  for (const { lease, runMs, ticket } of request.held) {
    out.u32(lease.epoch).u32(lease.number).u32(runMs).block(ticket);
  }
  out.u32(request.reports.length);
  for (const report of request.reports) {
    out.u32(report.lease.epoch).u32(report.lease.number).block(report.ticket).u32(report.attempts.length);
    for (const attempt of report.attempts) {
      out.u16(attempt.offset).u8(attempt.outcome).u32(attempt.runMs).block(attempt.body);
    }
  }
  return out.finish();
};

/** Reads a request; bodies and tickets are views of `bytes`. Throws FrameError on anything that does not fit. */
export const decodeRequest = (bytes: Uint8Array): ExchangeRequest => {
  if (bytes.byteLength > LIMITS.frame) throw new FrameError(`the frame is over ${LIMITS.frame} bytes`);
  const input = new FrameReader(bytes);
  if (input.u32('magic') !== REQUEST_MAGIC) throw new FrameError('this is no exchange request');
  const seq = input.u32('seq');
  const slots = input.u16('slots');
  if (slots > LIMITS.slots) throw new FrameError(`slots: at most ${LIMITS.slots} are allowed`);
  const flags = input.u8('flags');
  if ((flags & ~FRESH) !== 0) throw new FrameError('flags: unknown bits are set');
  const held: HeldLease[] = [];
  for (let n = input.count(LIMITS.exchangeLeases, 'held'); n > 0; n--) {
    const lease = { epoch: input.u32('held.epoch'), number: input.u32('held.number') };
    const runMs = input.u32('held.runMs');
    held.push({ lease, runMs, ticket: input.block(TICKET_MAX_BYTES, 'held.ticket') });
  }
  const reports: LeaseReport[] = [];
  for (let n = input.count(LIMITS.exchangeLeases, 'reports'); n > 0; n--) {
    const lease = { epoch: input.u32('report.epoch'), number: input.u32('report.number') };
    const ticket = input.block(TICKET_MAX_BYTES, 'report.ticket');
    const attempts: AttemptReport[] = [];
    for (let m = input.count(LIMITS.leaseUnits, 'report.attempts'); m > 0; m--) {
      const offset = input.u16('attempt.offset');
      const outcome = input.u8('attempt.outcome');
      if (!OUTCOMES.has(outcome)) throw new FrameError(`attempt.outcome: ${outcome} is none`);
      const runMs = input.u32('attempt.runMs');
      const body = input.block(LIMITS.result, 'attempt.body');
      if (outcome >= IN_BLOB && body.byteLength !== REPORTED_BLOB_BYTES) {
        throw new FrameError(`attempt.body names a blob by ${REPORTED_BLOB_BYTES} bytes, not ${body.byteLength}`);
      }
      attempts.push({ offset, outcome: outcome as Outcome, runMs, body });
    }
    reports.push({ lease, ticket, attempts });
  }
  input.end();
  return { seq, slots, fresh: (flags & FRESH) !== 0, held, reports };
};

/** The sequence number of a request that is not read as a whole. Throws FrameError. */
export const seqOf = (bytes: Uint8Array): number => {
  const input = new FrameReader(bytes);
  if (input.u32('magic') !== REQUEST_MAGIC) throw new FrameError('this is no exchange request');
  return input.u32('seq');
};
