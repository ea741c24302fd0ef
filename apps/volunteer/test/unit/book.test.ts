import type { AttemptReport, ExchangeRequest, LeaseRef, ReportStatus } from '@gossamer/protocol';
import { OUTCOME, REPORT_STATUS } from '@gossamer/protocol';
import { describe, expect, test } from 'vitest';
import { ExchangeBook, IN_FLIGHT_MAX } from '../../src/engine/exchange/book.ts';
import { leaseKey } from '../../src/engine/exchange/lease-key.ts';

const TICKET = new Uint8Array([1, 2, 3]);
const LEASE: LeaseRef = { epoch: 7, number: 1 };
const KEY = leaseKey(LEASE);
const idle = (): number => 0;

const report = (offset: number, text = 'x'): AttemptReport => ({
  offset,
  outcome: OUTCOME.json,
  runMs: 5,
  body: new TextEncoder().encode(text),
});

const answer = (request: ExchangeRequest, status: ReportStatus = REPORT_STATUS.accepted) => ({
  seq: request.seq,
  statuses: request.reports.map(() => status),
});

const granted = (units = 3): ExchangeBook => {
  const book = new ExchangeBook();
  book.welcomed(7);
  book.grant(LEASE, TICKET, units);
  return book;
};

describe('the bookkeeping of exchanges', () => {
  test('VE1: a report is sent once, and dropped when it is accepted', () => {
    const book = granted();
    book.record(KEY, report(0));
    const first = book.compose(0, idle)!;
    expect(first.reports).toEqual([{ lease: LEASE, ticket: new Uint8Array(0), attempts: [report(0)] }]);
    expect(book.compose(0, idle)!.reports).toEqual([]);
    expect(book.answered(first, answer(first))).toBe(true);
    expect(book.unacknowledged).toBe(0);
  });

  test('VE1: a refused report is dropped as well, for it can never be accepted', () => {
    const book = granted();
    book.record(KEY, report(0));
    const request = book.compose(0, idle)!;
    book.answered(request, answer(request, REPORT_STATUS.refused));
    expect(book.unacknowledged).toBe(0);
  });

  test('VE2: an attempt has one outcome: a second one is not taken', () => {
    const book = granted();
    expect(book.record(KEY, report(0, 'first'))).toBe(true);
    expect(book.record(KEY, report(0, 'second'))).toBe(false);
    const request = book.compose(0, idle)!;
    book.answered(request, answer(request));
    expect(book.record(KEY, report(0, 'third'))).toBe(false);
    expect(book.waiting).toBe(0);
  });

  test('VE2: an outcome beyond the lease, after its end, or of an unknown lease is not taken', () => {
    const book = granted(2);
    expect(book.record(KEY, report(2))).toBe(false);
    expect(book.record('9:9', report(0))).toBe(false);
    book.close(KEY);
    expect(book.record(KEY, report(0))).toBe(false);
  });

  test('VE3: what was on the way when the connection was lost is sent again', () => {
    const book = granted();
    book.record(KEY, report(0));
    const lost = book.compose(1, idle)!;
    book.disconnected();
    book.welcomed(7);
    expect(book.inFlight).toBe(0);
    const again = book.compose(1, idle)!;
    expect(again.reports).toEqual(lost.reports);
    expect(again.seq).toBe(1);
  });

  test('VE3: an answer of a connection that was lost changes nothing', () => {
    const book = granted();
    book.record(KEY, report(0));
    const lost = book.compose(1, idle)!;
    book.disconnected();
    expect(book.answered(lost, answer(lost))).toBe(false);
    expect(book.waiting).toBe(1);
  });

  test('VE4: a lease of another epoch is reported with its ticket', () => {
    const book = granted();
    book.record(KEY, report(0));
    book.welcomed(8);
    expect(book.compose(0, idle)!.reports[0]!.ticket).toEqual(TICKET);
  });

  test('VE4: a report is sent again with its ticket when the coordinator asks for it', () => {
    const book = granted();
    book.record(KEY, report(0));
    const bare = book.compose(0, idle)!;
    book.answered(bare, answer(bare, REPORT_STATUS.ticketNeeded));
    const shown = book.compose(0, idle)!;
    expect(shown.reports).toEqual([{ lease: LEASE, ticket: TICKET, attempts: [report(0)] }]);
  });

  test('VE5: open leases are held with their run time, closed ones are not', () => {
    const book = granted();
    book.grant({ epoch: 7, number: 2 }, TICKET, 1);
    book.close(leaseKey({ epoch: 7, number: 2 }));
    expect(book.compose(0, () => 1234.4)!.held).toEqual([{ lease: LEASE, runMs: 1234, ticket: new Uint8Array(0) }]);
    expect(book.open).toBe(1);
  });

  test('VE5: leases of an earlier start of the coordinator are held with their ticket, at every beat', () => {
    const book = granted();
    book.welcomed(8);
    for (let beat = 0; beat < 2; beat++) {
      expect(book.compose(0, idle)!.held).toEqual([{ lease: LEASE, runMs: 0, ticket: TICKET }]);
    }
    book.welcomed(7);
    expect(book.compose(0, idle)!.held[0]!.ticket.byteLength).toBe(0);
  });

  test('VE5: a closed lease still delivers what it has', () => {
    const book = granted();
    book.record(KEY, report(0));
    book.close(KEY);
    const request = book.compose(0, idle)!;
    expect(request.held).toEqual([]);
    expect(request.reports).toHaveLength(1);
    expect(book.missing(KEY)).toEqual([1, 2]);
    book.answered(request, answer(request));
    expect(book.missing(KEY)).toEqual([]);
  });

  test('VE6: at most two exchanges are on the way', () => {
    const book = granted();
    for (let n = 0; n < IN_FLIGHT_MAX; n++) expect(book.compose(1, idle)).not.toBeNull();
    expect(book.compose(1, idle)).toBeNull();
  });

  test('VE7: the first exchange of a page is fresh, and the one after answers were lost', () => {
    const book = new ExchangeBook();
    book.welcomed(1);
    const first = book.compose(1, idle)!;
    expect(first.fresh).toBe(true);
    book.answered(first, answer(first));
    expect(book.compose(1, idle)!.fresh).toBe(false);
    book.disconnected();
    book.welcomed(1);
    expect(book.compose(1, idle)!.fresh).toBe(true);
  });

  test('VE8: an answer with a wrong number of statuses drops nothing', () => {
    const book = granted();
    book.record(KEY, report(0));
    const request = book.compose(0, idle)!;
    expect(book.answered(request, { seq: request.seq, statuses: [] })).toBe(false);
    expect(book.waiting).toBe(1);
    expect(book.inFlight).toBe(0);
  });

  test('VE8: an answer with the number of another exchange drops nothing', () => {
    const book = granted();
    book.record(KEY, report(0));
    const request = book.compose(0, idle)!;
    expect(book.answered(request, { ...answer(request), seq: 99 })).toBe(false);
    expect(book.waiting).toBe(1);
  });

  test('VE9: a lease that is granted twice is taken once', () => {
    const book = granted();
    expect(book.grant(LEASE, TICKET, 3)).toBe(false);
  });

  test('VE10: one exchange carries a bounded amount of bytes', () => {
    const book = granted(12);
    for (let offset = 0; offset < 12; offset++) {
      book.record(KEY, { ...report(offset), body: new Uint8Array(1024 * 1024) });
    }
    const first = book.compose(0, idle)!;
    const second = book.compose(0, idle)!;
    expect(first.reports[0]!.attempts.map(({ offset }) => offset)).toEqual([0, 1, 2, 3]);
    expect(second.reports[0]!.attempts.map(({ offset }) => offset)).toEqual([4, 5, 6, 7]);
    expect(book.waiting).toBe(4);
  });
});
