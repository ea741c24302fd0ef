import {
  decodeResultBlob,
  FrameError,
  FrameReader,
  FrameWriter,
  isInBlob,
  isResultEncoding,
  Sha256,
} from '@gossamer/protocol';
import type {
  ComparedItem,
  ErroredItem,
  JobFact,
  JudgedItem,
  LostItem,
  OrdinalItem,
  ReturnedItem,
  RevokedItem,
  Verdict,
} from './job-fact.ts';

/** The first byte of every segment's body. A reader refuses what is newer than itself. */
export const SEGMENT_VERSION = 7;

const KIND = {
  created: 1,
  cut: 2,
  returned: 3,
  errored: 4,
  judged: 5,
  failed: 6,
  lost: 7,
  held: 8,
  released: 9,
  cancelled: 10,
  relaxed: 11,
  compared: 12,
  accepted: 13,
  audited: 14,
  caught: 15,
  revoked: 16,
  withdrawn: 17,
  retried: 18,
  appended: 19,
  closed: 20,
  /** As `released`, with a reason. */
  releasedFor: 21,
} as const;

const VERDICTS: readonly Verdict[] = ['valid', 'invalid', 'inconclusive'];
const NO_CANONICAL = 0xffff;
/** What was written must be readable: lengths in a log are bounded by the segment alone. */
const ANY = 0xffff_ffff;

/** What one cause (one exchange, one request) brought about. */
export interface Decided {
  cause: string;
  facts: JobFact[];
}

/** A release without a reason is written as earlier versions wrote every one. */
const kindOf = (fact: JobFact): number =>
  fact.kind === 'released' && fact.reason !== '' ? KIND.releasedFor : KIND[fact.kind];

const writeFact = (out: FrameWriter, fact: JobFact): void => {
  out.u8(kindOf(fact)).integer(fact.at);
  switch (fact.kind) {
    case 'created':
      out.text(fact.id).text(fact.submitter).text(fact.submitterName).integer(fact.total).text(fact.spec);
      return;
    case 'appended':
      out.integer(fact.upto).u32(fact.longest).text(fact.blob);
      return;
    case 'cut':
      out.integer(fact.upto);
      return;
    case 'returned':
      out.u32(fact.device).u32(fact.epoch).u32(fact.lease).u32(fact.items.length);
      for (const item of fact.items) {
        out.u32(item.unit).u16(item.offset).u32(item.runMs).u8(item.encoding).block(item.body);
      }
      return;
    case 'errored':
      out.u32(fact.device).u32(fact.epoch).u32(fact.lease).u32(fact.items.length);
      for (const item of fact.items) {
        out
          .u32(item.unit)
          .u16(item.offset)
          .u32(item.runMs)
          .u8(item.overran ? 1 : 0)
          .text(item.text);
      }
      return;
    case 'judged':
      out.u32(fact.items.length);
      for (const item of fact.items) {
        out
          .u32(item.unit)
          .u16(item.canonical ?? NO_CANONICAL)
          .u16(item.verdicts.length);
        for (const { ordinal, verdict } of item.verdicts) out.u16(ordinal).u8(VERDICTS.indexOf(verdict));
      }
      return;
    case 'compared':
      out.u32(fact.items.length);
      for (const item of fact.items) {
        out
          .u32(item.unit)
          .u16(item.reference)
          .u16(item.candidate)
          .u8(item.same ? 1 : 0);
      }
      return;
    case 'accepted':
    case 'audited':
      out.u32(fact.device).u32(fact.items.length);
      for (const item of fact.items) out.u32(item.unit).u16(item.ordinal);
      return;
    case 'caught':
      out.u32(fact.device).u8((fact.here ? 1 : 0) | (fact.foreign ? 2 : 0));
      return;
    case 'revoked':
      out.u32(fact.items.length);
      for (const item of fact.items) {
        out.u32(item.unit).u16(item.ordinals.length);
        for (const ordinal of item.ordinals) out.u16(ordinal);
      }
      return;
    case 'failed':
      out.u32(fact.unit).text(fact.reason);
      return;
    case 'lost':
      out.u32(fact.items.length);
      for (const item of fact.items) out.u32(item.unit).u16(item.expired).u16(item.abandoned);
      return;
    case 'withdrawn':
    case 'retried':
      out.u32(fact.units.length);
      for (const unit of fact.units) out.u32(unit);
      return;
    case 'held':
    case 'cancelled':
      out.text(fact.reason);
      return;
    case 'relaxed':
      out.u8((fact.device ? 1 : 0) | (fact.volunteer ? 2 : 0) | (fact.prefix ? 4 : 0));
      return;
    case 'released':
      if (fact.reason !== '') out.text(fact.reason);
      return;
    case 'closed':
      return;
  }
};

/** About the bytes of a segment, not less for the facts that are large: so that its buffer need not grow. */
const sizeOf = ({ facts }: Decided): number => {
  let size = 256;
  for (const fact of facts) {
    size += 64;
    if (fact.kind === 'returned') for (const { body } of fact.items) size += 15 + body.byteLength;
    else if ('items' in fact) size += 16 * fact.items.length;
    else if ('units' in fact) size += 4 * fact.units.length;
  }
  return size;
};

/**
 * The bytes of what one cause brought about, in a buffer of nobody else. Those of several, one after the other, are a
 * segment's body, too.
 */
export const encodeFacts = (segment: Decided): Uint8Array<ArrayBuffer> => {
  const out = new FrameWriter(sizeOf(segment));
  out.u8(SEGMENT_VERSION).text(segment.cause).u32(segment.facts.length);
  for (const fact of segment.facts) writeFact(out, fact);
  return out.handOver();
};

const list = <Item>(input: FrameReader, read: () => Item): Item[] => {
  const items: Item[] = [];
  for (let n = input.count(ANY, 'items'); n > 0; n--) items.push(read());
  return items;
};

const readReturned = (input: FrameReader): ReturnedItem => {
  const unit = input.u32('unit');
  const offset = input.u16('offset');
  const runMs = input.u32('runMs');
  const encoding = input.u8('encoding');
  if (!isResultEncoding(encoding)) throw new FrameError(`encoding: ${encoding} is none`);
  const body = input.block(ANY, 'body');
  if (isInBlob(encoding)) decodeResultBlob(body);
  return { unit, offset, runMs, encoding, body };
};

const readErrored = (input: FrameReader): ErroredItem => {
  const unit = input.u32('unit');
  const offset = input.u16('offset');
  const runMs = input.u32('runMs');
  const overran = input.u8('overran') === 1;
  return { unit, offset, runMs, overran, text: input.text(ANY, 'text') };
};

const readJudged = (input: FrameReader): JudgedItem => {
  const unit = input.u32('unit');
  const canonical = input.u16('canonical');
  const verdicts: JudgedItem['verdicts'][number][] = [];
  for (let n = input.u16('verdicts'); n > 0; n--) {
    const ordinal = input.u16('ordinal');
    const verdict = VERDICTS[input.u8('verdict')];
    if (verdict === undefined) throw new FrameError('verdict: none');
    verdicts.push({ ordinal, verdict });
  }
  return { unit, canonical: canonical === NO_CANONICAL ? null : canonical, verdicts };
};

const readOrdinal = (input: FrameReader): OrdinalItem => ({ unit: input.u32('unit'), ordinal: input.u16('ordinal') });

const readCompared = (input: FrameReader): ComparedItem => ({
  unit: input.u32('unit'),
  reference: input.u16('reference'),
  candidate: input.u16('candidate'),
  same: input.u8('same') === 1,
});

const readRevoked = (input: FrameReader): RevokedItem => {
  const unit = input.u32('unit');
  const ordinals: number[] = [];
  for (let n = input.u16('ordinals'); n > 0; n--) ordinals.push(input.u16('ordinal'));
  return { unit, ordinals };
};

const readLost = (input: FrameReader): LostItem => ({
  unit: input.u32('unit'),
  expired: input.u16('expired'),
  abandoned: input.u16('abandoned'),
});

const readSha256 = (input: FrameReader, field: string): Sha256 => {
  const read = Sha256.safeParse(input.text(ANY, field));
  if (!read.success) throw new FrameError(`${field}: no SHA-256`);
  return read.data;
};

const readFact = (input: FrameReader): JobFact => {
  const kind = input.u8('kind');
  const at = input.integer('at');
  const lease = () => ({ device: input.u32('device'), epoch: input.u32('epoch'), lease: input.u32('lease') });
  switch (kind) {
    case KIND.created: {
      const id = input.text(ANY, 'id');
      const submitter = input.text(ANY, 'submitter');
      const submitterName = input.text(ANY, 'submitterName');
      const total = input.integer('total');
      return { kind: 'created', at, id, submitter, submitterName, total, spec: input.text(ANY, 'spec') };
    }
    case KIND.appended: {
      const upto = input.integer('upto');
      const longest = input.u32('longest');
      return { kind: 'appended', at, upto, longest, blob: readSha256(input, 'blob') };
    }
    case KIND.closed:
      return { kind: 'closed', at };
    case KIND.cut:
      return { kind: 'cut', at, upto: input.integer('upto') };
    case KIND.returned:
      return { kind: 'returned', at, ...lease(), items: list(input, () => readReturned(input)) };
    case KIND.errored:
      return { kind: 'errored', at, ...lease(), items: list(input, () => readErrored(input)) };
    case KIND.judged:
      return { kind: 'judged', at, items: list(input, () => readJudged(input)) };
    case KIND.compared:
      return { kind: 'compared', at, items: list(input, () => readCompared(input)) };
    case KIND.accepted:
      return { kind: 'accepted', at, device: input.u32('device'), items: list(input, () => readOrdinal(input)) };
    case KIND.audited:
      return { kind: 'audited', at, device: input.u32('device'), items: list(input, () => readOrdinal(input)) };
    case KIND.caught: {
      const device = input.u32('device');
      const bits = input.u8('caught');
      return { kind: 'caught', at, device, here: (bits & 1) !== 0, foreign: (bits & 2) !== 0 };
    }
    case KIND.revoked:
      return { kind: 'revoked', at, items: list(input, () => readRevoked(input)) };
    case KIND.failed:
      return { kind: 'failed', at, unit: input.u32('unit'), reason: input.text(ANY, 'reason') };
    case KIND.lost:
      return { kind: 'lost', at, items: list(input, () => readLost(input)) };
    case KIND.withdrawn:
      return { kind: 'withdrawn', at, units: list(input, () => input.u32('unit')) };
    case KIND.retried:
      return { kind: 'retried', at, units: list(input, () => input.u32('unit')) };
    case KIND.held:
      return { kind: 'held', at, reason: input.text(ANY, 'reason') };
    case KIND.released:
      return { kind: 'released', at, reason: '' };
    case KIND.releasedFor:
      return { kind: 'released', at, reason: input.text(ANY, 'reason') };
    case KIND.cancelled:
      return { kind: 'cancelled', at, reason: input.text(ANY, 'reason') };
    case KIND.relaxed: {
      const bits = input.u8('independence');
      return { kind: 'relaxed', at, device: (bits & 1) !== 0, volunteer: (bits & 2) !== 0, prefix: (bits & 4) !== 0 };
    }
    default:
      throw new FrameError(`a fact of kind ${kind} is not known to this version`);
  }
};

/**
 * Reads a segment's body: what was decided for one or several causes, one after the other, as it was written in one
 * commit. Result bodies are views of it. Throws FrameError.
 */
export const decodeDecisions = (body: Uint8Array): Decided[] => {
  const input = new FrameReader(body);
  const found: Decided[] = [];
  do {
    const version = input.u8('version');
    // Earlier versions have fewer kinds of facts and encodings, in the same form.
    if (version < 1 || version > SEGMENT_VERSION)
      throw new FrameError(`segments of version ${version} are not known to this version`);
    const cause = input.text(ANY, 'cause');
    found.push({ cause, facts: list(input, () => readFact(input)) });
  } while (input.offset < body.byteLength);
  return found;
};

/** The facts of a segment's body, in order, whatever their causes. Throws FrameError. */
export const decodeFacts = (body: Uint8Array): JobFact[] => {
  const decisions = decodeDecisions(body);
  return decisions.length === 1 ? decisions[0]!.facts : decisions.flatMap(({ facts }) => facts);
};
