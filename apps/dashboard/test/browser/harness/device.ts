import type {
  AttemptReport,
  ExchangeResponse,
  LeaseRef,
  LeaseReport,
  ProgramRefusal,
  ResultPermit,
  ResultReceipt,
  Sha256,
  Welcome,
} from '@gossamer/protocol';
import {
  decodeResponse,
  decodeTicket,
  encodeRequest,
  encodeResultBlob,
  ENCODING,
  EVENTS,
  inBlob,
  joinReceipt,
  OUTCOME,
  PROTOCOL_VERSION,
  proofText,
  resultOutcome,
} from '@gossamer/protocol';
import { createHash } from 'node:crypto';
import { io } from 'socket.io-client';
import * as parser from 'socket.io-msgpack-parser';

/** A number or bytes, over 1 MiB of them, are a result, a text the error that its program threw. */
export type Computed = number | string | Uint8Array<ArrayBuffer>;

/** What a device makes of a unit. */
export type Compute = (input: number, unit: number) => Computed | Promise<Computed>;

/** A device without a browser: it signs in with a key of its own and speaks the protocol as a tab does. */
export interface Device {
  id: string;
  /** Computes what it is given, one unit after another, until it leaves. */
  work(compute: Compute): void;
  /** Takes a lease, and says that it does not run its program. */
  refuse(refusal: ProgramRefusal): Promise<void>;
  leave(): void;
}

const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const base64url = (bytes: ArrayBuffer): string => Buffer.from(bytes).toString('base64url');

/** Sends the bytes of a large result; gives what is reported of it. */
type Send = (offset: number, bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;

const report = async (
  compute: Compute,
  send: Send,
  input: Uint8Array,
  unit: number,
  offset: number,
): Promise<AttemptReport> => {
  const result = await compute(JSON.parse(new TextDecoder().decode(input)) as number, unit);
  if (result instanceof Uint8Array) {
    const outcome = resultOutcome(inBlob(ENCODING.bytes));
    return { offset, outcome, runMs: 1, body: await send(offset, result) };
  }
  return typeof result === 'string'
    ? { offset, outcome: OUTCOME.errored, runMs: 1, body: new TextEncoder().encode(result) }
    : { offset, outcome: OUTCOME.json, runMs: 1, body: text(result) };
};

export const joinGrid = async (url: string, platform: string, slots: number): Promise<Device> => {
  const socket = io(url, { transports: ['websocket'], parser, reconnection: false });
  const ask = (event: string, message: unknown): Promise<unknown> => socket.timeout(40_000).emitWithAck(event, message);
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const publicKey = base64url(await crypto.subtle.exportKey('raw', keys.publicKey));
  const { nonce } = (await ask(EVENTS.hello, {
    protocol: PROTOCOL_VERSION,
    publicKey,
    platform,
    capabilities: {},
    slots,
  })) as {
    nonce: string;
  };
  const signed = new TextEncoder().encode(proofText(nonce));
  const signature = base64url(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, keys.privateKey, signed));
  const { device } = (await ask(EVENTS.proof, { signature })) as Welcome;

  let left = false;
  let seq = 0;
  const exchange = async (reports: LeaseReport[]): Promise<ExchangeResponse> => {
    seq += 1;
    const frame = encodeRequest({ seq, slots: 1, fresh: seq === 1, held: [], reports });
    // In Node the parser takes a Buffer for bytes; of a Uint8Array it would make something else.
    const answer = await ask(EVENTS.exchange, Buffer.from(frame));
    if (!(answer instanceof Uint8Array)) throw new Error(`refused: ${JSON.stringify(answer)}`);
    return decodeResponse(answer);
  };
  const sender =
    ({ epoch, number }: LeaseRef): Send =>
    async (offset, bytes) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex') as Sha256;
      const blob = { sha256, size: bytes.byteLength };
      const { permit } = (await ask(EVENTS.offer, { epoch, lease: number, offset, ...blob })) as ResultPermit;
      const headers = { authorization: `Bearer ${permit}`, 'content-type': 'application/octet-stream' };
      const response = await fetch(`${url}/v1/results/${sha256}`, { method: 'PUT', headers, body: bytes });
      const { receipt } = (await response.json()) as ResultReceipt;
      return joinReceipt(encodeResultBlob(blob), Buffer.from(receipt, 'base64'));
    };
  const loop = async (compute: Compute): Promise<void> => {
    let reports: LeaseReport[] = [];
    while (!left) {
      const { leases, retryAfterMs } = await exchange(reports);
      if (retryAfterMs > 0) await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
      else reports = [];
      for (const { ticket: bytes, inputs } of leases) {
        const { ticket } = decodeTicket(bytes);
        const attempts: AttemptReport[] = [];
        const send = sender(ticket);
        for (const [offset, unit] of ticket.units.entries()) {
          const input = inputs[offset]!;
          if (input.kind === 'inline') attempts.push(await report(compute, send, input.body, unit, offset));
        }
        const lease = { epoch: ticket.epoch, number: ticket.number };
        reports.push({ lease, ticket: new Uint8Array(), attempts });
      }
    }
  };
  return {
    id: device,
    work(compute) {
      loop(compute).catch((error: unknown) => {
        if (!left) throw error;
      });
    },
    async refuse(refusal) {
      await exchange([]);
      socket.emit(EVENTS.refused, refusal);
    },
    leave() {
      left = true;
      socket.disconnect();
    },
  };
};
