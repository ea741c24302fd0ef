import type { Session } from '@gossamer/core';
import type { ExchangeResponse, LeaseRef, ReportStatus, Standing } from '@gossamer/protocol';
import { encodeResponse, EVENTS } from '@gossamer/protocol';
import type { Socket } from 'socket.io';

/** In Node the parser sends a Buffer as plain bytes; an ArrayBuffer it would wrap as an extension that browsers do not unwrap. */
export const frameOf = (response: ExchangeResponse): Buffer => {
  const bytes = encodeResponse(response);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};

export type Answer = (frame: Buffer) => void;

/** A signed-in session's end of the socket: it holds the parked exchange, if any. */
export class Connection {
  readonly session: Session;
  /** Jobs whose cards the session has. */
  readonly known = new Set<number>();
  readonly #socket: Socket;
  #parked: { seq: number; answer: Answer; timer: NodeJS.Timeout } | null = null;
  #standing = '';

  constructor(session: Session, socket: Socket) {
    this.session = session;
    this.#socket = socket;
  }

  /** Keeps the exchange until there is work; `giveUp` is called when that takes `ms`. */
  park(seq: number, answer: Answer, ms: number, giveUp: () => void): void {
    this.#parked = { seq, answer, timer: setTimeout(giveUp, ms) };
  }

  /** Answers the parked exchange, with nothing unless leases came; does nothing when none is parked. */
  unpark(given: Pick<ExchangeResponse, 'cards' | 'leases'> = { cards: [], leases: [] }): void {
    if (this.#parked === null) return;
    const { seq, answer, timer } = this.#parked;
    clearTimeout(timer);
    this.#parked = null;
    answer(frameOf({ seq, retryAfterMs: 0, statuses: [], ...given, revoked: [] }));
  }

  answer(
    answer: Answer,
    seq: number,
    statuses: ReportStatus[],
    given: Pick<ExchangeResponse, 'cards' | 'leases'>,
    revoked: LeaseRef[],
  ): void {
    answer(frameOf({ seq, retryAfterMs: 0, statuses, ...given, revoked }));
  }

  revoke(leases: LeaseRef[]): void {
    const frame = frameOf({ seq: 0, retryAfterMs: 0, statuses: [], cards: [], leases: [], revoked: leases });
    this.#socket.emit(EVENTS.revoke, frame);
  }

  /** Sends the standing when it has changed. */
  tell(standing: Standing): void {
    const text = JSON.stringify(standing);
    if (text === this.#standing) return;
    this.#standing = text;
    this.#socket.emit(EVENTS.standing, standing);
  }

  leave(): void {
    this.unpark();
    this.#socket.emit(EVENTS.leaving);
  }

  /** Another session of the same device has taken its place. */
  replace(): void {
    this.#dropParked();
    this.#socket.disconnect(true);
  }

  /** The socket is gone. */
  drop(): void {
    this.#dropParked();
  }

  #dropParked(): void {
    if (this.#parked !== null) clearTimeout(this.#parked.timer);
    this.#parked = null;
  }
}
