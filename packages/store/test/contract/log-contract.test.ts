import { describe, expect, test } from 'vitest';
import { SequenceGap, StoreClosed } from '../../src/index.ts';
import { LOG_ENGINES } from './log-engines.ts';
import { bodyOf, readAll, segmentOf, seqsOf } from './segments.ts';

describe.each(LOG_ENGINES)('the log, engine $name', ({ create, durable }) => {
  const fresh = async () => (await create())();

  test('ST1: a claim under the stored epoch makes it grow by one; any other claim gets null', async () => {
    const log = await fresh();
    expect(await log.epochOf(7)).toBe(0);
    expect(await log.claim(7, 1)).toBeNull();
    expect(await log.claim(7, 0)).toEqual({ epoch: 1 });
    expect(await log.claim(7, 0)).toBeNull();
    expect(await log.claim(7, 1)).toEqual({ epoch: 2 });
    expect(await log.epochOf(7)).toBe(2);
    expect(await log.epochOf(8)).toBe(0);
  });

  test('ST1: of claims that race under one epoch exactly one wins', async () => {
    const log = await fresh();
    const claims = await Promise.all([log.claim(0, 0), log.claim(0, 0), log.claim(0, 0)]);
    expect(claims.filter((claim) => claim !== null)).toEqual([{ epoch: 1 }]);
  });

  test('ST2: an append under an epoch that is not the stored one is fenced and writes nothing', async () => {
    const log = await fresh();
    expect(await log.append([segmentOf(1, 0, 1)])).toEqual(['fenced']);
    expect(await log.append([segmentOf(1, 1, 1)])).toEqual(['fenced']);
    await log.claim(1, 0);
    await log.claim(1, 1);
    expect(await log.append([segmentOf(1, 1, 1)])).toEqual(['fenced']);
    expect(await log.append([segmentOf(1, 3, 1)])).toEqual(['fenced']);
    expect(await readAll(log, 1)).toEqual([]);
    expect(await log.append([segmentOf(1, 2, 1)])).toEqual(['ok']);
    expect(await readAll(log, 1)).toEqual([segmentOf(1, 2, 1)]);
  });

  test('ST2: an owner of the past is told that it is fenced, also where its numbers no longer fit', async () => {
    const log = await fresh();
    await log.claim(1, 0);
    await log.append([segmentOf(1, 1, 1, 3)]);
    await log.claim(1, 1);
    await log.append([segmentOf(1, 2, 4, 3)]);
    for (const seq of [1, 4, 7, 20]) expect(await log.append([segmentOf(1, 1, seq)])).toEqual(['fenced']);
    expect(await log.setSnapshot(1, 1, 100, bodyOf(1, 1, 5))).toBe('fenced');
    expect(await log.trim(1, 1, 100)).toBe('fenced');
    expect(seqsOf(await readAll(log, 1))).toEqual([1, 4]);
  });

  test('ST3: a gap or an overlap of fact numbers is refused, and nothing of that call is written', async () => {
    const log = await fresh();
    await log.claim(1, 0);
    await log.claim(2, 0);
    await log.append([segmentOf(1, 1, 1, 3)]);
    for (const seq of [1, 3, 5]) {
      await expect(log.append([segmentOf(2, 1, 1), segmentOf(1, 1, seq)])).rejects.toThrow(SequenceGap);
    }
    await expect(log.append([segmentOf(1, 1, 4, 2), segmentOf(1, 1, 5)])).rejects.toThrow(SequenceGap);
    expect(seqsOf(await readAll(log, 1))).toEqual([1]);
    expect(await readAll(log, 2)).toEqual([]);
    await expect(log.append([segmentOf(1, 1, 5)])).rejects.toThrow(/the next fact is number 4, not 5.*gap/);
  });

  test('ST3: a refused append leaves those that share its commit alone', async () => {
    const log = await fresh();
    for (const shard of [1, 2, 3]) await log.claim(shard, 0);
    const outcomes = await Promise.allSettled([
      log.append([segmentOf(1, 1, 1)]),
      log.append([segmentOf(2, 1, 9)]),
      log.append([segmentOf(3, 1, 1)]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(seqsOf([...(await readAll(log, 1)), ...(await readAll(log, 2)), ...(await readAll(log, 3))])).toEqual([
      1, 1,
    ]);
  });

  test('ST4: one call writes several shards, each with its own outcome, all of a shard or nothing', async () => {
    const log = await fresh();
    await log.claim(1, 0);
    await log.claim(2, 0);
    await log.claim(2, 1);
    const call = [
      segmentOf(1, 1, 1, 2),
      segmentOf(2, 1, 1),
      segmentOf(1, 1, 3),
      segmentOf(2, 1, 2),
      segmentOf(3, 1, 1),
      segmentOf(1, 1, 4, 5),
    ];
    expect(await log.append(call)).toEqual(['ok', 'fenced', 'ok', 'fenced', 'fenced', 'ok']);
    expect(await readAll(log, 1)).toEqual([segmentOf(1, 1, 1, 2), segmentOf(1, 1, 3), segmentOf(1, 1, 4, 5)]);
    expect(await readAll(log, 2)).toEqual([]);
    expect(await readAll(log, 3)).toEqual([]);
    expect(await log.append([])).toEqual([]);
  });

  test('ST4: two epochs of one shard in one call are an error of the caller', async () => {
    const log = await fresh();
    await log.claim(1, 0);
    await log.claim(1, 1);
    await expect(log.append([segmentOf(1, 2, 1), segmentOf(1, 1, 2)])).rejects.toThrow(RangeError);
    expect(await readAll(log, 1)).toEqual([]);
  });

  test('ST5: segments come back in order and whole, whatever the page size', async () => {
    const log = await fresh();
    await log.claim(4, 0);
    const written = Array.from({ length: 50 }, (_, place) => segmentOf(4, 1, 1 + place * 3, 3, place * 37));
    await log.append(written);
    for (const maxBytes of [1, 100, 5_000, undefined]) {
      expect(await readAll(log, 4, 0, maxBytes)).toEqual(written);
    }
  });

  test('ST5: a read starts with the segment that holds the fact after the given one', async () => {
    const log = await fresh();
    await log.claim(4, 0);
    await log.append([segmentOf(4, 1, 1, 3), segmentOf(4, 1, 4, 3), segmentOf(4, 1, 7, 1)]);
    const starts = [0, 1, 2, 3, 4, 5, 6, 7, 50];
    const found = await Promise.all(starts.map(async (after) => seqsOf(await readAll(log, 4, after))));
    expect(found).toEqual([[1, 4, 7], [1, 4, 7], [1, 4, 7], [4, 7], [4, 7], [4, 7], [7], [], []]);
  });

  test('ST5: shards do not see each other', async () => {
    const log = await fresh();
    for (const shard of [0, 1, 2]) await log.claim(shard, 0);
    await log.append([segmentOf(0, 1, 1), segmentOf(2, 1, 1), segmentOf(1, 1, 1), segmentOf(2, 1, 2)]);
    expect(await readAll(log, 0)).toEqual([segmentOf(0, 1, 1)]);
    expect(await readAll(log, 2)).toEqual([segmentOf(2, 1, 1), segmentOf(2, 1, 2)]);
  });

  test('ST5: a reader that stops early disturbs nothing', async () => {
    const log = await fresh();
    await log.claim(1, 0);
    await log.append(Array.from({ length: 10 }, (_, place) => segmentOf(1, 1, 1 + place)));
    for await (const segment of log.read(1, 0, 50)) if (segment.seq === 2) break;
    expect(seqsOf(await readAll(log, 1))).toHaveLength(10);
  });

  test('ST6: the snapshot is the last one that the owner set', async () => {
    const log = await fresh();
    expect(await log.snapshot(1)).toBeNull();
    expect(await log.setSnapshot(1, 0, 0, bodyOf(1, 0, 10))).toBe('fenced');
    await log.claim(1, 0);
    await log.append([segmentOf(1, 1, 1, 10)]);
    expect(await log.setSnapshot(1, 1, 6, bodyOf(1, 6, 140_000))).toBe('ok');
    expect(await log.snapshot(1)).toEqual({ seq: 6, blob: bodyOf(1, 6, 140_000) });
    expect(await log.setSnapshot(1, 1, 10, bodyOf(1, 10, 0))).toBe('ok');
    expect(await log.snapshot(1)).toEqual({ seq: 10, blob: bodyOf(1, 10, 0) });
    await log.claim(1, 1);
    expect(await log.setSnapshot(1, 1, 10, bodyOf(1, 10, 5))).toBe('fenced');
    expect(await log.snapshot(1)).toEqual({ seq: 10, blob: bodyOf(1, 10, 0) });
    expect(await log.snapshot(2)).toBeNull();
  });

  test('ST6: a snapshot beyond the last fact, or before the snapshot that is there, is refused', async () => {
    const log = await fresh();
    await log.claim(1, 0);
    await log.append([segmentOf(1, 1, 1, 10)]);
    await expect(log.setSnapshot(1, 1, 11, bodyOf(1, 11, 5))).rejects.toThrow(SequenceGap);
    await log.setSnapshot(1, 1, 8, bodyOf(1, 8, 5));
    await expect(log.setSnapshot(1, 1, 7, bodyOf(1, 7, 5))).rejects.toThrow(SequenceGap);
    expect(await log.snapshot(1)).toEqual({ seq: 8, blob: bodyOf(1, 8, 5) });
  });

  test('ST7: a trim forgets the segments that end by the given fact, and no other', async () => {
    const log = await fresh();
    for (const shard of [1, 2]) {
      await log.claim(shard, 0);
      await log.append([segmentOf(shard, 1, 1, 3), segmentOf(shard, 1, 4, 3), segmentOf(shard, 1, 7, 1)]);
    }
    expect(await log.trim(1, 2, 100)).toBe('fenced');
    expect(await log.trim(1, 1, 2)).toBe('ok');
    expect(seqsOf(await readAll(log, 1))).toEqual([1, 4, 7]);
    expect(await log.trim(1, 1, 5)).toBe('ok');
    expect(seqsOf(await readAll(log, 1))).toEqual([4, 7]);
    expect(seqsOf(await readAll(log, 1, 2))).toEqual([4, 7]);
    expect(await log.trim(1, 1, 100)).toBe('ok');
    expect(await readAll(log, 1)).toEqual([]);
    expect(seqsOf(await readAll(log, 2))).toEqual([1, 4, 7]);
  });

  test('ST7: a trimmed log goes on with the number that is next', async () => {
    const log = await fresh();
    await log.claim(1, 0);
    await log.append([segmentOf(1, 1, 1, 5)]);
    await log.trim(1, 1, 5);
    await expect(log.append([segmentOf(1, 1, 1)])).rejects.toThrow(SequenceGap);
    expect(await log.append([segmentOf(1, 1, 6)])).toEqual(['ok']);
    expect(seqsOf(await readAll(log, 1))).toEqual([6]);
  });

  test('ST7: a long trim is complete, and appends go on meanwhile', async () => {
    const log = await fresh();
    await log.claim(1, 0);
    await log.append(Array.from({ length: 1_000 }, (_, place) => segmentOf(1, 1, 1 + place)));
    const [trimmed, appended] = await Promise.all([log.trim(1, 1, 999), log.append([segmentOf(1, 1, 1_001)])]);
    expect([trimmed, appended]).toEqual(['ok', ['ok']]);
    expect(seqsOf(await readAll(log, 1))).toEqual([1_000, 1_001]);
  });

  test.runIf(durable)('ST8: a log that is closed and opened again has everything that was acknowledged', async () => {
    const open = await create();
    const first = await open();
    await first.claim(1, 0);
    await first.claim(1, 1);
    await first.append([segmentOf(1, 2, 1, 4, 200_000), segmentOf(1, 2, 5)]);
    await first.setSnapshot(1, 2, 5, bodyOf(1, 5, 1_000));
    await first.trim(1, 2, 4);
    await first.close();
    const second = await open();
    expect(await second.epochOf(1)).toBe(2);
    expect(await second.snapshot(1)).toEqual({ seq: 5, blob: bodyOf(1, 5, 1_000) });
    expect(await readAll(second, 1)).toEqual([segmentOf(1, 2, 5)]);
    expect(await second.claim(1, 2)).toEqual({ epoch: 3 });
    expect(await second.append([segmentOf(1, 3, 6)])).toEqual(['ok']);
  });

  test('ST9: bodies stay with the caller, as they were at the call', async () => {
    const log = await fresh();
    await log.claim(1, 0);
    const body = bodyOf(1, 1, 140_000);
    const appending = log.append([{ shard: 1, epoch: 1, seq: 1, n: 1, body }]);
    body.fill(0);
    await appending;
    expect(body.byteLength).toBe(140_000);
    expect((await readAll(log, 1))[0]!.body).toEqual(bodyOf(1, 1, 140_000));
  });

  test('ST9: a large body that is given away is moved, not copied, also when segments share its buffer', async () => {
    const log = await fresh();
    await log.claim(1, 0);
    const whole = bodyOf(1, 1, 140_000);
    const small = bodyOf(1, 3, 10);
    const bodies = [whole.subarray(0, 100_000), whole.subarray(100_000), small];
    const expected = bodies.map((body) => body.slice());
    const given = bodies.map((body, place) => ({ shard: 1, epoch: 1, seq: 1 + place, n: 1, body }));
    expect(await log.append(given, { transfer: true })).toEqual(['ok', 'ok', 'ok']);
    expect([whole.byteLength, small.byteLength]).toEqual([0, 10]);
    expect((await readAll(log, 1)).map(({ body }) => body)).toEqual(expected);
  });

  test('ST10: numbers that can be none of a log are refused before anything is sent', async () => {
    const log = await fresh();
    await log.claim(1, 0);
    const wrong = [
      segmentOf(-1, 1, 1),
      segmentOf(1.5, 1, 1),
      segmentOf(1, Number.NaN, 1),
      segmentOf(1, 1, 0),
      segmentOf(1, 1, 1, 0),
      segmentOf(1, 1, Number.MAX_SAFE_INTEGER, 1),
    ];
    for (const segment of wrong) await expect(log.append([segment])).rejects.toThrow(RangeError);
    await expect(log.claim(-1, 0)).rejects.toThrow(RangeError);
    await expect(log.epochOf(0.5)).rejects.toThrow(RangeError);
    await expect(log.trim(1, 1, -1)).rejects.toThrow(RangeError);
    await expect(readAll(log, 1, -1)).rejects.toThrow(RangeError);
    expect(await readAll(log, 1)).toEqual([]);
  });

  test('ST11: a closed log refuses every call, and closing it again is harmless', async () => {
    const log = await fresh();
    await log.claim(1, 0);
    const last = log.append([segmentOf(1, 1, 1)]);
    await log.close();
    expect(await last).toEqual(['ok']);
    await expect(log.append([segmentOf(1, 1, 2)])).rejects.toThrow(StoreClosed);
    await expect(log.claim(1, 1)).rejects.toThrow(StoreClosed);
    await expect(log.snapshot(1)).rejects.toThrow(StoreClosed);
    await expect(readAll(log, 1)).rejects.toThrow(StoreClosed);
    await log.close();
  });
});
