import type { ExchangeRequest, ExchangeResponse, LeaseReport, Outcome, Problem, Welcome } from '@gossamer/protocol';
import {
  decodeResponse,
  decodeTicket,
  encodeRequest,
  EVENTS,
  OUTCOME,
  PROTOCOL_VERSION,
  proofText,
  utf8,
} from '@gossamer/protocol';
import type { KeyObject } from 'node:crypto';
import { generateKeyPairSync, sign } from 'node:crypto';
import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import * as parser from 'socket.io-msgpack-parser';

/** A refusal, as a thrown value. */
export class Refused extends Error {
  readonly code: string;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.code = problem.code;
  }
}

/** A lease as it came, read. */
export interface Held {
  epoch: number;
  number: number;
  job: number;
  units: number[];
  ticket: Uint8Array;
  inputs: ExchangeResponse['leases'][number]['inputs'];
}

export const heldOf = (response: Pick<ExchangeResponse, 'leases'>): Held[] =>
  response.leases.map(({ ticket: bytes, inputs }) => {
    const { ticket } = decodeTicket(bytes);
    const { epoch, number, job, units } = ticket;
    return { epoch, number, job, units, ticket: Uint8Array.from(bytes), inputs };
  });

/** A report on every unit of a lease. */
export const report = (
  lease: Held,
  output: (unit: number) => unknown = (unit) => unit * 2,
  options: { outcome?: Outcome; ticket?: Uint8Array | boolean } = {},
): LeaseReport => {
  const { outcome = OUTCOME.json, ticket = false } = options;
  const shown = ticket === true ? lease.ticket : ticket === false ? new Uint8Array(0) : ticket;
  const attempts = lease.units.map((unit, offset) => {
    const value = output(unit);
    const body = value instanceof Uint8Array ? value : utf8(typeof value === 'string' ? value : JSON.stringify(value));
    return { offset, outcome, runMs: 1, body };
  });
  return { lease: { epoch: lease.epoch, number: lease.number }, ticket: shown, attempts };
};

const ANSWER_MS = 40_000;

/** A volunteer's device without a browser: it says and hears on a real socket what a tab would. */
export class TestDevice {
  readonly publicKey: string;
  readonly #key: KeyObject;
  socket: Socket | null = null;
  welcome: Welcome | null = null;
  /** What came unasked. */
  readonly events: { name: string; value: unknown }[] = [];
  #seq = 0;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = privateKey;
    const { x, y } = publicKey.export({ format: 'jwk' });
    const point = Buffer.concat([Buffer.of(4), Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')]);
    this.publicKey = point.toString('base64url');
  }

  /** Opens a socket, without signing in. */
  async connect(port: number, headers: Record<string, string> = {}): Promise<Socket> {
    const socket = io(`http://127.0.0.1:${port}`, {
      transports: ['websocket'],
      parser,
      forceNew: true,
      reconnection: false,
      extraHeaders: headers,
      timeout: ANSWER_MS,
    });
    this.socket = socket;
    for (const name of [EVENTS.revoke, EVENTS.standing, EVENTS.leaving]) {
      socket.on(name, (value: unknown) => this.events.push({ name, value }));
    }
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('connect_error', (error) => {
        socket.disconnect();
        reject(error);
      });
    });
    return socket;
  }

  /** Sends a control message; gives the answer, or throws Refused. */
  async ask(event: string, message: unknown): Promise<unknown> {
    const answer: unknown = await this.socket!.timeout(ANSWER_MS).emitWithAck(event, message);
    if (typeof answer === 'object' && answer !== null && 'problem' in answer)
      throw new Refused(answer.problem as Problem);
    return answer;
  }

  hello(fields: Record<string, unknown> = {}): Promise<unknown> {
    const { publicKey } = this;
    return this.ask(EVENTS.hello, {
      protocol: PROTOCOL_VERSION,
      publicKey,
      platform: 'test',
      capabilities: {},
      slots: 4,
      ...fields,
    });
  }

  sign(nonce: string): string {
    const key = { key: this.#key, dsaEncoding: 'ieee-p1363' } as const;
    return sign('sha256', Buffer.from(proofText(nonce)), key).toString('base64url');
  }

  async signIn(port: number, headers: Record<string, string> = {}): Promise<Welcome> {
    await this.connect(port, headers);
    const { nonce } = (await this.hello()) as { nonce: string };
    this.welcome = (await this.ask(EVENTS.proof, { signature: this.sign(nonce) })) as Welcome;
    return this.welcome;
  }

  /** One exchange; gives the answer read, or throws Refused. */
  async exchange(fields: Partial<ExchangeRequest> = {}): Promise<ExchangeResponse> {
    const seq = ++this.#seq;
    const bytes = encodeRequest({ seq, slots: 1, fresh: false, held: [], reports: [], ...fields });
    return decodeResponse((await this.ask(EVENTS.exchange, Buffer.from(bytes))) as Uint8Array);
  }

  /** Asks until leases come. */
  async work(slots = 1): Promise<Held[]> {
    for (;;) {
      const held = heldOf(await this.exchange({ slots }));
      if (held.length > 0) return held;
    }
  }

  close(): void {
    this.socket?.disconnect();
  }

  heard(name: string): unknown[] {
    return this.events.filter((event) => event.name === name).map(({ value }) => value);
  }
}
