import type { AttemptReport, ExchangeRequest, ExchangeResponse, HeldLease, LeaseRef } from '@gossamer/protocol';
import { LIMITS, REPORT_STATUS } from '@gossamer/protocol';
import type { LeaseKey } from './lease-key.ts';
import { leaseKey } from './lease-key.ts';

/** Where a report is: it waits to be sent, or it went out with the exchange `seq` and has no status yet. */
type Place = { kind: 'waiting' } | { kind: 'sent'; seq: number };

interface Entry {
  report: AttemptReport;
  place: Place;
}

interface LeaseEntry {
  ref: LeaseRef;
  ticket: Uint8Array;
  units: number;
  /** The coordinator asked for the ticket. */
  ticketNeeded: boolean;
  /** Nothing more will be computed for it: it is ended or was revoked. */
  closed: boolean;
  /** One for each attempt that has an outcome and no final status, by offset. */
  entries: Map<number, Entry>;
  /** Offsets that have had their outcome, so that none gets a second one. */
  reported: Set<number>;
  /** Of these: where the report is still to come, as the result is sent first. Until then the lease is held. */
  promised: Set<number>;
}

/** Exchanges on the way: one that may be parked, and one that followed it. */
export const IN_FLIGHT_MAX = 2;
/** Bodies of reports in one exchange, bytes; the frame's limit leaves room for one more result and the headers. */
const BODY_BUDGET = LIMITS.frame / 2;

const NO_TICKET = new Uint8Array(0);
const WAITING: Place = { kind: 'waiting' };

/**
 * The bookkeeping of exchanges, pure: what was leased, what has an outcome, what is on the way, what is acknowledged.
 * Invariant: an attempt's outcome is fixed when it is recorded; it is kept, and sent again after a lost connection,
 * until a status says `accepted` or `refused`; it is never in two exchanges of one connection at a time.
 */
export class ExchangeBook {
  readonly #leases = new Map<LeaseKey, LeaseEntry>();
  /** Exchanges that have no answer, with the slots each asked for. */
  readonly #flights = new Map<number, number>();
  /** Counted as they change: of thousands of tiny units each one's outcome asks. */
  #waiting = 0;
  #unacknowledged = 0;
  #seq = 0;
  #epoch = -1;
  #fresh = true;

  /** A session began. Sequence numbers count from 1 in each. */
  welcomed(epoch: number): void {
    this.disconnected();
    this.#epoch = epoch;
    this.#seq = 0;
  }

  /**
   * Whatever was on the way must be sent again. Leases may have been granted in an answer that never came: the next
   * exchange is marked fresh, so that the coordinator sends what is not in `held` again.
   */
  disconnected(): void {
    if (this.#flights.size > 0) this.#fresh = true;
    this.#flights.clear();
    for (const lease of this.#leases.values()) {
      for (const entry of lease.entries.values()) entry.place = WAITING;
    }
    this.#waiting = this.#unacknowledged;
  }

  /** Takes a lease on; false when it is known already. `ticket` is copied. */
  grant(ref: LeaseRef, ticket: Uint8Array, units: number): boolean {
    const key = leaseKey(ref);
    if (this.#leases.has(key)) return false;
    this.#leases.set(key, {
      ref: { epoch: ref.epoch, number: ref.number },
      ticket: ticket.slice(),
      units,
      ticketNeeded: false,
      closed: false,
      entries: new Map(),
      reported: new Set(),
      promised: new Set(),
    });
    return true;
  }

  /** The outcome of one attempt; false when it had one, or its lease is closed or unknown. */
  record(key: LeaseKey, report: AttemptReport): boolean {
    const lease = this.#leases.get(key);
    if (lease === undefined) return false;
    if (!lease.promised.delete(report.offset) && !this.#take(lease, report.offset)) return false;
    lease.entries.set(report.offset, { report, place: WAITING });
    this.#waiting++;
    this.#unacknowledged++;
    return true;
  }

  /**
   * An attempt has its outcome, of which the report is recorded later, also when its lease is closed by then. Gives the
   * lease's name; null where `record` would say false.
   */
  promise(key: LeaseKey, offset: number): LeaseRef | null {
    const lease = this.#leases.get(key);
    if (lease === undefined || !this.#take(lease, offset)) return null;
    lease.promised.add(offset);
    return lease.ref;
  }

  /** Nobody wants what was promised of this lease. */
  abandon(key: LeaseKey): void {
    const lease = this.#leases.get(key);
    if (lease === undefined) return;
    lease.promised.clear();
    this.#drop(key, lease);
  }

  /** Offsets of a lease that have no outcome. */
  missing(key: LeaseKey): number[] {
    const lease = this.#leases.get(key);
    if (lease === undefined) return [];
    return Array.from({ length: lease.units }, (_, offset) => offset).filter((offset) => !lease.reported.has(offset));
  }

  /** Nothing more comes for this lease; what was recorded is still delivered. */
  close(key: LeaseKey): void {
    const lease = this.#leases.get(key);
    if (lease === undefined) return;
    lease.closed = true;
    this.#drop(key, lease);
  }

  /** Reports that wait to be sent. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Reports without a final status. */
  get unacknowledged(): number {
    return this.#unacknowledged;
  }

  /** Leases that are open. */
  get open(): number {
    let open = 0;
    for (const lease of this.#leases.values()) if (!lease.closed) open++;
    return open;
  }

  get inFlight(): number {
    return this.#flights.size;
  }

  /** The sequence number of the latest exchange of the session. */
  get latest(): number {
    return this.#seq;
  }

  /** Slots that the latest exchange on the way asks for; null when none is on the way. */
  get asked(): number | null {
    return [...this.#flights.values()].at(-1) ?? null;
  }

  /** The next exchange; null when two are on the way. `runMs` is the run time of an open lease, ms. */
  compose(slots: number, runMs: (key: LeaseKey) => number): ExchangeRequest | null {
    if (this.#flights.size >= IN_FLIGHT_MAX) return null;
    const seq = ++this.#seq;
    const fresh = this.#fresh;
    this.#fresh = false;
    const held: HeldLease[] = [];
    const reports: ExchangeRequest['reports'] = [];
    const sent: Place = { kind: 'sent', seq };
    let bodies = 0;
    for (const [key, lease] of this.#leases) {
      const isHeld = !lease.closed || lease.promised.size > 0;
      if (isHeld && held.length < LIMITS.exchangeLeases) {
        const ticket = lease.ref.epoch === this.#epoch ? NO_TICKET : lease.ticket;
        held.push({ lease: lease.ref, runMs: Math.min(0xffff_ffff, Math.round(runMs(key))), ticket });
      }
      if (reports.length === LIMITS.exchangeLeases) continue;
      const attempts: AttemptReport[] = [];
      for (const entry of lease.entries.values()) {
        if (entry.place.kind === 'sent' || bodies >= BODY_BUDGET) continue;
        entry.place = sent;
        this.#waiting--;
        bodies += entry.report.body.byteLength;
        attempts.push(entry.report);
      }
      if (attempts.length === 0) continue;
      const show = lease.ticketNeeded || lease.ref.epoch !== this.#epoch;
      reports.push({ lease: lease.ref, ticket: show ? lease.ticket : NO_TICKET, attempts });
    }
    this.#flights.set(seq, slots);
    return { seq, slots, fresh, held, reports };
  }

  /**
   * Applies the answer to `request`: final statuses drop reports, the others wait again. False for an answer that is
   * of another exchange, or has not one status for each report: nothing is dropped by it, and all is sent again.
   */
  answered(request: ExchangeRequest, response: Pick<ExchangeResponse, 'seq' | 'statuses'>): boolean {
    if (!this.#flights.has(request.seq)) return false;
    if (response.seq !== request.seq || response.statuses.length !== request.reports.length) {
      this.failed(request);
      return false;
    }
    this.#flights.delete(request.seq);
    request.reports.forEach((report, at) => {
      const key = leaseKey(report.lease);
      const lease = this.#leases.get(key);
      if (lease === undefined) return;
      const status = response.statuses[at]!;
      if (status === REPORT_STATUS.ticketNeeded) lease.ticketNeeded = true;
      for (const { offset } of report.attempts) {
        const entry = lease.entries.get(offset);
        if (entry?.place.kind !== 'sent' || entry.place.seq !== request.seq) continue;
        if (status === REPORT_STATUS.ticketNeeded) this.#wait(entry);
        else {
          lease.entries.delete(offset);
          this.#unacknowledged--;
        }
      }
      this.#drop(key, lease);
    });
    return true;
  }

  /** The coordinator refused the whole exchange: its reports wait again. */
  failed(request: ExchangeRequest): void {
    if (!this.#flights.delete(request.seq)) return;
    // A first exchange that was refused has told nothing: the next one is the first.
    this.#fresh ||= request.fresh;
    for (const lease of this.#leases.values()) {
      for (const entry of lease.entries.values()) {
        if (entry.place.kind === 'sent' && entry.place.seq === request.seq) this.#wait(entry);
      }
    }
  }

  #drop(key: LeaseKey, lease: LeaseEntry): void {
    if (lease.closed && lease.entries.size === 0 && lease.promised.size === 0) this.#leases.delete(key);
  }

  /** The outcome of one attempt comes once, of an open lease. */
  #take(lease: LeaseEntry, offset: number): boolean {
    if (lease.closed || offset >= lease.units || lease.reported.has(offset)) return false;
    lease.reported.add(offset);
    return true;
  }

  /** What was sent is to be sent again. */
  #wait(entry: Entry): void {
    entry.place = WAITING;
    this.#waiting++;
  }
}
