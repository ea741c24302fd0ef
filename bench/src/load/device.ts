import type { ExchangeRequest, ExchangeResponse, Problem, Welcome } from '@gossamer/protocol';
import { decodeResponse, encodeRequest, EVENTS, PROTOCOL_VERSION, proofText } from '@gossamer/protocol';
import type { KeyObject } from 'node:crypto';
import { generateKeyPairSync, sign } from 'node:crypto';
import type { Socket as TcpSocket } from 'node:net';
import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import * as parser from 'socket.io-msgpack-parser';

/** The coordinator refused a message. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: string;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.code = problem.code;
  }
}

export interface DeviceOptions {
  slots?: number;
  /** Sent as the forwarded address, where the coordinator stands behind a proxy. */
  address?: string;
}

/** A volunteer's device without a browser: real sockets, the real codec, a real key. It computes nothing. */
export class Device {
  readonly #key: KeyObject;
  readonly #publicKey: string;
  readonly #options: DeviceOptions;
  #socket: Socket | null = null;
  #seq = 0;
  #fresh = true;

  constructor(options: DeviceOptions = {}) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = privateKey;
    this.#options = options;
    const { x, y } = publicKey.export({ format: 'jwk' });
    const point = Buffer.concat([Buffer.of(4), Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')]);
    this.#publicKey = point.toString('base64url');
  }

  /** Opens a socket and signs in. Throws Error when the connection fails, Refused when the coordinator refuses. */
  async signIn(port: number): Promise<Welcome> {
    const { address, slots = 1 } = this.#options;
    const socket = io(`http://127.0.0.1:${port}`, {
      transports: ['websocket'],
      parser,
      forceNew: true,
      reconnection: false,
      timeout: 60_000,
      ...(address === undefined ? {} : { extraHeaders: { 'x-forwarded-for': address } }),
    });
    this.#socket = socket;
    this.#fresh = true;
    this.#seq = 0;
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('connect_error', (error) => {
        socket.disconnect();
        reject(error);
      });
    });
    const lost = new Promise<never>((_, reject) => {
      socket.once('disconnect', () => reject(new Error('the connection was lost')));
    });
    lost.catch(() => undefined);
    return Promise.race([this.#prove(slots), lost]);
  }

  async #prove(slots: number): Promise<Welcome> {
    const publicKey = this.#publicKey;
    const hello = { protocol: PROTOCOL_VERSION, publicKey, platform: 'benchmark', capabilities: {}, slots };
    const { nonce } = (await this.#ask(EVENTS.hello, hello)) as { nonce: string };
    const key = { key: this.#key, dsaEncoding: 'ieee-p1363' } as const;
    const signature = sign('sha256', Buffer.from(proofText(nonce)), key).toString('base64url');
    return (await this.#ask(EVENTS.proof, { signature })) as Welcome;
  }

  /** One exchange. Throws Refused; never settles when the connection is lost meanwhile. */
  async exchange(fields: Partial<ExchangeRequest>): Promise<ExchangeResponse> {
    const seq = ++this.#seq;
    const bytes = encodeRequest({ seq, slots: 1, fresh: this.#fresh, held: [], reports: [], ...fields });
    this.#fresh = false;
    return decodeResponse((await this.#ask(EVENTS.exchange, Buffer.from(bytes.buffer))) as Uint8Array);
  }

  /** Calls back when the connection is lost. */
  onLost(lost: () => void): void {
    this.#socket!.once('disconnect', lost);
  }

  get isConnected(): boolean {
    return this.#socket?.connected === true;
  }

  /** Bytes that have gone over its connection so far, both ways, with every header but TCP's; 0 when it has none. */
  get wireBytes(): number {
    const { ws } = (this.#socket?.io.engine?.transport ?? {}) as { ws?: { _socket?: TcpSocket } };
    const { bytesRead = 0, bytesWritten = 0 } = ws?._socket ?? {};
    return bytesRead + bytesWritten;
  }

  close(): void {
    this.#socket?.disconnect();
  }

  async #ask(event: string, message: unknown): Promise<unknown> {
    const answer = await new Promise<unknown>((resolve) => this.#socket!.emit(event, message, resolve));
    if (typeof answer === 'object' && answer !== null && 'problem' in answer) {
      throw new Refused((answer as { problem: Problem }).problem);
    }
    return answer;
  }
}
