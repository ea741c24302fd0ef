import fc from 'fast-check';
import type { ExchangeRequest, ExchangeResponse, LeaseTicket, Outcome, ReportStatus } from '../src/index.ts';
import { ENCODING, inBlob, LIMITS, OUTCOME, REPORTED_BLOB_BYTES, resultOutcome } from '../src/index.ts';

export const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
/** Bytes of this realm's own Uint8Array: `toEqual` tells others apart. */
export const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((random) => new Uint8Array(random));
const lease = fc.record({ epoch: u32, number: u32 });

/** What a tab reports of a large result: a name and a receipt, of whatever bytes. */
const large = fc.record({
  offset: fc.integer({ min: 0, max: 0xffff }),
  outcome: fc.constantFrom(...Object.values(ENCODING)).map((encoding) => resultOutcome(inBlob(encoding))),
  runMs: u32,
  body: fc
    .uint8Array({ minLength: REPORTED_BLOB_BYTES, maxLength: REPORTED_BLOB_BYTES })
    .map((random) => new Uint8Array(random)),
});

const small = fc.record({
  offset: fc.integer({ min: 0, max: 0xffff }),
  outcome: fc.oneof(
    fc.constantFrom<Outcome>(...Object.values(OUTCOME)),
    fc.constantFrom(...Object.values(ENCODING)).map(resultOutcome),
  ),
  runMs: u32,
  body: bytes(40),
});

const attempt = fc.oneof({ weight: 3, arbitrary: small }, { weight: 1, arbitrary: large });

export const request: fc.Arbitrary<ExchangeRequest> = fc.record({
  seq: u32,
  slots: fc.integer({ min: 0, max: LIMITS.slots }),
  fresh: fc.boolean(),
  held: fc.array(fc.record({ lease, runMs: u32, ticket: bytes(100) }), { maxLength: 8 }),
  reports: fc.array(fc.record({ lease, ticket: bytes(60), attempts: fc.array(attempt, { maxLength: 6 }) }), {
    maxLength: 5,
  }),
});

const encoding = fc.constantFrom(...Object.values(ENCODING));
const unitInput = fc.oneof(
  fc.record({ kind: fc.constant('inline' as const), encoding, body: bytes(50) }),
  fc.record({
    kind: fc.constant('blob' as const),
    encoding,
    sha256: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((random) => new Uint8Array(random)),
    size: u32,
  }),
);

export const response: fc.Arbitrary<ExchangeResponse> = fc.record({
  seq: u32,
  retryAfterMs: u32,
  statuses: fc.array(
    fc.integer({ min: 1, max: 3 }).map((code) => code as ReportStatus),
    { maxLength: 8 },
  ),
  cards: fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 }),
  leases: fc.array(fc.record({ ticket: bytes(60), inputs: fc.array(unitInput, { maxLength: 5 }) }), { maxLength: 4 }),
  revoked: fc.array(lease, { maxLength: 6 }),
});

export const ticket: fc.Arbitrary<LeaseTicket> = fc.record({
  epoch: u32,
  number: u32,
  job: u32,
  units: fc.array(u32, { maxLength: 50 }),
});

/** What a bad line or a bad tab makes of a frame: flipped bytes, a lost end, bytes that were put in. */
export const mutated = (frames: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(
      frames,
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
      fc.option(fc.nat(), { nil: null }),
      bytes(6),
    )
    .map(([frame, flips, cut, tail]) => {
      const changed = Uint8Array.from([...frame, ...tail]);
      for (const [at, value] of flips) if (changed.byteLength > 0) changed[at % changed.byteLength] = value;
      return cut === null ? changed : changed.slice(0, cut % (changed.byteLength + 1));
    });
