import type { AttemptReport, ResultBlob, ResultOffer } from '@gossamer/protocol';
import {
  decodeResultBlob,
  encodeResultBlob,
  ENCODING,
  inBlob,
  LIMITS,
  OUTCOME,
  resultOutcome,
  splitReceipt,
} from '@gossamer/protocol';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ExchangeBook } from '../../src/engine/exchange/book.ts';
import { leaseKey } from '../../src/engine/exchange/lease-key.ts';
import { LargeResults } from '../../src/engine/large-results/large-results.ts';
import { isLarge, resultReport } from '../../src/engine/outcomes.ts';

const LEASE = { epoch: 7, number: 3 };
const KEY = leaseKey(LEASE);
const SIZE = LIMITS.result + 8;
const RECEIPT = Buffer.from('0123456789abcdef');

const bodyOf = (value: number): Uint8Array<ArrayBuffer> => new Uint8Array(SIZE).fill(value);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const result = (offset: number, value = offset): AttemptReport =>
  resultReport(offset, { encoding: ENCODING.float64, body: bodyOf(value) }, 12);

class Coded extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Sends as the test says; keeps what was asked, and how many at a time. */
const bench = (answers: (blob: ResultBlob) => Promise<unknown> = async () => undefined) => {
  const offers: ResultOffer[] = [];
  const recorded: AttemptReport[] = [];
  let [now, most] = [0, 0];
  const large = new LargeResults({
    offer: async (offer) => {
      offers.push(offer);
      return { permit: 'p' };
    },
    send: async (blob, body, _permit, signal) => {
      now += 1;
      most = Math.max(most, now);
      try {
        expect(sha256(body)).toBe(blob.sha256);
        await answers(blob);
        signal.throwIfAborted();
        return { ...blob, receipt: RECEIPT.toString('base64') };
      } finally {
        now -= 1;
      }
    },
    record: (_key, report) => void recorded.push(report),
    random: () => 0.5,
  });
  return { large, offers, recorded, most: () => most };
};

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

/** Until it holds, with the clock going on. */
const until = async (check: () => boolean): Promise<void> => {
  for (let tries = 0; !check(); tries++) {
    if (tries > 2000) throw new Error('it never came');
    await vi.advanceTimersByTimeAsync(50);
    await new Promise((resolve) => setImmediate(resolve));
  }
};

test('LB30: a lease whose result is still to be reported is held, also when it is over, until it is reported or given up', () => {
  const book = new ExchangeBook();
  book.welcomed(7);
  book.grant(LEASE, new Uint8Array(3), 2);
  expect(book.promise(KEY, 0)).toEqual(LEASE);
  expect(book.promise(KEY, 0)).toBeNull();
  expect(book.record(KEY, { ...result(1), body: new Uint8Array(1) })).toBe(true);
  expect(book.missing(KEY)).toEqual([]);
  book.close(KEY);
  expect(book.promise(KEY, 1)).toBeNull();
  const first = book.compose(0, () => 5)!;
  expect([first.held.length, first.reports[0]!.attempts.length]).toEqual([1, 1]);
  book.answered(first, { seq: first.seq, statuses: [1] });
  expect(book.compose(0, () => 5)!.held).toHaveLength(1);
  const report = { offset: 0, outcome: OUTCOME.bytes, runMs: 1, body: new Uint8Array(2) };
  expect([book.record(KEY, report), book.record(KEY, report)]).toEqual([true, false]);
  book.failed(first);
  book.disconnected();
  const last = book.compose(0, () => 5)!;
  expect([last.held, last.reports[0]!.attempts]).toEqual([[], [report]]);
  book.answered(last, { seq: last.seq, statuses: [1] });
  expect(book.promise(KEY, 0)).toBeNull();
  // One that is of no use is held no more.
  book.grant({ epoch: 7, number: 4 }, new Uint8Array(3), 1);
  book.promise('7:4', 0);
  book.close('7:4');
  book.abandon('7:4');
  expect(book.record('7:4', report)).toBe(false);
});

test('LB31: a result of over 1 MiB is offered and sent by its name, two at a time, and reported with the receipt; a smaller one is not', async () => {
  let go: () => void = () => {};
  const gate = new Promise<void>((resolve) => (go = resolve));
  const { large, offers, recorded, most } = bench(() => gate);
  const results = [0, 1, 2, 3].map((offset) => result(offset));
  for (const one of results) {
    expect(isLarge(one)).toBe(true);
    large.add(KEY, LEASE, one);
  }
  expect(isLarge({ ...results[0]!, body: new Uint8Array(LIMITS.result) })).toBe(false);
  expect(isLarge({ ...results[0]!, outcome: OUTCOME.errored })).toBe(false);
  await until(() => offers.length === 2);
  expect(large.unsent).toBe(4);
  go();
  await until(() => recorded.length === 4);
  expect([most(), large.unsent]).toEqual([2, 0]);
  for (const { offset, outcome, runMs, body } of recorded) {
    expect([outcome, runMs]).toEqual([resultOutcome(inBlob(ENCODING.float64)), 12]);
    const { name, receipt } = splitReceipt(body);
    const blob = { sha256: sha256(bodyOf(offset)), size: SIZE };
    expect(decodeResultBlob(name)).toEqual(blob);
    expect(new Uint8Array(name)).toEqual(encodeResultBlob(blob as ResultBlob));
    expect(Buffer.compare(receipt, RECEIPT)).toBe(0);
    expect(offers).toContainEqual({ epoch: 7, lease: 3, offset, ...blob });
  }
});

test('LB31: what breaks off is sent again; what is no use is given back, and so is what goes wrong again and again', async () => {
  const left = new Map([
    [sha256(bodyOf(0)), [new Error('the line broke'), new Coded('storage-full'), new Coded('upload-unknown')]],
    [sha256(bodyOf(1)), [new Coded('body-too-large')]],
    [sha256(bodyOf(2)), Array.from({ length: 20 }, () => new Coded('blob-mismatch'))],
  ]);
  const { large, recorded, offers } = bench(async (blob) => {
    const error = left.get(blob.sha256)?.shift();
    if (error !== undefined) throw error;
  });
  for (const offset of [0, 1, 2]) large.add(KEY, LEASE, result(offset));
  await until(() => recorded.length === 3);
  const outcomes = Object.fromEntries(recorded.map(({ offset, outcome }) => [offset, outcome]));
  expect(outcomes).toEqual({ 0: resultOutcome(inBlob(ENCODING.float64)), 1: OUTCOME.released, 2: OUTCOME.released });
  const tries = (offset: number): number => offers.filter((offer) => offer.offset === offset).length;
  expect([tries(0), tries(1), tries(2)]).toEqual([4, 1, 5]);
});

test('LB32: of a lease that is of no more use nothing is sent or reported; a tab that leaves gives back what it has not sent', async () => {
  const { large, recorded } = bench(() => new Promise(() => undefined));
  for (const offset of [0, 1, 2]) large.add(KEY, LEASE, result(offset));
  large.drop(KEY);
  expect(large.unsent).toBe(0);
  for (const offset of [0, 1, 2]) large.add('7:9', { epoch: 7, number: 9 }, result(offset));
  large.giveBack('the tab leaves');
  expect(large.unsent).toBe(0);
  await until(() => recorded.length === 3);
  expect(recorded.map(({ offset }) => offset).sort((a, b) => a - b)).toEqual([0, 1, 2]);
  expect(recorded.map(({ outcome }) => outcome)).toEqual(Array(3).fill(OUTCOME.released));
});

test('LB32: no more work is asked for while 128 MiB wait to be sent', () => {
  const { large } = bench(() => new Promise(() => undefined));
  const body = new Uint8Array(64 * 1024 * 1024);
  large.add(KEY, LEASE, resultReport(0, { encoding: ENCODING.bytes, body }, 1));
  expect(large.isFull).toBe(false);
  large.add(KEY, LEASE, resultReport(1, { encoding: ENCODING.bytes, body }, 1));
  expect(large.isFull).toBe(true);
  large.drop(KEY);
  expect(large.isFull).toBe(false);
});
