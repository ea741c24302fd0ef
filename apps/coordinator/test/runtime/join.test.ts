import type { Segment } from '@gossamer/store';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinSegments } from '../../src/runtime/join-segments.ts';

const part = fc.record({
  shard: fc.integer({ min: 1, max: 3 }),
  n: fc.integer({ min: 1, max: 5 }),
  size: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 300 }) }, fc.constantFrom(200_000, 300_000)),
  isJoinable: fc.boolean(),
});

/** Segments that continue each other, shard by shard, each body full of its own number. */
const segmentsOf = (parts: readonly { shard: number; n: number; size: number; isJoinable: boolean }[]) => {
  const next = new Map<number, number>();
  return parts.map(({ shard, n, size, isJoinable }, at) => {
    const seq = next.get(shard) ?? 1;
    next.set(shard, seq + n);
    const segment: Segment = { shard, epoch: 1, seq, n, body: new Uint8Array(size).fill(at) };
    return { segment, isJoinable };
  });
};

test('RT30: what is joined holds the facts and bytes of its parts in order, and every part stands in one', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
      const given = segmentsOf(parts);
      const joined = joinSegments(given);
      expect(joined.flatMap(({ members }) => members).length).toBe(given.length);
      for (const { segment, members } of joined) {
        expect(segment).toMatchObject({ shard: members[0]!.segment.shard, seq: members[0]!.segment.seq, epoch: 1 });
        expect(segment.n).toBe(members.reduce((sum, member) => sum + member.segment.n, 0));
        expect(Buffer.concat(members.map((member) => member.segment.body)).equals(segment.body)).toBe(true);
        if (members.length > 1) {
          expect(members.every(({ isJoinable }) => isJoinable)).toBe(true);
          expect(segment.body.byteLength).toBeLessThanOrEqual(256 * 1024);
        }
      }
      // Of each shard they continue each other, as the log demands.
      for (const shard of [1, 2, 3]) {
        let next = 1;
        for (const { segment } of joined.filter((each) => each.segment.shard === shard)) {
          expect(segment.seq).toBe(next);
          next += segment.n;
        }
      }
    }),
  );
});

test('RT30: small ones of a shard become one row, whatever lies between them; other epochs and the grid do not join', () => {
  const [a, b, c] = segmentsOf([
    { shard: 1, n: 1, size: 10, isJoinable: true },
    { shard: 2, n: 1, size: 10, isJoinable: true },
    { shard: 1, n: 2, size: 10, isJoinable: true },
  ]);
  expect(joinSegments([a!, b!, c!]).map(({ segment }) => [segment.shard, segment.seq, segment.n])).toEqual([
    [1, 1, 3],
    [2, 1, 1],
  ]);
  const later = { ...c!, segment: { ...c!.segment, epoch: 2 } };
  expect(joinSegments([a!, later])).toHaveLength(2);
  const alone = { ...c!, isJoinable: false };
  expect(joinSegments([a!, alone])).toHaveLength(2);
});
