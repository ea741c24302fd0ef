import type { ExchangeRequest, ExchangeResponse, LeaseTicket, Problem, UnitInput, Welcome } from '@gossamer/protocol';
import {
  decodeResponse,
  decodeTicket,
  encodeRequest,
  EVENTS,
  proofText,
  PROTOCOL_VERSION,
  Refusal,
  Standing,
} from '@gossamer/protocol';
import type { KeyPairKeyObjectResult } from 'node:crypto';
import { generateKeyPairSync, sign } from 'node:crypto';
import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import * as parser from 'socket.io-msgpack-parser';
import { until } from './wait.ts';

const ANSWER_MS = 30_000;

/** A lease as a device holds it. */
export interface HeldWork {
  /** As it came. */
  bytes: Uint8Array;
  ticket: LeaseTicket;
  inputs: UnitInput[];
}

export type Answer = { kind: 'response'; response: ExchangeResponse } | { kind: 'problem'; problem: Problem };

/** A device without a browser: it speaks the protocol as well, or as badly, as the test says. */
export class ScriptedDevice {
  readonly #socket: Socket;
  readonly #keys: KeyPairKeyObjectResult;
  /** What it says of its browser: its class follows from it. */
  readonly #platform: string;
  #seq = 0;
  welcome: Welcome | null = null;
  standing: Standing | null = null;

  private constructor(url: string, keys: KeyPairKeyObjectResult, platform: string) {
    this.#keys = keys;
    this.#platform = platform;
    this.#socket = io(url, { transports: ['websocket'], parser, reconnection: false, forceNew: true });
    this.#socket.on(EVENTS.standing, (value: unknown) => (this.standing = Standing.parse(value)));
  }

  /** Opens the socket; nobody is signed in yet. */
  static async connect(
    url: string,
    keys = generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    platform = 'a scripted device',
  ): Promise<ScriptedDevice> {
    // Node resolves localhost to either family; the coordinator of a test listens on one.
    const device = new ScriptedDevice(url.replace('localhost', '127.0.0.1'), keys, platform);
    await until('the socket opens', () => device.connected);
    return device;
  }

  /** A device that has proved its key. */
  static async signedIn(url: string, platform?: string): Promise<ScriptedDevice> {
    const device = await ScriptedDevice.connect(url, undefined, platform);
    await device.signIn();
    return device;
  }

  /** The same device, by another connection. */
  async again(url: string): Promise<ScriptedDevice> {
    const device = await ScriptedDevice.connect(url, this.#keys, this.#platform);
    await device.signIn();
    return device;
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  get id(): string {
    return this.welcome!.device;
  }

  /** The public key: raw point, base64url. */
  get publicKey(): string {
    const { x, y } = this.#keys.publicKey.export({ format: 'jwk' });
    const point = [Buffer.of(4), Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')];
    return Buffer.concat(point).toString('base64url');
  }

  /** The proof for a nonce. */
  prove(nonce: string): string {
    const key = { key: this.#keys.privateKey, dsaEncoding: 'ieee-p1363' } as const;
    return sign('sha256', Buffer.from(proofText(nonce)), key).toString('base64url');
  }

  /** Sends any message; gives what is acknowledged. */
  ask(event: string, message: unknown): Promise<unknown> {
    return this.#socket.timeout(ANSWER_MS).emitWithAck(event, message) as Promise<unknown>;
  }

  get hello(): Record<string, unknown> {
    const { publicKey } = this;
    return { protocol: PROTOCOL_VERSION, publicKey, platform: this.#platform, capabilities: {}, slots: 4 };
  }

  async signIn(): Promise<Welcome> {
    const { nonce } = (await this.ask(EVENTS.hello, this.hello)) as { nonce: string };
    this.welcome = (await this.ask(EVENTS.proof, { signature: this.prove(nonce) })) as Welcome;
    return this.welcome;
  }

  /** Sends a frame as it is. */
  async send(frame: unknown): Promise<Answer> {
    const answer = await this.ask(EVENTS.exchange, frame);
    const refusal = Refusal.safeParse(answer);
    if (refusal.success) return { kind: 'problem', problem: refusal.data.problem };
    return { kind: 'response', response: decodeResponse(answer as Uint8Array) };
  }

  /** A frame of its next exchange. */
  frame(request: Partial<ExchangeRequest> = {}): Buffer {
    const whole = { slots: 0, fresh: this.#seq === 0, held: [], reports: [], ...request, seq: ++this.#seq };
    return Buffer.from(encodeRequest(whole));
  }

  /** One exchange that must not be refused. */
  async exchange(request: Partial<ExchangeRequest> = {}): Promise<ExchangeResponse> {
    const answer = await this.send(this.frame(request));
    if (answer.kind === 'problem') throw new Error(`refused: ${JSON.stringify(answer.problem)}`);
    return answer.response;
  }

  /** Asks for one lease, and waits for it. */
  async lease(): Promise<HeldWork> {
    const response = await until(
      'a lease comes',
      () => this.exchange({ slots: 1 }),
      ({ leases }) => leases.length > 0,
    );
    const { ticket: bytes, inputs } = response.leases[0]!;
    return { bytes, ticket: decodeTicket(bytes).ticket, inputs };
  }

  close(): void {
    this.#socket.disconnect();
  }
}
