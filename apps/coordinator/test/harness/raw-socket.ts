import { encodeRequest, EVENTS, PROTOCOL_VERSION } from '@gossamer/protocol';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import * as parser from 'socket.io-msgpack-parser';
import type { TestDevice } from './device.ts';
import { afterwards } from './grid.ts';

const UPGRADE =
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n' +
  'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';

const BINARY = 2;
const TEXT = 1;
const CLOSE = 8;

/** A WebSocket frame as a client sends it, under a mask of zeros. */
export const webSocketFrame = (payload: Uint8Array, opcode = BINARY): Buffer => {
  const size = payload.byteLength;
  const head = size < 126 ? Buffer.alloc(6) : size < 65_536 ? Buffer.alloc(8) : Buffer.alloc(14);
  head[0] = 0x80 | opcode;
  if (size < 126) head[1] = 0x80 | size;
  else if (size < 65_536) {
    head[1] = 0x80 | 126;
    head.writeUInt16BE(size, 2);
  } else {
    head[1] = 0x80 | 127;
    head.writeBigUInt64BE(BigInt(size), 2);
  }
  return Buffer.concat([head, payload]);
};

const encoder = new parser.Encoder();
/** A packet of socket.io in msgpack. */
export const packetOf = (packet: object): Buffer => (encoder.encode(packet) as unknown as [Buffer])[0];

/** An event with an acknowledgement of this number. */
export const eventPacket = (id: number, name: string, message: unknown): Buffer =>
  packetOf({ type: parser.PacketType.EVENT, nsp: '/', id, data: [name, message] });

/** An exchange that asks for nothing. */
export const idleFrame = (seq: number, slots = 0): Buffer =>
  Buffer.from(encodeRequest({ seq, slots, fresh: false, held: [], reports: [] }));

interface Acknowledgement {
  id: number;
  data: unknown[];
}

/** A connection whose every byte is the test's own: it reads and answers only as far as it is told to. */
export class RawSocket {
  readonly tcp: Socket;
  /** Answers to events that came so far. */
  readonly acknowledged: Acknowledgement[] = [];
  isClosed = false;
  /** Answers pings, as a browser does. */
  answersPings = true;
  #input = Buffer.alloc(0);
  #isUpgraded = false;
  /** The coordinator hears events from now on. */
  #isConnected = false;
  #wake = (): void => {};

  private constructor(port: number) {
    this.tcp = connect(port, '127.0.0.1');
    this.tcp.on('error', () => undefined);
    this.tcp.on('close', () => {
      this.isClosed = true;
      this.#wake();
    });
    this.tcp.on('data', (bytes) => {
      this.#hear(bytes);
      this.#wake();
    });
    afterwards(() => void this.tcp.destroy());
  }

  /** Opens a connection that is not signed in; rejects when it is refused. */
  static async open(port: number, headers: Record<string, string> = {}): Promise<RawSocket> {
    const socket = new RawSocket(port);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.tcp.write(`${UPGRADE}${lines.join('')}\r\n`);
    await socket.#until(() => socket.#isUpgraded);
    socket.send(packetOf({ type: parser.PacketType.CONNECT, nsp: '/' }));
    await socket.#until(() => socket.#isConnected);
    return socket;
  }

  /** Rejects when the connection is closed before that. */
  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.isClosed) throw new Error('the connection is closed');
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  send(packet: Uint8Array): void {
    this.tcp.write(webSocketFrame(packet));
  }

  async ask(id: number, name: string, message: unknown): Promise<unknown> {
    this.send(eventPacket(id, name, message));
    const found = () => this.acknowledged.find((one) => one.id === id);
    await this.#until(() => found() !== undefined);
    return found()!.data[0];
  }

  /** Signs a device in; what was acknowledged for that is forgotten. */
  async signIn(device: TestDevice, slots = 4): Promise<void> {
    const hello = {
      protocol: PROTOCOL_VERSION,
      publicKey: device.publicKey,
      platform: 'raw',
      capabilities: {},
      slots,
    };
    const { nonce } = (await this.ask(1_000_000, EVENTS.hello, hello)) as { nonce: string };
    await this.ask(1_000_001, EVENTS.proof, { signature: device.sign(nonce) });
    this.acknowledged.length = 0;
  }

  #hear(bytes: Buffer): void {
    this.#input = Buffer.concat([this.#input, bytes]);
    if (!this.#isUpgraded) {
      const end = this.#input.indexOf('\r\n\r\n');
      if (end < 0 || !this.#input.toString('latin1', 0, 12).endsWith('101')) return;
      this.#isUpgraded = true;
      this.#input = this.#input.subarray(end + 4);
    }
    for (;;) {
      const [first, second] = this.#input;
      if (first === undefined || second === undefined) return;
      const short = second & 0x7f;
      const head = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (this.#input.length < head) return;
      const size =
        short === 126 ? this.#input.readUInt16BE(2) : short === 127 ? Number(this.#input.readBigUInt64BE(2)) : short;
      if (this.#input.length < head + size) return;
      this.#message(first & 0x0f, this.#input.subarray(head, head + size));
      this.#input = this.#input.subarray(head + size);
    }
  }

  #message(opcode: number, payload: Buffer): void {
    if (opcode === TEXT && payload.toString() === '2' && this.answersPings) {
      this.tcp.write(webSocketFrame(Buffer.from('3'), TEXT));
    }
    if (opcode === CLOSE) this.tcp.end();
    if (opcode !== BINARY) return;
    const decoder = new parser.Decoder();
    decoder.on('decoded', (packet: { type: parser.PacketType } & Acknowledgement) => {
      if (packet.type === parser.PacketType.CONNECT) this.#isConnected = true;
      if (packet.type === parser.PacketType.ACK) this.acknowledged.push({ id: packet.id, data: packet.data });
    });
    decoder.add(payload);
  }
}
