import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { OutcomeUnknown, SqliteLogStore, type SqliteLogOptions } from '../../src/index.ts';
import { connectLog } from '../../src/sqlite/log/log-connection.ts';
import { spawnThread } from '../../src/sqlite/thread/thread-client.ts';
import { testDirectory } from '../contract/directory.ts';
import { readAll, segmentOf, seqsOf } from '../contract/segments.ts';

/** A log whose threads are at hand: the writer is started first. */
const watched = async (options: SqliteLogOptions = {}) => {
  const threads: Worker[] = [];
  const path = join(await testDirectory(), 'log.db');
  const spawn: SqliteLogOptions['spawn'] = (entry, data) => {
    const thread = spawnThread(entry, data);
    threads.push(thread);
    return thread;
  };
  const log = await SqliteLogStore.open(path, { ...options, spawn });
  onTestFinished(() => log.close());
  return { log, threads, path };
};

test('ST20: the writer commits in WAL mode with synchronous=FULL, an fsync before every answer', async () => {
  const path = join(await testDirectory(), 'log.db');
  const connection = connectLog({ path, pageSize: 8192, maxPages: 0 });
  expect(connection.pragma('synchronous', { simple: true })).toBe(2);
  expect(connection.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(connection.pragma('page_size', { simple: true })).toBe(8192);
  connection.close();
});

test('ST13: one commit is in flight at most, and what comes meanwhile shares the next one', async () => {
  const { log, threads } = await watched();
  const writer = threads[0]!;
  await log.claim(1, 0);
  let sent = 0;
  let inFlight = 0;
  let most = 0;
  const post = writer.postMessage.bind(writer);
  writer.postMessage = (message: unknown, transfer: never) => {
    sent += 1;
    inFlight += 1;
    most = Math.max(most, inFlight);
    post(message, transfer);
  };
  writer.on('message', () => (inFlight -= 1));

  const first = log.append([segmentOf(1, 1, 1)]);
  await Promise.resolve();
  await Promise.resolve();
  expect(sent).toBe(1);
  const rest = Array.from({ length: 200 }, (_, place) => log.append([segmentOf(1, 1, 2 + place)]));
  expect((await Promise.all([first, ...rest])).flat()).toEqual(Array.from({ length: 201 }, () => 'ok'));
  expect([sent, most]).toEqual([2, 1]);
  expect(await readAll(log, 1)).toHaveLength(201);
});

test('ST17: when the writer dies, what was under way has an unknown outcome; after a claim the log goes on', async () => {
  const { log, threads } = await watched();
  for (const shard of [1, 2]) await log.claim(shard, 0);
  await log.append([segmentOf(1, 1, 1), segmentOf(2, 1, 1)]);
  const inFlight = [log.append([segmentOf(1, 1, 2, 3)]), log.append([segmentOf(2, 1, 2)])];
  await Promise.resolve();
  const queued = log.append([segmentOf(1, 1, 5)]);
  const outcomes = Promise.allSettled(inFlight);
  // What is queued behind may be written by the writer's successor, as long as it continues the log.
  const late = Promise.allSettled([queued]);
  await threads[0]!.terminate();
  for (const outcome of await outcomes) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(OutcomeUnknown) });
  }
  await late;
  for (const shard of [1, 2]) {
    const epoch = await log.epochOf(shard);
    expect(await log.claim(shard, epoch)).toEqual({ epoch: epoch + 1 });
    const segments = await readAll(log, shard);
    const last = segments.at(-1)!;
    expect(segments[0]).toEqual(segmentOf(shard, 1, 1));
    expect(await log.append([segmentOf(shard, epoch + 1, last.seq + last.n)])).toEqual(['ok']);
    expect(await readAll(log, shard)).toHaveLength(segments.length + 1);
  }
});

test('ST17: a reader that dies fails its calls, and the next call finds another one', async () => {
  const { log, threads } = await watched();
  await log.claim(1, 0);
  await log.append([segmentOf(1, 1, 1)]);
  const reading = readAll(log, 1);
  const outcome = Promise.allSettled([reading]);
  await Promise.resolve();
  await threads[1]!.terminate();
  expect(await outcome).toMatchObject([{ status: 'rejected' }]);
  expect(await readAll(log, 1)).toEqual([segmentOf(1, 1, 1)]);
  expect(await log.append([segmentOf(1, 1, 2)])).toEqual(['ok']);
});

test('ST21: the write-ahead log stays small under a steady load, and readers see all of it', async () => {
  const { log, path } = await watched({ checkpointBytes: 500_000 });
  const shards = [1, 2, 3, 4];
  let largest = 0;
  // Side by side, so that a commit is under way whenever a checkpoint is.
  const run = async (shard: number) => {
    await log.claim(shard, 0);
    for (let seq = 1; seq <= 300; seq++) {
      await log.append([segmentOf(shard, 1, seq, 1, 20_000)]);
      largest = Math.max(largest, (await stat(`${path}-wal`)).size);
    }
  };
  await Promise.all(shards.map(run));
  for (const shard of shards) {
    expect(seqsOf(await readAll(log, shard))).toEqual(Array.from({ length: 300 }, (_, place) => place + 1));
  }
  // 24 MB were written.
  expect(largest).toBeLessThan(8_000_000);
});
