import type { AttemptReport, ExchangeRequest, ExchangeResponse } from '@gossamer/protocol';
import { decodeResponse, encodeRequest } from '@gossamer/protocol';
import { ExchangeBook, IN_FLIGHT_MAX } from './book.ts';
import type { LeaseKey } from './lease-key.ts';
import { due } from './due.ts';

export interface LoopParts {
  clock(): number;
  random(): number;
  /** Sends one exchange; see `Session.exchange`. */
  send(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
  /** Slots to ask work for now. */
  wanted(): number;
  runMs(key: LeaseKey): number;
  /** Cards, leases and revocations of an answer. */
  answered(response: ExchangeResponse): void;
  /** An exchange was refused, or its answer cannot be read; it is sent again. */
  refused(error: unknown): void;
  /** Answers stay away: the connection must be made anew. */
  stuck(): void;
}

/** An answer takes at most the parking time of the coordinator (some 25 s); after this one it is lost, ms. */
const STUCK_MS = 60_000;
/** Wait after a refused exchange, ms, half to one and a half of it. */
const REFUSED_MS = 5000;
/** An answer without work and without `retryAfterMs` that came this soon was not parked: ask less often, ms. */
const UNPARKED_MS = 1000;

/** The loop of exchanges: decides when to send one, and hands its answer on. It is driven by `poke`. */
export class ExchangeLoop {
  readonly book = new ExchangeBook();
  readonly #parts: LoopParts;
  #open = false;
  #heartbeatMs = 10_000;
  #lastSentAt = 0;
  /** When the oldest report that waits was recorded. */
  #waitingSince = 0;
  /** A lease has ended: its reports go at once. */
  #urgent = false;
  #askAfter = 0;
  #sendAfter = 0;
  #generation = 0;
  #poked = false;

  constructor(parts: LoopParts) {
    this.#parts = parts;
  }

  open(epoch: number, heartbeatMs: number): void {
    this.book.welcomed(epoch);
    this.#generation++;
    this.#open = true;
    this.#heartbeatMs = heartbeatMs;
    this.#urgent = true;
    this.#askAfter = 0;
    this.#sendAfter = 0;
    this.poke();
  }

  lost(): void {
    this.#open = false;
    this.#generation++;
    this.book.disconnected();
  }

  record(key: LeaseKey, report: AttemptReport): void {
    if (this.book.waiting === 0) this.#waitingSince = this.#parts.clock();
    this.book.record(key, report);
  }

  /** A lease is over: what it has goes out without delay. */
  flush(): void {
    this.#urgent = true;
    this.poke();
  }

  /** Asks for no work for a while, ms: something here keeps it from running. */
  holdOff(ms: number): void {
    this.#askAfter = Math.max(this.#askAfter, this.#parts.clock() + this.#jitter(ms));
  }

  /** Looks whether an exchange is due, once for all that happens in one turn. */
  poke(): void {
    if (this.#poked) return;
    this.#poked = true;
    queueMicrotask(() => {
      this.#poked = false;
      this.#look();
    });
  }

  #look(): void {
    if (!this.#open) return;
    const now = this.#parts.clock();
    const { book } = this;
    if (book.inFlight > 0 && now - this.#lastSentAt > STUCK_MS) return this.#parts.stuck();
    if (book.inFlight >= IN_FLIGHT_MAX || now < this.#sendAfter) return;
    const slots = now < this.#askAfter ? 0 : this.#parts.wanted();
    const waiting = book.waiting === 0 ? null : { sinceMs: now - this.#waitingSince, urgent: this.#urgent };
    const silentMs = now - this.#lastSentAt;
    if (!due({ slots, asked: book.asked, waiting, silentMs, heartbeatMs: this.#heartbeatMs })) return;
    const request = book.compose(slots, (key) => this.#parts.runMs(key));
    if (request === null) return;
    this.#urgent = false;
    this.#lastSentAt = now;
    void this.#exchange(request, now);
  }

  async #exchange(request: ExchangeRequest, sentAt: number): Promise<void> {
    const generation = this.#generation;
    try {
      const response = decodeResponse(await this.#parts.send(encodeRequest(request)));
      if (generation !== this.#generation) return;
      if (this.book.answered(request, response)) {
        this.#pace(request, response, sentAt);
        this.#parts.answered(response);
      } else this.#wait(response.retryAfterMs || REFUSED_MS);
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#parts.refused(error);
      this.book.failed(request);
      this.#wait(REFUSED_MS);
    }
    this.poke();
  }

  /** Sends nothing for a while: the coordinator could not take the exchange. */
  #wait(ms: number): void {
    this.#sendAfter = this.#parts.clock() + this.#jitter(ms);
  }

  #pace(request: ExchangeRequest, response: ExchangeResponse, sentAt: number): void {
    // A heartbeat's answer must not put the next request for work off again and again.
    if (request.slots === 0) return;
    if (response.retryAfterMs > 0) return this.holdOff(response.retryAfterMs);
    // One with reports is answered at once, and one that another followed as well: neither says that none was parked.
    const mayPark = request.reports.length === 0 && request.seq === this.book.latest;
    if (!mayPark || response.leases.length > 0 || response.revoked.length > 0) return;
    if (this.#parts.clock() - sentAt < UNPARKED_MS) this.holdOff(UNPARKED_MS);
  }

  #jitter(ms: number): number {
    return ms * (1 + this.#parts.random() / 2);
  }
}
