import { describe, expect, test } from 'vitest';
import { GRID_SHARD } from '../../src/index.ts';
import { LOG_ENGINES } from './log-engines.ts';
import { readAll, segmentOf, seqsOf } from './segments.ts';

const blank = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(32);

describe.each(LOG_ENGINES)('overwriting, engine $name', ({ create, durable }) => {
  const fresh = async () => {
    const open = await create();
    const log = await open();
    await log.claim(GRID_SHARD, 0);
    await log.append([1, 2, 4, 5, 7].map((seq, place) => segmentOf(GRID_SHARD, 1, seq, place % 2 === 1 ? 2 : 1, 60)));
    return { log, open };
  };

  test("PV1: other bodies take the place of those of the grid's own log, and numbers, counts and neighbours stay", async () => {
    const { log } = await fresh();
    const before = await readAll(log, GRID_SHARD);
    expect(seqsOf(before)).toEqual([1, 2, 4, 5, 7]);
    const bodies = [
      { seq: before[1]!.seq, body: blank(60) },
      { seq: before[3]!.seq, body: blank(60).fill(33) },
    ];
    expect(await log.overwrite(1, bodies)).toBe('ok');
    expect(await log.swept()).toBe(true);
    const expected = before.map((segment) => ({
      ...segment,
      body: bodies.find(({ seq }) => seq === segment.seq)?.body ?? segment.body,
    }));
    expect(await readAll(log, GRID_SHARD)).toEqual(expected);
    // The log goes on after its last fact.
    const { seq, n } = before.at(-1)!;
    expect(await log.append([segmentOf(GRID_SHARD, 1, seq + n)])).toEqual(['ok']);
    expect(await readAll(log, GRID_SHARD)).toHaveLength(6);
  });

  test('PV1: a body of another length, or where no segment starts, is refused, and none of the call is written', async () => {
    const { log } = await fresh();
    const before = await readAll(log, GRID_SHARD);
    const good = { seq: 1, body: blank(60) };
    for (const bad of [
      { seq: 2, body: blank(59) },
      { seq: 3, body: blank(60) },
      { seq: 99, body: blank(60) },
    ]) {
      await expect(log.overwrite(1, [good, bad])).rejects.toThrow(RangeError);
    }
    expect(await readAll(log, GRID_SHARD)).toEqual(before);
    expect(await log.overwrite(1, [good])).toBe('ok');
  });

  test('PV1: an owner of the past overwrites nothing', async () => {
    const { log } = await fresh();
    const before = await readAll(log, GRID_SHARD);
    await log.claim(GRID_SHARD, 1);
    expect(await log.overwrite(1, [{ seq: 1, body: blank(60) }])).toBe('fenced');
    expect(await readAll(log, GRID_SHARD)).toEqual(before);
  });

  test("PV2: the grid's own log is neither trimmed nor compacted", async () => {
    const { log } = await fresh();
    const before = await readAll(log, GRID_SHARD);
    await expect(log.trim(GRID_SHARD, 1, 2)).rejects.toThrow(RangeError);
    expect(await log.compact(GRID_SHARD, 1, 0, { mostBytes: 1000, isOver: true })).toMatchObject({ segments: 0 });
    expect(await readAll(log, GRID_SHARD)).toEqual(before);
  });

  test.skipIf(!durable)('PV1: what was overwritten is there after a restart', async () => {
    const { log, open } = await fresh();
    await log.overwrite(1, [{ seq: 1, body: blank(60) }]);
    const before = await readAll(log, GRID_SHARD);
    await log.close();
    expect(await readAll(await open(), GRID_SHARD)).toEqual(before);
  });
});
