import { encodeResultBlob, ENCODING, FrameError, FrameWriter, inBlob, LIMITS, Sha256 } from '@gossamer/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobFact } from '../src/index.ts';
import {
  applyFact,
  decodeDecisions,
  decodeFacts,
  decodeGridFacts,
  durableBytes,
  encodeFacts,
  encodeGridFacts,
  foldJob,
  IllegalFact,
} from '../src/index.ts';
import { done, Grid, hash, threw } from './grid.ts';

const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const u16 = fc.integer({ min: 0, max: 0xffff });
const at = fc.integer({ min: 0, max: 2 ** 48 });
const text = fc.string({ unit: 'binary', maxLength: 30 });
const body = fc.uint8Array({ maxLength: 40 }).map((random) => new Uint8Array(random));
const many = <Item>(item: fc.Arbitrary<Item>) => fc.array(item, { maxLength: 5 });
const lease = { device: u32, epoch: u32, lease: u32 };
const attempt = { unit: u32, offset: u16, runMs: u32 };

const sha256 = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Sha256.parse(Buffer.from(bytes).toString('hex')));

const ordinals = many(fc.record({ unit: u32, ordinal: u16 }));

/** What is written of a large result. */
const blobBody = fc
  .record({
    sha256: fc.stringMatching(/^[0-9a-f]{64}$/).map((name) => name as Sha256),
    size: fc.integer({ min: LIMITS.result + 1, max: LIMITS.largeResult }),
  })
  .map((blob) => new Uint8Array(encodeResultBlob(blob)));

/** Kinds that version 1 of a segment did not have, and large results. */
const newFact: fc.Arbitrary<JobFact> = fc.oneof(
  fc.record({
    kind: fc.constant('compared' as const),
    at,
    items: many(fc.record({ unit: u32, reference: u16, candidate: u16, same: fc.boolean() })),
  }),
  fc.record({ kind: fc.constantFrom('accepted' as const, 'audited' as const), at, device: u32, items: ordinals }),
  fc.record({ kind: fc.constant('caught' as const), at, device: u32, here: fc.boolean(), foreign: fc.boolean() }),
  fc.record({
    kind: fc.constant('revoked' as const),
    at,
    items: many(fc.record({ unit: u32, ordinals: many(u16) })),
  }),
  fc.record({ kind: fc.constantFrom('withdrawn' as const, 'retried' as const), at, units: many(u32) }),
  fc.record({ kind: fc.constant('appended' as const), at, upto: at, longest: u32, blob: sha256 }),
  fc.record({ kind: fc.constant('closed' as const), at }),
  fc.record({ kind: fc.constant('released' as const), at, reason: fc.string() }),
  fc.record({
    kind: fc.constant('returned' as const),
    at,
    ...lease,
    items: many(
      fc.record({
        ...attempt,
        encoding: fc.constantFrom(...Object.values(ENCODING)).map((encoding) => inBlob(encoding)),
        body: blobBody,
      }),
    ),
  }),
);

const oldFact: fc.Arbitrary<JobFact> = fc.oneof(
  fc.record({
    kind: fc.constant('created' as const),
    at,
    id: text,
    submitter: text,
    submitterName: text,
    total: at,
    spec: text,
  }),
  fc.record({ kind: fc.constant('cut' as const), at, upto: at }),
  fc.record({
    kind: fc.constant('returned' as const),
    at,
    ...lease,
    items: many(fc.record({ ...attempt, encoding: fc.constantFrom(...Object.values(ENCODING)), body })),
  }),
  fc.record({
    kind: fc.constant('errored' as const),
    at,
    ...lease,
    items: many(fc.record({ ...attempt, overran: fc.boolean(), text })),
  }),
  fc.record({
    kind: fc.constant('judged' as const),
    at,
    items: many(
      fc.record({
        unit: u32,
        canonical: fc.option(fc.integer({ min: 0, max: 0xfffe }), { nil: null }),
        verdicts: many(
          fc.record({
            ordinal: u16,
            verdict: fc.constantFrom('valid' as const, 'invalid' as const, 'inconclusive' as const),
          }),
        ),
      }),
    ),
  }),
  fc.record({ kind: fc.constant('failed' as const), at, unit: u32, reason: text }),
  fc.record({
    kind: fc.constant('lost' as const),
    at,
    items: many(fc.record({ unit: u32, expired: u16, abandoned: u16 })),
  }),
  fc.record({ kind: fc.constant('held' as const), at, reason: text }),
  fc.record({ kind: fc.constant('released' as const), at, reason: fc.constant('') }),
  fc.record({ kind: fc.constant('cancelled' as const), at, reason: text }),
  fc.record({
    kind: fc.constant('relaxed' as const),
    at,
    device: fc.boolean(),
    volunteer: fc.boolean(),
    prefix: fc.boolean(),
  }),
);

const segmentOf = (fact: fc.Arbitrary<JobFact>) => fc.record({ cause: text, facts: fc.array(fact, { maxLength: 6 }) });
const segment = segmentOf(fc.oneof({ weight: 2, arbitrary: oldFact }, { weight: 1, arbitrary: newFact }));

describe('facts', () => {
  it('FA1: a segment is read as it was written', () => {
    fc.assert(
      fc.property(segment, (written) => {
        expect(decodeDecisions(encodeFacts(written))).toEqual([written]);
      }),
    );
  });

  it('FA1: what several causes brought about is read as it was written, one after the other', () => {
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), (written) => {
        const bytes = new Uint8Array(Buffer.concat(written.map(encodeFacts)));
        expect(decodeDecisions(bytes)).toEqual(written);
        expect(decodeFacts(bytes)).toEqual(written.flatMap(({ facts }) => facts));
      }),
    );
  });

  it('FA1: each kind of fact is among them, and a segment of version 1 is read as it was written', () => {
    const kinds = new Set(fc.sample(segment, 500).flatMap(({ facts }) => facts.map(({ kind }) => kind)));
    expect(kinds.size).toBe(20);
    fc.assert(
      fc.property(segmentOf(oldFact), (written) => {
        const bytes = encodeFacts(written);
        expect(bytes[0]).toBe(7);
        bytes[0] = 1;
        expect(decodeDecisions(bytes)).toEqual([written]);
      }),
    );
  });

  it('FA1: whatever can be written can be read: a spec that grew beyond the limit of a body, a result of any size', () => {
    const spec = 'x'.repeat(3 * LIMITS.body);
    const created: JobFact = { kind: 'created', at: 1, id: 'j', submitter: 'k', submitterName: 'n', total: 1, spec };
    const returned: JobFact = {
      kind: 'returned',
      at: 1,
      device: 1,
      epoch: 1,
      lease: 1,
      items: [{ unit: 0, offset: 0, runMs: 1, encoding: 1, body: new Uint8Array(LIMITS.result + 1) }],
    };
    const written = encodeFacts({ cause: 'c', facts: [created, returned] });
    const read = decodeFacts(written);
    expect(read.map(({ kind }) => kind)).toEqual(['created', 'returned']);
    expect(Buffer.from(encodeFacts({ cause: 'c', facts: read })).equals(written)).toBe(true);
  });

  it('FA1: as many causes as a segment can hold are read', () => {
    const empty = encodeFacts({ cause: '', facts: [] });
    const bytes = new Uint8Array(200_000 * empty.byteLength);
    for (let at = 0; at < bytes.byteLength; at += empty.byteLength) bytes.set(empty, at);
    expect(decodeFacts(bytes)).toEqual([]);
    expect(decodeDecisions(bytes)).toHaveLength(200_000);
  });

  it('FA2: a segment that is garbage, or was cut off, is refused with a FrameError and nothing else', () => {
    fc.assert(
      fc.property(segment, fc.nat(), fc.nat(255), fc.boolean(), (written, place, value, cut) => {
        const bytes = encodeFacts(written);
        bytes[place % bytes.byteLength] = value;
        try {
          decodeFacts(cut ? bytes.subarray(0, place % bytes.byteLength) : bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(FrameError);
        }
      }),
      { numRuns: 1000 },
    );
    const whole = encodeFacts({ cause: 'c', facts: [{ kind: 'released', at: 1, reason: '' }] });
    for (let length = 0; length < whole.byteLength; length++) {
      expect(() => decodeFacts(whole.subarray(0, length))).toThrow(FrameError);
    }
  });

  it('FA2: a version and a kind that are not known are refused by name', () => {
    const whole = encodeFacts({ cause: '', facts: [{ kind: 'released', at: 1, reason: '' }] });
    const newer = whole.slice();
    newer[0] = 8;
    expect(() => decodeFacts(newer)).toThrow('segments of version 8 are not known');
    const alien = whole.slice();
    alien[9] = 99;
    expect(() => decodeFacts(alien)).toThrow('a fact of kind 99 is not known');
    const item = { unit: 0, offset: 0, runMs: 1, encoding: 12 as 1, body: new Uint8Array(0) };
    const from = { at: 1, device: 1, epoch: 1, lease: 1 };
    const odd = encodeFacts({ cause: '', facts: [{ kind: 'returned', ...from, items: [item] }] });
    expect(() => decodeFacts(odd)).toThrow('encoding: 12 is none');
    const lie = new FrameWriter().u8(1).text('').u32(0xffff_ffff).finish();
    expect(() => decodeFacts(lie)).toThrow(FrameError);
  });

  it('FA7: a release without a reason is written as earlier versions wrote each, one with a reason as it is', () => {
    const ofVersion = (version: number) => new FrameWriter().u8(version).text('c').u32(1).u8(9).integer(5).finish();
    const plain = { kind: 'released', at: 5, reason: '' } as const;
    expect(decodeFacts(ofVersion(6))).toEqual([plain]);
    expect(encodeFacts({ cause: 'c', facts: [plain] })).toEqual(ofVersion(7));
    const facts = [plain, { ...plain, reason: 'it was “that”' }, plain];
    expect(decodeFacts(encodeFacts({ cause: 'c', facts }))).toEqual(facts);
  });

  it('FA3: replay gives the identical state, fact by fact', () => {
    const grid = new Grid();
    const job = grid.job({ total: 6, limits: { maxErrors: 1 } });
    const sessions = [1, 2, 3].map((number) => grid.join(number));
    const seen: [number, Buffer][] = [];
    for (let round = 0; round < 6; round++) {
      for (const [place, session] of sessions.entries()) {
        const lease = grid.take(session);
        if (lease === undefined) continue;
        grid.send(session, round === 4 ? threw(lease) : done(lease, place === 2 ? 'other' : 'same'));
        seen.push([grid.facts(job).length, Buffer.from(durableBytes(job))]);
      }
    }
    for (const [length, bytes] of seen) {
      const rebuilt = foldJob(job.number, grid.facts(job).slice(0, length), hash)!;
      expect(Buffer.from(durableBytes(rebuilt)).equals(bytes)).toBe(true);
    }
    expect(new Set(seen.map(([, bytes]) => bytes.toString('hex'))).size).toBe(seen.length);
  });

  it('FA4: a fact that cannot follow the ones before it is illegal, and says why', () => {
    const grid = new Grid();
    const job = grid.job({ total: 2, quorum: 1 });
    const a = grid.join(1);
    grid.send(a, done(grid.mustTake(a)));
    const facts = grid.facts(job);
    const from = { at: 1, device: 1, epoch: 1, lease: 1 };
    const returned = { unit: 2, offset: 0, runMs: 1, encoding: 0 as const, body: new Uint8Array(1) };
    const illegal: [JobFact, RegExp][] = [
      [facts[0]!, /created once/],
      [{ kind: 'cut', at: 1, upto: 2 }, /cut/],
      [{ kind: 'cut', at: 1, upto: 3 }, /cut/],
      [{ kind: 'returned', ...from, items: [returned] }, /unit 2 was never cut/],
      [{ kind: 'errored', ...from, items: [{ ...returned, overran: false, text: '' }] }, /never cut/],
      [{ kind: 'lost', at: 1, items: [{ unit: 2, expired: 1, abandoned: 0 }] }, /never cut/],
      [{ kind: 'withdrawn', at: 1, units: [2] }, /never cut/],
      [{ kind: 'retried', at: 1, units: [2] }, /never cut/],
      [{ kind: 'retried', at: 1, units: [1] }, /has not failed/],
      [{ kind: 'failed', at: 1, unit: 0, reason: '' }, /settled already/],
      [{ kind: 'judged', at: 1, items: [{ unit: 0, canonical: 0, verdicts: [] }] }, /settled already/],
      [
        { kind: 'judged', at: 1, items: [{ unit: 1, canonical: null, verdicts: [{ ordinal: 0, verdict: 'valid' }] }] },
        /does not wait/,
      ],
    ];
    for (const [bad, story] of illegal) {
      const rebuilt = foldJob(job.number, facts, hash)!;
      expect(() => applyFact(rebuilt, bad)).toThrow(story);
      expect(() => applyFact(rebuilt, bad)).toThrow(IllegalFact);
    }
  });

  it('FA5: a log without a beginning is no job', () => {
    expect(foldJob(1, [], hash)).toBeNull();
    expect(foldJob(1, [{ kind: 'held', at: 1, reason: '' }], hash)).toBeNull();
  });

  it('FA6: facts of the grid are read as they were written; what is none is refused', () => {
    const facts = [
      {
        kind: 'key-created' as const,
        at: 1,
        id: 'key_1',
        role: 'operator' as const,
        name: 'Ada',
        hash: 'ab',
        expiresAt: 9,
        quota: { openJobs: 3 },
      },
      { kind: 'key-revoked' as const, at: 2, id: 'key_1' },
      { kind: 'device-seen' as const, at: 3, number: 1, id: 'dev_1', publicKey: 'k', platform: 'p', prefix: null },
      { kind: 'device-moved' as const, at: 4, number: 1, prefix: 'x' },
      {
        kind: 'job-registered' as const,
        at: 5,
        number: 1,
        id: 'job_1',
        request: { key: 'a', fingerprint: 'b' },
        batch: 'batch_1',
      },
      { kind: 'key-quota-set' as const, at: 6, id: 'key_1', quota: { units: null } },
      {
        kind: 'batch-made' as const,
        at: 7,
        number: 1,
        id: 'batch_1',
        name: 'B',
        submitter: 'key_1',
        submitterName: 'Ada',
        jobs: [1],
        request: null,
      },
      { kind: 'job-deleted' as const, at: 8, number: 1, submitter: 'key_1' },
      { kind: 'job-settled' as const, at: 9, number: 1, accounts: [] },
      { kind: 'job-cleared' as const, at: 10, number: 1 },
    ];
    expect(decodeGridFacts(encodeGridFacts('why', facts))).toEqual({ cause: 'why', facts });
    // Keys of earlier versions.
    const { expiresAt: _, quota: __, ...old } = facts[0] as { expiresAt: number; quota: object };
    const text = JSON.stringify({ cause: 'why', facts: [old] });
    expect(decodeGridFacts(text).facts).toEqual([{ ...old, expiresAt: null, quota: {} }]);
    for (const bad of ['', '{', '[]', '{"cause":"x","facts":[{"kind":"none","at":1}]}']) {
      expect(() => decodeGridFacts(bad)).toThrow();
    }
  });
});
