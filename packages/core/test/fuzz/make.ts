import type {
  AttemptReport,
  Encoding,
  ExchangeRequest,
  ExchangeResponse,
  LeaseRef,
  LeaseTicket,
  Outcome,
  ReportStatus,
  ResultBlob,
  UnitInput,
} from '@gossamer/protocol';
import { encodeResultBlob, inBlob, joinReceipt, LIMITS, resultOutcome, Sha256 } from '@gossamer/protocol';
import type { Decided, JobFact } from '../../src/index.ts';
import type { Chance } from './chance.ts';

/** Most frames are small; a few have what the limits allow. */
export interface Sizes {
  entries: number;
  bytes: number;
}

const ref = (chance: Chance): LeaseRef => ({ epoch: chance.u32(), number: chance.u32() });
const body = (chance: Chance, { bytes }: Sizes): Uint8Array<ArrayBuffer> => chance.bytes(chance.below(bytes + 1));

export const makeBlob = (chance: Chance): ResultBlob => ({
  sha256: Buffer.from(chance.bytes(32)).toString('hex') as Sha256,
  size: LIMITS.result + 1 + chance.below(LIMITS.largeResult - LIMITS.result),
});

/** One in five reports a large result. */
const attempt = (chance: Chance, sizes: Sizes): AttemptReport => {
  const head = { offset: chance.u16(), runMs: chance.u32() };
  if (chance.below(5) > 0) return { ...head, outcome: (1 + chance.below(5)) as Outcome, body: body(chance, sizes) };
  const outcome = resultOutcome(inBlob(chance.below(12) as Encoding));
  return { ...head, outcome, body: joinReceipt(encodeResultBlob(makeBlob(chance)), chance.bytes(16)) };
};

export const makeRequest = (chance: Chance, sizes: Sizes): ExchangeRequest => ({
  seq: chance.u32(),
  slots: chance.pick([0, 1, LIMITS.slots]),
  fresh: chance.next() < 0.5,
  held: chance.list(sizes.entries, () => ({ lease: ref(chance), runMs: chance.u32(), ticket: body(chance, sizes) })),
  reports: chance.list(sizes.entries, () => ({
    lease: ref(chance),
    ticket: body(chance, sizes),
    attempts: chance.list(sizes.entries, () => attempt(chance, sizes)),
  })),
});

const input = (chance: Chance, sizes: Sizes): UnitInput => {
  const encoding = chance.pick([0, 1] as const);
  if (chance.next() < 0.7) return { kind: 'inline', encoding, body: body(chance, sizes) };
  return { kind: 'blob', encoding, sha256: chance.bytes(32), size: chance.u32() };
};

export const makeResponse = (chance: Chance, sizes: Sizes): ExchangeResponse => ({
  seq: chance.u32(),
  retryAfterMs: chance.u32(),
  statuses: chance.list(sizes.entries, () => (1 + chance.below(3)) as ReportStatus),
  cards: chance.list(sizes.entries, () => chance.text(sizes.bytes)),
  leases: chance.list(sizes.entries, () => ({
    ticket: body(chance, sizes),
    inputs: chance.list(sizes.entries, () => input(chance, sizes)),
  })),
  revoked: chance.list(sizes.entries, () => ref(chance)),
});

export const makeTicket = (chance: Chance, sizes: Sizes): LeaseTicket => ({
  ...ref(chance),
  job: chance.u32(),
  units: chance.list(sizes.entries * 8, () => chance.u32()),
});

const BLOB = Sha256.parse('0a'.repeat(32));

const makeFact = (chance: Chance, sizes: Sizes): JobFact => {
  const at = chance.below(2 ** 48);
  const from = () => ({ device: chance.u32(), epoch: chance.u32(), lease: chance.u32() });
  const tried = () => ({ unit: chance.u32(), offset: chance.u16(), runMs: chance.u32() });
  const many = <Item>(make: () => Item): Item[] => chance.list(sizes.entries, make);
  const text = () => chance.text(sizes.bytes);
  const flag = () => chance.next() < 0.5;
  const ordinals = () => many(() => ({ unit: chance.u32(), ordinal: chance.u16() }));
  const verdicts = ['valid', 'invalid', 'inconclusive'] as const;
  const makers: (() => JobFact)[] = [
    () => ({ kind: 'created', at, id: text(), submitter: text(), submitterName: text(), total: at, spec: text() }),
    () => ({ kind: 'cut', at, upto: at }),
    () => ({ kind: 'appended', at, upto: at, longest: chance.u32(), blob: BLOB }),
    () => ({ kind: 'closed', at }),
    () => ({
      kind: 'returned',
      at,
      ...from(),
      items: many(() => {
        if (flag()) return { ...tried(), encoding: chance.pick([0, 1] as const), body: body(chance, sizes) };
        return { ...tried(), encoding: inBlob(chance.below(12) as Encoding), body: encodeResultBlob(makeBlob(chance)) };
      }),
    }),
    () => ({ kind: 'errored', at, ...from(), items: many(() => ({ ...tried(), overran: flag(), text: text() })) }),
    () => ({
      kind: 'judged',
      at,
      items: many(() => ({
        unit: chance.u32(),
        canonical: flag() ? null : chance.below(0xffff),
        verdicts: many(() => ({ ordinal: chance.u16(), verdict: chance.pick(verdicts) })),
      })),
    }),
    () => ({
      kind: 'compared',
      at,
      items: many(() => ({ unit: chance.u32(), reference: chance.u16(), candidate: chance.u16(), same: flag() })),
    }),
    () => ({ kind: 'accepted', at, device: chance.u32(), items: ordinals() }),
    () => ({ kind: 'audited', at, device: chance.u32(), items: ordinals() }),
    () => ({ kind: 'caught', at, device: chance.u32(), here: flag(), foreign: flag() }),
    () => ({ kind: 'revoked', at, items: many(() => ({ unit: chance.u32(), ordinals: many(() => chance.u16()) })) }),
    () => ({ kind: 'failed', at, unit: chance.u32(), reason: text() }),
    () => ({
      kind: 'lost',
      at,
      items: many(() => ({ unit: chance.u32(), expired: chance.u16(), abandoned: chance.u16() })),
    }),
    () => ({ kind: 'withdrawn', at, units: many(() => chance.u32()) }),
    () => ({ kind: 'retried', at, units: many(() => chance.u32()) }),
    () => ({ kind: 'held', at, reason: text() }),
    () => ({ kind: 'released', at, reason: text() }),
    () => ({ kind: 'cancelled', at, reason: text() }),
    () => ({ kind: 'relaxed', at, device: flag(), volunteer: flag(), prefix: flag() }),
  ];
  return chance.pick(makers)();
};

export const makeDecisions = (chance: Chance, sizes: Sizes): Decided[] =>
  Array.from({ length: 1 + chance.below(sizes.entries) }, () => ({
    cause: chance.text(20),
    facts: chance.list(sizes.entries, () => makeFact(chance, sizes)),
  }));
