import type { ExchangeRequest, ReportStatus } from '@gossamer/protocol';
import { OUTCOME, REPORT_STATUS } from '@gossamer/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExchangeBook } from '../../src/engine/exchange/book.ts';
import type { LeaseKey } from '../../src/engine/exchange/lease-key.ts';
import { leaseKey } from '../../src/engine/exchange/lease-key.ts';

const UNITS = 3;

/** A coordinator reduced to what reports can tell it: which leases it has in memory, and what it has written. */
class Ledger {
  epoch = 1;
  readonly written = new Map<string, number>();
  readonly #inMemory = new Set<LeaseKey>();
  #number = 0;

  grant(): { epoch: number; number: number } {
    const ref = { epoch: this.epoch, number: ++this.#number };
    this.#inMemory.add(leaseKey(ref));
    return ref;
  }

  restart(): void {
    this.epoch++;
    this.#inMemory.clear();
  }

  take(request: ExchangeRequest): ReportStatus[] {
    return request.reports.map(({ lease, ticket, attempts }) => {
      const key = leaseKey(lease);
      if (!this.#inMemory.has(key) && ticket.byteLength === 0) return REPORT_STATUS.ticketNeeded;
      for (const { offset, body } of attempts) {
        const name = `${key}/${offset}`;
        const before = this.written.get(name);
        // A double report is harmless only where it says the same.
        expect(before === undefined || before === body[0]).toBe(true);
        this.written.set(name, body[0]!);
      }
      return REPORT_STATUS.accepted;
    });
  }
}

type Step =
  | { kind: 'grant' }
  | { kind: 'record'; lease: number; offset: number; value: number }
  | { kind: 'close'; lease: number }
  | { kind: 'send' }
  /** The coordinator reads an exchange that is on the way; its answer may be lost with the connection. */
  | { kind: 'deliver'; at: number }
  | { kind: 'answer'; at: number }
  | { kind: 'refuse'; at: number }
  | { kind: 'disconnect' }
  | { kind: 'restart' };

const small = fc.nat({ max: 5 });
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('grant' as const) }),
    fc.record({
      kind: fc.constant('record' as const),
      lease: small,
      offset: fc.nat({ max: UNITS - 1 }),
      value: fc.nat({ max: 255 }),
    }),
    fc.record({ kind: fc.constant('close' as const), lease: small }),
    fc.record({ kind: fc.constant('send' as const) }),
    fc.record({ kind: fc.constant('deliver' as const), at: small }),
    fc.record({ kind: fc.constant('answer' as const), at: small }),
    fc.record({ kind: fc.constant('refuse' as const), at: small }),
    fc.record({ kind: fc.constant('disconnect' as const) }),
    fc.record({ kind: fc.constant('restart' as const) }),
  ),
  { maxLength: 120 },
);

interface Flight {
  request: ExchangeRequest;
  statuses: ReportStatus[] | null;
}

/** The book, a coordinator, and the wire between them. */
class World {
  readonly book = new ExchangeBook();
  readonly ledger = new Ledger();
  readonly recorded = new Map<string, number>();
  readonly leases: LeaseKey[] = [];
  flights: Flight[] = [];

  constructor() {
    this.book.welcomed(this.ledger.epoch);
  }

  apply(step: Step): void {
    const { book, ledger } = this;
    switch (step.kind) {
      case 'grant': {
        const ref = ledger.grant();
        book.grant(ref, new Uint8Array([ref.number & 0xff]), UNITS);
        this.leases.push(leaseKey(ref));
        return;
      }
      case 'record': {
        const key = this.leases[step.lease];
        if (key === undefined) return;
        const body = new Uint8Array([step.value]);
        if (book.record(key, { offset: step.offset, outcome: OUTCOME.bytes, runMs: 0, body })) {
          const name = `${key}/${step.offset}`;
          expect(this.recorded.has(name)).toBe(false);
          this.recorded.set(name, step.value);
        }
        return;
      }
      case 'close': {
        const key = this.leases[step.lease];
        if (key !== undefined) book.close(key);
        return;
      }
      case 'send': {
        const request = book.compose(1, () => 0);
        if (request === null) return;
        this.#noneTwice(request);
        this.flights.push({ request, statuses: null });
        return;
      }
      case 'deliver': {
        const flight = this.flights[step.at];
        if (flight !== undefined) flight.statuses ??= ledger.take(flight.request);
        return;
      }
      case 'answer':
      case 'refuse': {
        const flight = this.flights[step.at];
        if (flight === undefined) return;
        this.flights = this.flights.filter((other) => other !== flight);
        if (step.kind === 'refuse') return book.failed(flight.request);
        flight.statuses ??= ledger.take(flight.request);
        book.answered(flight.request, { seq: flight.request.seq, statuses: flight.statuses });
        return;
      }
      case 'disconnect':
        this.flights = [];
        book.disconnected();
        book.welcomed(ledger.epoch);
        return;
      case 'restart':
        ledger.restart();
        this.apply({ kind: 'disconnect' });
    }
  }

  /** On one connection no attempt is in two exchanges that are on the way. */
  #noneTwice(request: ExchangeRequest): void {
    const names = ({ reports }: ExchangeRequest): string[] =>
      reports.flatMap(({ lease, attempts }) => attempts.map(({ offset }) => `${leaseKey(lease)}/${offset}`));
    const away = new Set(this.flights.flatMap((flight) => names(flight.request)));
    expect(names(request).filter((name) => away.has(name))).toEqual([]);
  }

  /** From here on nothing is lost: everything must arrive within a few rounds. */
  settle(): void {
    for (let round = 0; round < 4; round++) {
      this.apply({ kind: 'send' });
      while (this.flights.length > 0) this.apply({ kind: 'answer', at: 0 });
    }
  }
}

test('VE11: whatever the order of answers, losses and restarts, no report is lost or changed', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const world = new World();
      for (const step of list) world.apply(step);
      world.settle();
      expect(world.book.unacknowledged).toBe(0);
      expect(world.ledger.written).toEqual(world.recorded);
    }),
    { numRuns: 400 },
  );
});
