import type { Lease, Session } from '@gossamer/core';
import type { ExchangeResponse, LeaseRef, ReportStatus, Standing } from '@gossamer/protocol';
import { encodeResponse, EVENTS } from '@gossamer/protocol';
import type { Socket } from 'socket.io';
import type { Flow } from './flow.ts';

/** In Node the parser sends a Buffer as plain bytes; an ArrayBuffer it would wrap as an extension that browsers do not unwrap. */
export const frameOf = (response: ExchangeResponse): Buffer => {
  const bytes = encodeResponse(response);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};

export type Answer = (frame: Buffer) => void;

/** Leases in the form that travels, and the jobs whose cards go with them. */
export interface Given extends Pick<ExchangeResponse, 'cards' | 'leases'> {
  met: number[];
  /** The connection's `cardsAge` when it was decided which cards go. */
  cardsAge: number;
}

/** Between two messages about a device's standing, ms: with tiny units it changes at every exchange. */
const STANDING_REST_MS = 2000;

/** How long the connection of a forgotten device stays for the last answer, ms. */
const DISMISSAL_MS = 2000;

const NOTHING: Given = { cards: [], leases: [], met: [], cardsAge: 0 };

/** An exchange that waits for work. */
export interface Parked {
  seq: number;
  answer: Answer;
  timer: NodeJS.Timeout;
}

/** A signed-in session's end of the socket: it holds the parked exchange, if any. */
export class Connection {
  readonly session: Session;
  /** Leases that were granted and could not be sent yet: the next answer carries them. */
  owed: Lease[] = [];
  /** Exchanges that are decided and written now. */
  underWay = 0;
  readonly flow: Flow;
  readonly #socket: Socket;
  /** Jobs whose cards the session has; null before the first: many sessions wait for it for hours. */
  #known: Set<number> | null = null;
  /** Grows when cards that were sent are no more right. */
  #cardsAge = 0;
  #parked: Parked | null = null;
  #gone = false;
  #standing = '';
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(session: Session, socket: Socket, flow: Flow) {
    this.session = session;
    this.flow = flow;
    this.#socket = socket;
  }

  /** Whether the session has the job's card. */
  knows(job: number): boolean {
    return this.#known?.has(job) === true;
  }

  /** What cards say has changed: they are sent again with the next lease of their job. */
  forgetCards(): void {
    this.#known = null;
    this.#cardsAge += 1;
  }

  /** The tab found its card wrong: it is sent again. */
  forgetCard(job: number): void {
    this.#known?.delete(job);
  }

  get cardsAge(): number {
    return this.#cardsAge;
  }

  /** Keeps the exchange until there is work; `giveUp` is called when that takes `ms`. */
  park(seq: number, answer: Answer, ms: number, giveUp: () => void): void {
    if (this.#gone) return;
    this.#parked = { seq, answer, timer: setTimeout(giveUp, ms) };
  }

  /** Takes the parked exchange over, to answer it; null when none is parked. */
  takeParked(): Parked | null {
    const parked = this.#parked;
    if (parked !== null) clearTimeout(parked.timer);
    this.#parked = null;
    return parked;
  }

  /** Answers the parked exchange with nothing; does nothing when none is parked. */
  unpark(): void {
    const parked = this.takeParked();
    if (parked !== null) this.answer(parked.answer, parked.seq);
  }

  answer(
    answer: Answer,
    seq: number,
    statuses: ReportStatus[] = [],
    { cards, leases, met, cardsAge }: Given = NOTHING,
    revoked: LeaseRef[] = [],
  ): void {
    // Cards that were made before they were forgotten are not known: they come again.
    if (cardsAge === this.#cardsAge) for (const job of met) (this.#known ??= new Set()).add(job);
    answer(frameOf({ seq, retryAfterMs: 0, statuses, cards, leases, revoked }));
  }

  revoke(leases: LeaseRef[]): void {
    const frame = frameOf({ seq: 0, retryAfterMs: 0, statuses: [], cards: [], leases: [], revoked: leases });
    this.#socket.emit(EVENTS.revoke, frame);
  }

  /** Sends the standing when it has changed; false when the last one was sent so lately that this one has to wait. */
  tell(standing: Standing, now: number): boolean {
    const text = JSON.stringify(standing);
    if (text === this.#standing) return true;
    if (now - this.#toldAt < STANDING_REST_MS) return false;
    this.#standing = text;
    this.#toldAt = now;
    this.#socket.emit(EVENTS.standing, standing);
    return true;
  }

  leave(): void {
    this.unpark();
    this.#socket.emit(EVENTS.leaving);
  }

  /** Another session of the same device has taken its place. */
  replace(): void {
    this.drop();
    this.#socket.disconnect(true);
  }

  /** Its device was forgotten, maybe by its own word, which is answered still. */
  dismiss(): void {
    this.drop();
    // Of a session that is over, nothing more is taken, and no lease goes to it.
    this.#socket.removeAllListeners(EVENTS.exchange);
    setTimeout(() => this.#socket.disconnect(true), DISMISSAL_MS).unref();
  }

  /** The socket is gone: nothing is answered any more. */
  drop(): void {
    this.#gone = true;
    this.takeParked();
  }
}
