import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqliteStores, type Segment } from '../../src/index.ts';
import { testDirectory } from '../contract/directory.ts';
import { bodyOf, readAll } from '../contract/segments.ts';
import { startChild } from './child.ts';

type Acknowledged = { shard: number; seq: number; n: number };

const acknowledgedIn = (lines: readonly string[]): Acknowledged[] =>
  lines
    .filter((line) => line.startsWith('ok '))
    .map((line) => line.split(' ').slice(1).map(Number) as [number, number, number])
    .map(([shard, seq, n]) => ({ shard, seq, n }));

/** Segments as they were appended, whatever they were joined to since. */
const unjoined = (segments: readonly Segment[]): Segment[] =>
  segments.flatMap((segment) => {
    const { parts = Uint32Array.of(segment.n, segment.body.byteLength), ...rest } = segment;
    let [seq, offset] = [segment.seq, 0];
    return Array.from({ length: parts.length / 2 }, (_, part) => {
      const [n, bytes] = [parts[part * 2]!, parts[part * 2 + 1]!];
      const one = { ...rest, seq, n, body: segment.body.slice(offset, offset + bytes) };
      seq += n;
      offset += bytes;
      return one;
    });
  });

/** Fails unless the log is what the child wrote: numbered from 1 without a gap, each body its own. */
const expectWhole = (segments: readonly Segment[]): void => {
  let next = 1;
  for (const { shard, seq, n, body } of segments) {
    expect({ shard, seq, n }).toEqual({ shard, seq: next, n: 1 + (next % 5) });
    expect(Buffer.from(body).equals(bodyOf(shard, seq, (seq * 13) % 9_000))).toBe(true);
    next = seq + n;
  }
};

test.each([
  ['', []],
  [', also when it was being made compact', ['compact']],
])(
  'ST14: after kill -9 every acknowledged segment is there, without a gap, and the next owner goes on%s',
  { timeout: 240_000 },
  async (_, compact) => {
    let joined = 0;
    const directory = await testDirectory();
    const acknowledged: Acknowledged[] = [];
    for (let round = 1; round <= 5; round++) {
      const child = startChild('append.mjs', directory, ...compact);
      await child.untilLines(4 + Math.floor(Math.random() * 400));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
      await child.kill();
      const fresh = acknowledgedIn(child.lines());
      expect(fresh.length).toBeGreaterThan(0);
      acknowledged.push(...fresh);

      // A write that the kill tore: a frame's beginning at the end of the write-ahead log.
      await appendFile(join(directory, 'log.db-wal'), Buffer.alloc(24 + round * 100, round));
      const stores = await openSqliteStores(directory);
      for (const shard of [1, 2, 3]) {
        const lying = await readAll(stores.log, shard);
        joined += lying.filter(({ parts }) => parts !== undefined).length;
        const segments = unjoined(lying);
        expectWhole(segments);
        const found = new Map(segments.map(({ seq, n }) => [seq, n]));
        const lost = acknowledged.filter((one) => one.shard === shard && found.get(one.seq) !== one.n);
        expect(lost).toEqual([]);
        // The child's claim of this round, and this one.
        const seen = await stores.log.epochOf(shard);
        expect(seen).toBe(round * 2 - 1);
        expect(await stores.log.claim(shard, seen)).toEqual({ epoch: seen + 1 });
      }
      await stores.close();
    }
    expect(joined > 0).toBe(compact.length > 0);
  },
);
