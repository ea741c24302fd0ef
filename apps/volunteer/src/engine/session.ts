import type { ProgramRefusal, ResultOffer, ResultPermit, Standing, Welcome } from '@gossamer/protocol';
import { EVENTS, PROTOCOL_VERSION } from '@gossamer/protocol';
import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import * as parser from 'socket.io-msgpack-parser';
import * as schemas from '../shared/schemas.ts';
import type { ZodMiniType } from 'zod/mini';
import type { Connection, EngineOptions } from '../shared/snapshot.ts';
import { capabilitiesOf } from './capabilities.ts';
import type { DeviceKey } from './device-key.ts';
import { RecordPage } from './record.ts';

export interface SessionEvents {
  connection(connection: Connection): void;
  welcomed(welcome: Welcome): void;
  /** The session is over; another one will come. */
  lost(): void;
  standing(standing: Standing): void;
  /** An `ExchangeResponse` that was not asked for. */
  revoked(bytes: Uint8Array): void;
}

const ACK_MS = 20_000;
/** After a refusal the coordinator is asked again after this time, ms, half to one and a half of it. */
const REFUSED_WAIT_MS = 30_000;

/** The coordinator's answer was a problem, or none at all. */
class Refused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Bytes from the socket. Where the coordinator hands its parser an ArrayBuffer instead of a Buffer, Node's half of it
 * writes an extension of type 0, and the browser's half reads that as `[0, bytes]`.
 */
const bytesOf = (value: unknown): Uint8Array | null => {
  if (Array.isArray(value) && value.length === 2 && value[0] === 0) return bytesOf(value[1]);
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return null;
};

/** One device's connection to the coordinator: signs in, signs in again after every loss, carries exchanges. */
export class Session {
  readonly #socket: Socket;
  readonly #key: DeviceKey;
  readonly #events: SessionEvents;
  readonly #platform: string;
  #slots: number;
  #playground: boolean;
  #open = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    key: DeviceKey,
    options: Pick<EngineOptions, 'slots' | 'platform' | 'playground'>,
    events: SessionEvents,
  ) {
    this.#key = key;
    this.#events = events;
    this.#slots = options.slots;
    this.#playground = options.playground;
    this.#platform = options.platform;
    this.#socket = io(location.origin, {
      transports: ['websocket'],
      parser,
      autoConnect: false,
      reconnectionDelay: 500,
      reconnectionDelayMax: 15_000,
      randomizationFactor: 0.5,
    });
    this.#listen();
  }

  connect(): void {
    this.#events.connection({ kind: 'connecting' });
    this.#socket.connect();
  }

  /** For good: nothing is tried again. */
  close(): void {
    clearTimeout(this.#timer);
    this.#open = false;
    this.#socket.disconnect();
  }

  /** Slots that later sign-ins will name. */
  set slots(slots: number) {
    this.#slots = slots;
  }

  /** Told at once: what the coordinator knows of it holds for one session. */
  set playground(playground: boolean) {
    this.#playground = playground;
    if (this.#open) this.restart();
  }

  /** Tells the coordinator that this tab does not run a job's program. */
  refuse(refusal: ProgramRefusal): void {
    if (this.#open) this.#socket.emit(EVENTS.refused, refusal);
  }

  get open(): boolean {
    return this.#open;
  }

  /** Drops the connection and makes a new one: the way out when answers stay away. */
  restart(): void {
    this.#lose();
    this.#socket.disconnect();
    this.#later(1000);
  }

  /** Sends one exchange; rejects when the coordinator refuses it. Never settles when the connection is lost. */
  async exchange(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    const answer = await new Promise<unknown>((resolve) => {
      this.#socket.emit(EVENTS.exchange, bytes.buffer, resolve);
    });
    const body = bytesOf(answer);
    if (body !== null) return body;
    const refusal = schemas.Refusal.safeParse(answer);
    if (refusal.success && refusal.data.problem.code === 'session-unknown') this.restart();
    throw refusal.success
      ? new Refused(refusal.data.problem.code, refusal.data.problem.title)
      : new Refused('internal', 'the coordinator answered with something unreadable');
  }

  /** Asks to send a large result; rejects with a code while it may not be sent, and while the session is not open. */
  offer(offer: ResultOffer): Promise<ResultPermit> {
    if (!this.#open) return Promise.reject(new Refused('session-unknown', 'the coordinator is not connected'));
    return this.#ask(EVENTS.offer, offer, schemas.ResultPermit);
  }

  /** A page of what the grid keeps of this device. */
  record(after: string | null): Promise<RecordPage> {
    return this.#ask(EVENTS.record, after === null ? {} : { after }, RecordPage);
  }

  /** Resolves when the grid has accepted to forget this device: whether all of it is erased there by now. */
  async forget(): Promise<boolean> {
    return (await this.#ask(EVENTS.forget, {}, schemas.DeviceForgotten)).erased;
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('connect', () => void this.#signIn());
    socket.on('disconnect', (reason) => {
      this.#lose();
      // After a disconnect that the server asked for, the client does not come back by itself.
      if (reason === 'io server disconnect') this.#later(1000);
    });
    socket.on('connect_error', (error) => {
      const refusal = schemas.Refusal.safeParse('data' in error ? error.data : undefined);
      if (refusal.success) return this.#refused(new Refused(refusal.data.problem.code, refusal.data.problem.title));
      this.#events.connection({ kind: 'reconnecting' });
    });
    socket.on(EVENTS.standing, (value: unknown) => {
      const standing = schemas.Standing.safeParse(value);
      if (standing.success) this.#events.standing(standing.data);
    });
    socket.on(EVENTS.revoke, (value: unknown) => {
      const bytes = bytesOf(value);
      if (bytes !== null) this.#events.revoked(bytes);
    });
    socket.on(EVENTS.leaving, () => this.#events.connection({ kind: 'leaving' }));
  }

  async #signIn(): Promise<void> {
    const socket = this.#socket;
    const id = socket.id;
    try {
      const hello = {
        protocol: PROTOCOL_VERSION,
        publicKey: this.#key.publicKey,
        platform: this.#platform,
        capabilities: capabilitiesOf(navigator),
        slots: this.#slots,
        playground: this.#playground,
      };
      const { nonce } = await this.#ask(EVENTS.hello, hello, schemas.Challenge);
      const signature = await this.#key.sign(nonce);
      const welcome = await this.#ask(EVENTS.proof, { signature }, schemas.Welcome);
      if (socket.id !== id) return;
      this.#open = true;
      this.#events.connection({ kind: 'connected' });
      this.#events.welcomed(welcome);
    } catch (error) {
      // A connection that was lost meanwhile begins anew by itself.
      if (socket.id !== id || !socket.connected) return;
      this.#refused(error instanceof Refused ? error : new Refused('internal', String(error)));
    }
  }

  async #ask<T>(event: string, body: unknown, schema: ZodMiniType<T>): Promise<T> {
    const answer: unknown = await this.#socket.timeout(ACK_MS).emitWithAck(event, body);
    const refusal = schemas.Refusal.safeParse(answer);
    if (refusal.success) {
      const { code, detail, title } = refusal.data.problem;
      throw new Refused(code, detail ?? title);
    }
    const parsed = schema.safeParse(answer);
    if (!parsed.success) throw new Refused('internal', `the coordinator's answer to ${event} cannot be read`);
    return parsed.data;
  }

  #refused(refused: Refused): void {
    this.#open = false;
    this.#socket.disconnect();
    if (refused.code === 'protocol-mismatch') {
      this.#events.connection({ kind: 'mismatch' });
      return;
    }
    this.#events.connection({ kind: 'refused', reason: refused.message });
    this.#later(REFUSED_WAIT_MS);
  }

  #lose(): void {
    if (this.#open) {
      this.#open = false;
      this.#events.lost();
    }
    this.#events.connection({ kind: 'reconnecting' });
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#socket.connect(), ms * (0.5 + Math.random()));
  }
}
