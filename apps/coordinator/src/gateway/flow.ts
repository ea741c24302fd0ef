import type { Socket } from 'socket.io';
import type { FlowMetrics } from './flow-metrics.ts';
import { Meter } from './meter.ts';

/** So many bytes of a message cost as much as a message. */
const BYTES = 64 * 1024;

export interface FlowLimits {
  /** Messages a second. */
  rate: number;
  mostBacklogBytes: number;
}

type Transport = Socket['conn'];

/** What engine.io's transport keeps to itself: the socket of `ws`. */
interface WebSocket {
  readonly bufferedAmount: number;
  pause(): void;
  resume(): void;
  terminate(): void;
  on(event: 'ping' | 'close', listener: () => void): void;
}

const clock = (): number => performance.now();

const sizeOf = (data: unknown): number => (typeof data === 'string' || data instanceof Uint8Array ? data.length : 0);

/**
 * What goes through one connection, in both directions. Over its rate it is not read: what it sends waits in its own
 * buffers, and costs us nothing. When it does not read itself, what waits for it is bounded: it is cut.
 */
export class Flow {
  /** A keyed hash of the other side's network; null on loopback. */
  readonly network: string | null;
  readonly #socket: WebSocket;
  readonly #meter: Meter;
  readonly #mostBacklogBytes: number;
  readonly #metrics: FlowMetrics;
  /** Bytes that engine.io has not handed to the socket yet. */
  #waiting = 0;
  #resting: NodeJS.Timeout | null = null;

  constructor(
    transport: Transport,
    network: string | null,
    { rate, mostBacklogBytes }: FlowLimits,
    metrics: FlowMetrics,
  ) {
    this.network = network;
    this.#socket = (transport.transport as unknown as { socket: WebSocket }).socket;
    this.#meter = new Meter(rate, clock);
    this.#mostBacklogBytes = mostBacklogBytes;
    this.#metrics = metrics;
    transport.on('packet', (packet: { data?: unknown }) => this.spend(1 + sizeOf(packet.data) / BYTES));
    transport.on('packetCreate', (packet: { data?: unknown }) => this.#queue(sizeOf(packet.data)));
    transport.on('flush', () => (this.#waiting = 0));
    this.#socket.on('ping', () => this.#pinged());
    this.#socket.on('close', () => clearTimeout(this.#resting ?? undefined));
  }

  /** Bytes that the other side has not taken yet, but for what the system buffers. */
  get backlogBytes(): number {
    return this.#waiting + this.#socket.bufferedAmount;
  }

  /** Takes from what the connection may ask; when it has asked too much it is not read for a while. */
  spend(cost: number): void {
    const restMs = this.#meter.spend(cost);
    if (restMs === 0 || this.#resting !== null) return;
    this.#metrics.rested();
    this.#rest(restMs);
  }

  #rest(ms: number): void {
    this.#socket.pause();
    this.#resting = setTimeout(() => {
      this.#resting = null;
      const more = this.#meter.spend(0);
      if (more > 0) this.#rest(more);
      else this.#socket.resume();
    }, ms);
  }

  /** The pong is sent by `ws` itself. */
  #pinged(): void {
    this.spend(1);
    this.#queue(0);
  }

  #queue(bytes: number): void {
    this.#waiting += bytes;
    if (this.backlogBytes <= this.#mostBacklogBytes) return;
    this.#metrics.cut();
    this.#socket.terminate();
  }
}
