import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  CHANGE,
  type ChangeKind,
  type ChangeRow,
  MemoryReadModel,
  type ReadModel,
  type ResultRow,
  SqliteReadModel,
  StoreClosed,
} from '../../src/index.ts';
import { testDirectory } from './directory.ts';

const ENGINES: readonly { name: string; durable: boolean; create: () => Promise<() => Promise<ReadModel>> }[] = [
  { name: 'memory', durable: false, create: async () => async () => new MemoryReadModel() },
  {
    name: 'sqlite',
    durable: true,
    create: async () => {
      const path = join(await testDirectory(), 'reads.db');
      return async () => {
        const reads = await SqliteReadModel.open(path);
        onTestFinished(() => reads.close());
        return reads;
      };
    },
  },
];

const START = { fact: 0, unit: -1 };
const resultOf = (unit: number, fact: number): ResultRow => ({
  unit,
  fact,
  seq: fact - (fact % 4) + 1,
  offset: unit * 10,
  length: 2 ** 33 + unit,
  encoding: unit % 3 === 0 ? -1 : 1,
});
const changeOf = (unit: number, fact: number): ChangeRow => ({
  ...resultOf(unit, fact),
  kind: (1 + (unit % 4)) as ChangeKind,
});
const ALL: readonly ChangeKind[] = Object.values(CHANGE);
const factOf = (unit: number, fact: number) => ({ unit, fact, seq: fact - (fact % 4) + 1 });

describe.each(ENGINES)('the read model, engine $name', ({ create, durable }) => {
  const fresh = async () => (await create())();

  test('RM10: all rows of a shard are forgotten, however many, and none of another one', async () => {
    const reads = await fresh();
    const many = Array.from({ length: 25_000 }, (_, unit) => unit);
    for (const shard of [1, 2]) {
      await reads.project(shard, 9, {
        results: many.map((unit) => resultOf(unit, 8)),
        unitFacts: many.map((unit) => factOf(unit, 8)),
        changes: [changeOf(1, 3)],
      });
    }
    await reads.forget(1);
    const left = async (shard: number) => [
      (await reads.results(shard, START, 30_000)).length,
      (await reads.unitFacts(shard, 24_999, 10)).length,
      (await reads.changes(shard, ALL, START, 10)).length,
      await reads.cursor(shard),
    ];
    expect([await left(1), await left(2)]).toEqual([
      [0, 0, 0, 0],
      [25_000, 1, 1, 9],
    ]);
    await reads.forget(1);
  });

  test('RM1: a projection adds its rows and moves the cursor of its shard', async () => {
    const reads = await fresh();
    expect(await reads.cursor(1)).toBe(0);
    await reads.project(1, 9, {
      results: [resultOf(3, 8), resultOf(4, 8)],
      unitFacts: [factOf(3, 5), factOf(3, 8)],
      changes: [],
    });
    expect([await reads.cursor(1), await reads.cursor(2)]).toEqual([9, 0]);
    expect(await reads.result(1, 3)).toEqual(resultOf(3, 8));
    expect(await reads.result(1, 5)).toBeNull();
    expect(await reads.result(2, 3)).toBeNull();
    expect(await reads.unitFacts(1, 3, 10)).toEqual([factOf(3, 5), factOf(3, 8)]);
    await reads.project(1, 12, { results: [], unitFacts: [], changes: [] });
    expect(await reads.cursor(1)).toBe(12);
  });

  test('RM11: what is kept of folding a shard is there, over a start, until other comes in its place', async () => {
    const open = await create();
    const reads = await open();
    expect(await reads.reduction(1)).toBeNull();
    await reads.keepReduction(1, '{"a":1}');
    await reads.keepReduction(2, '{"b":1}');
    await reads.keepReduction(1, '{"a":"ä"}');
    await reads.project(1, 9, { results: [resultOf(3, 8)], unitFacts: [], changes: [] });
    expect([await reads.reduction(1), await reads.reduction(2)]).toEqual(['{"a":"ä"}', '{"b":1}']);
    await reads.close();
    if (durable) expect(await (await open()).reduction(1)).toBe('{"a":"ä"}');
  });

  test('RM2: rows at or before the cursor change nothing, and the cursor never goes back', async () => {
    const reads = await fresh();
    await reads.project(1, 9, { results: [resultOf(3, 8)], unitFacts: [factOf(3, 8)], changes: [] });
    await reads.project(1, 5, { results: [resultOf(1, 5)], unitFacts: [factOf(1, 5)], changes: [] });
    expect(await reads.cursor(1)).toBe(9);
    await reads.project(1, 11, {
      results: [{ ...resultOf(3, 8), offset: 999 }, resultOf(2, 9), resultOf(7, 10)],
      unitFacts: [factOf(2, 9), factOf(3, 10)],
      changes: [changeOf(2, 9), changeOf(3, 10)],
    });
    expect(await reads.results(1, START, 10)).toEqual([resultOf(3, 8), resultOf(7, 10)]);
    expect(await reads.changes(1, ALL, START, 10)).toEqual([changeOf(3, 10)]);
    expect(await reads.unitFacts(1, 2, 10)).toEqual([]);
    expect(await reads.unitFacts(1, 3, 10)).toEqual([factOf(3, 8), factOf(3, 10)]);
  });

  test('RM3: a row beyond the new cursor is refused, and nothing of its projection is kept', async () => {
    const reads = await fresh();
    const late = reads.project(1, 9, { results: [resultOf(1, 9), resultOf(2, 10)], unitFacts: [], changes: [] });
    await expect(late).rejects.toThrow(RangeError);
    const lateFact = reads.project(1, 9, { results: [], unitFacts: [factOf(2, 10)], changes: [] });
    await expect(lateFact).rejects.toThrow(RangeError);
    expect(await reads.cursor(1)).toBe(0);
    expect(await reads.results(1, START, 10)).toEqual([]);
  });

  test('RM12: thousands of rows of a projection, in any order, are found by page and by unit', async () => {
    const reads = await fresh();
    const stretches = [0, 1, 2].map((n) => {
      const rows = Array.from({ length: 3000 }, (_, i) => resultOf((i * 7919) % 3000, 10 * n + 1 + ((i * 31) % 10)));
      return { upto: 10 * (n + 1), rows };
    });
    for (const { upto, rows } of stretches) {
      const unitFacts = rows.map(({ unit, fact }) => factOf(unit, fact));
      await reads.project(1, upto, { results: rows, unitFacts, changes: [] });
    }
    const all = stretches.flatMap(({ rows }) => rows).sort((a, b) => a.fact - b.fact || a.unit - b.unit);
    const listed: ResultRow[] = [];
    for (let after = START; listed.length < all.length; after = listed.at(-1)!) {
      const page = await reads.results(1, after, 700);
      expect(page.length).toBe(Math.min(700, all.length - listed.length));
      listed.push(...page);
    }
    expect(listed).toEqual(all);
    expect(await reads.results(1, listed.at(-1)!, 10)).toEqual([]);
    for (const unit of [0, 1, 1023, 1024, 1500, 2999]) {
      const own = all.filter((row) => row.unit === unit);
      expect(await reads.result(1, unit)).toEqual(own.at(-1));
      expect(await reads.unitFacts(1, unit, 10)).toEqual(own.map(({ fact }) => factOf(unit, fact)));
      expect(await reads.unitFacts(1, unit, 2)).toHaveLength(2);
    }
    expect([await reads.result(1, 3000), await reads.unitFacts(1, 3000, 10)]).toEqual([null, []]);
  });

  test('RM4: pages of results, put together, are all results by fact and unit', async () => {
    const reads = await fresh();
    const rowKey = fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 20 }));
    const rowKeys = fc.uniqueArray(rowKey, { maxLength: 60, selector: ([unit, fact]) => `${unit}/${fact}` });
    let shard = 0;
    const property = fc.asyncProperty(rowKeys, fc.integer({ min: 1, max: 25 }), async (keys, limit) => {
      shard += 1;
      const rows = keys.map(([unit, fact]) => resultOf(unit, fact));
      await reads.project(shard, 20, {
        results: rows,
        unitFacts: keys.map(([unit, fact]) => factOf(unit, fact)),
        changes: [],
      });
      const listed: ResultRow[] = [];
      for (let after = START; ; after = listed.at(-1)!) {
        const page = await reads.results(shard, after, limit);
        expect(page.length).toBeLessThanOrEqual(limit);
        if (page.length === 0) break;
        listed.push(...page);
      }
      expect(listed).toEqual(rows.toSorted((a, b) => a.fact - b.fact || a.unit - b.unit));
      for (const unit of new Set(keys.map(([of]) => of))) {
        const facts = keys
          .filter(([of]) => of === unit)
          .map(([, fact]) => fact)
          .toSorted((a, b) => a - b);
        expect(await reads.result(shard, unit)).toEqual(resultOf(unit, facts.at(-1)!));
        expect(await reads.unitFacts(shard, unit, 2)).toEqual(facts.slice(0, 2).map((fact) => factOf(unit, fact)));
      }
    });
    await fc.assert(property, { numRuns: 50 });
  });

  test('RM9: changes are listed by fact and unit, of the kinds that are asked for', async () => {
    const reads = await fresh();
    const rows = [changeOf(1, 3), changeOf(4, 3), changeOf(2, 5), changeOf(3, 7), changeOf(5, 7)];
    await reads.project(1, 9, { results: [], unitFacts: [], changes: rows.toReversed() });
    expect(await reads.changes(1, ALL, START, 10)).toEqual(rows);
    expect(await reads.changes(1, ALL, { fact: 3, unit: 1 }, 2)).toEqual(rows.slice(1, 3));
    expect(await reads.changes(1, [CHANGE.reopened], START, 10)).toEqual([changeOf(1, 3), changeOf(5, 7)]);
    expect(await reads.changes(1, [], START, 10)).toEqual([]);
    expect(await reads.changes(2, ALL, START, 10)).toEqual([]);
    const late = reads.project(1, 12, { results: [], unitFacts: [], changes: [changeOf(1, 13)] });
    await expect(late).rejects.toThrow(RangeError);
  });

  test.runIf(durable)('RM5: rows and cursors are there after a restart', async () => {
    const open = await create();
    const first = await open();
    await first.project(1, 9, { results: [resultOf(3, 8)], unitFacts: [factOf(3, 8)], changes: [] });
    await first.close();
    const second = await open();
    expect(await second.cursor(1)).toBe(9);
    expect(await second.results(1, START, 10)).toEqual([resultOf(3, 8)]);
  });

  test('RM6: a closed read model refuses every call', async () => {
    const reads = await fresh();
    await reads.close();
    await expect(reads.cursor(1)).rejects.toThrow(StoreClosed);
    await expect(reads.project(1, 1, { results: [], unitFacts: [], changes: [] })).rejects.toThrow(StoreClosed);
    await reads.close();
  });
});
