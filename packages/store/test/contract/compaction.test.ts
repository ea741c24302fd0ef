import { describe, expect, test } from 'vitest';
import { offsetOf, type Segment } from '../../src/index.ts';
import { LOG_ENGINES } from './log-engines.ts';
import { bodyOf, readAll, segmentOf, seqsOf } from './segments.ts';

const SHARD = 3;
const FULL = { mostBytes: 1000, isOver: false };
const OVER = { mostBytes: 1000, isOver: true };

/** Segments of two facts and 100 bytes each. */
const many = (count: number, from = 1): Segment[] =>
  Array.from({ length: count }, (_, place) => segmentOf(SHARD, 1, from + place * 2, 2, 100));

/** The bytes that were appended as the segment `seq`, wherever they lie now. */
const bytesOf = (segments: readonly Segment[], seq: number): Uint8Array => {
  const holding = segments.findLast((segment) => segment.seq <= seq)!;
  const offset = offsetOf(holding, seq);
  return holding.body.slice(offset, offset + 100);
};

describe.each(LOG_ENGINES)('compaction, engine $name', ({ create, durable }) => {
  const fresh = async () => {
    const open = await create();
    const log = await open();
    await log.claim(SHARD, 0);
    return { log, open };
  };

  test('ST24: neighbours that fill a segment become one, body after body, and the others stay as they are', async () => {
    const { log } = await fresh();
    await log.append(many(25));
    const first = await log.compact(SHARD, 1, 0, FULL);
    expect(first).toMatchObject({ upto: 20, segments: 10, before: 1000 });
    expect(await log.compact(SHARD, 1, 20, FULL)).toMatchObject({ upto: 40, segments: 10 });
    // Five are left, which are not yet enough.
    expect(await log.compact(SHARD, 1, 40, FULL)).toEqual({ upto: 40, segments: 0, before: 0, after: 0 });
    const segments = await readAll(log, SHARD);
    expect(seqsOf(segments)).toEqual([1, 21, 41, 43, 45, 47, 49]);
    expect(segments[1]!.n).toBe(20);
    expect(Buffer.from(segments[1]!.body).equals(Buffer.concat(many(10, 21).map(({ body }) => body)))).toBe(true);
  });

  test('ST24: of a log that is over, what is left becomes one as well, and nothing is done twice', async () => {
    const { log } = await fresh();
    await log.append(many(15));
    expect(await log.compact(SHARD, 1, 0, OVER)).toMatchObject({ upto: 20, segments: 10 });
    expect(await log.compact(SHARD, 1, 20, OVER)).toMatchObject({ upto: 30, segments: 5 });
    expect(await log.compact(SHARD, 1, 30, OVER)).toMatchObject({ segments: 0 });
    // From the beginning, as after a start: all are compact.
    expect(await log.compact(SHARD, 1, 0, OVER)).toMatchObject({ segments: 0 });
    expect(seqsOf(await readAll(log, SHARD))).toEqual([1, 21]);
  });

  test('ST24: what comes after a compaction is joined with the little that it left', async () => {
    const { log } = await fresh();
    await log.append(many(3));
    await log.compact(SHARD, 1, 0, OVER);
    await log.append(many(9, 7));
    expect(await log.compact(SHARD, 1, 0, FULL)).toMatchObject({ upto: 20, segments: 8 });
    const segments = await readAll(log, SHARD);
    expect(seqsOf(segments)).toEqual([1, 21, 23]);
    for (const seq of [1, 5, 7, 19, 23]) expect(bytesOf(segments, seq)).toEqual(bodyOf(SHARD, seq, 100));
  });

  test('ST24: one that is larger than the limit stays alone', async () => {
    const { log } = await fresh();
    const sizes = [100, 5000, 100, 200];
    await log.append(sizes.map((bytes, place) => segmentOf(SHARD, 1, 1 + place, 1, bytes)));
    for (let upto = 0, steps = 0; steps < 9; steps++) {
      const found = await log.compact(SHARD, 1, upto, OVER);
      if (found === 'fenced') throw new Error('fenced');
      ({ upto } = found);
    }
    const segments = await readAll(log, SHARD);
    expect(seqsOf(segments)).toEqual([1, 2, 3]);
    expect(segments[1]!.body).toEqual(bodyOf(SHARD, 2, 5000));
  });

  test('ST25: the places of bytes in a segment are found in the one that it was joined to, however often', async () => {
    const { log } = await fresh();
    await log.append(many(4));
    await log.compact(SHARD, 1, 0, { mostBytes: 200, isOver: true });
    await log.compact(SHARD, 1, 0, OVER);
    const segments = await readAll(log, SHARD);
    expect(seqsOf(segments)).toEqual([1]);
    for (const seq of [1, 3, 5, 7]) expect(bytesOf(segments, seq)).toEqual(bodyOf(SHARD, seq, 100));
    for (const seq of [0, 2, 9]) expect(() => offsetOf(segments[0]!, seq)).toThrow(RangeError);
  });

  test('ST26: a read that is under way when segments are joined gives each fact once', async () => {
    const { log } = await fresh();
    await log.append(many(30));
    const seqs: number[] = [];
    const bodies: Uint8Array[] = [];
    for await (const { seq, n, body } of log.read(SHARD, 0, 300)) {
      bodies.push(body.slice());
      for (let fact = 0; fact < n; fact++) seqs.push(seq + fact);
      // The first read has given three of the ten that become one here.
      if (seq === 5) for (const after of [0, 20, 40]) await log.compact(SHARD, 1, after, FULL);
    }
    expect(seqs).toEqual(Array.from({ length: 60 }, (_, fact) => fact + 1));
    expect(Buffer.concat(bodies).equals(Buffer.concat(many(30).map(({ body }) => body)))).toBe(true);
  });

  test('ST27: an owner of the past joins nothing', async () => {
    const { log } = await fresh();
    await log.append(many(10));
    await log.claim(SHARD, 1);
    expect(await log.compact(SHARD, 1, 0, OVER)).toBe('fenced');
    expect(seqsOf(await readAll(log, SHARD))).toHaveLength(10);
    expect(await log.compact(SHARD, 2, 0, OVER)).toMatchObject({ segments: 10 });
  });

  test('ST24: appends, trims and reads go on beside it', async () => {
    const { log } = await fresh();
    await log.append(many(20));
    const [found] = await Promise.all([
      log.compact(SHARD, 1, 0, FULL),
      log.append([segmentOf(SHARD, 1, 41)]),
      log.compact(SHARD + 1, 1, 0, FULL),
    ]);
    expect(found).toMatchObject({ segments: 10 });
    // The joined one ends later: it stays whole.
    expect(await log.trim(SHARD, 1, 19)).toBe('ok');
    expect(seqsOf(await readAll(log, SHARD))[0]).toBe(1);
    expect(await log.trim(SHARD, 1, 20)).toBe('ok');
    expect(seqsOf(await readAll(log, SHARD))[0]).toBe(21);
  });

  test.skipIf(!durable)('ST24: what was joined is there after a restart', async () => {
    const { log, open } = await fresh();
    await log.append(many(10));
    await log.compact(SHARD, 1, 0, OVER);
    const before = await readAll(log, SHARD);
    await log.close();
    expect(await readAll(await open(), SHARD)).toEqual(before);
  });
});
