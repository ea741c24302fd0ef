import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DeliveryRow, WebhookCursor, WebhookStore } from '../../src/index.ts';
import { MemoryWebhookStore, SqliteWebhookStore, StoreClosed } from '../../src/index.ts';
import { testDirectory } from './directory.ts';

const openSqlite = async (path: string): Promise<WebhookStore> => {
  const store = await SqliteWebhookStore.open(path);
  onTestFinished(() => store.close());
  return store;
};

const ENGINES: readonly {
  name: string;
  open: () => Promise<{ store: WebhookStore; again: () => Promise<WebhookStore> }>;
}[] = [
  {
    name: 'memory',
    open: async () => {
      const store = new MemoryWebhookStore();
      return { store, again: async () => store };
    },
  },
  {
    name: 'sqlite',
    open: async () => {
      const path = join(await testDirectory(), 'webhooks.db');
      const store = await openSqlite(path);
      const again = async (): Promise<WebhookStore> => {
        await store.close();
        return openSqlite(path);
      };
      return { store, again };
    },
  },
];

const hook = (id: string, record = '{"x":"ü"}') => ({ id, record });
const cursor = (webhook: string, job: number, fact = 0, ended = false): WebhookCursor => ({
  webhook,
  job,
  fact,
  unit: fact === 0 ? -1 : 0xffff_ffff,
  ended,
});
const delivery = (webhook: string, id: string, fields: Partial<DeliveryRow> = {}): DeliveryRow => ({
  id,
  webhook,
  type: 'results.added',
  job: 7,
  at: 5,
  from: { fact: 0, unit: -1 },
  upto: { fact: 9, unit: 2 },
  byHand: false,
  state: 'pending',
  dueAt: 5,
  tried: 0,
  tries: [],
  ...fields,
});
const over = (webhook: string, id: string) =>
  delivery(webhook, id, {
    state: 'failed',
    dueAt: null,
    tried: 1,
    tries: [{ at: 6, status: 500, durationMs: 3, error: 'the answer was 500' }],
  });

describe.each(ENGINES)('the store of webhooks, engine $name', ({ open }) => {
  test('WS1: webhooks, cursors and what is pending are there at the next start, oldest first', async () => {
    const { store, again } = await open();
    await store.put(hook('b'), [cursor('b', 1), cursor('b', 2, 8, true)]);
    await store.put(hook('a'));
    await store.put(hook('b', '"new"'));
    await store.begin(delivery('b', 'd2'), cursor('b', 1, 9));
    await store.begin(delivery('a', 'd1', { job: null, byHand: true }), null);
    await store.move(cursor('a', 3, 4));
    const image = await (await again()).load();
    expect(image.webhooks).toEqual([hook('a'), hook('b', '"new"')]);
    expect(image.pending).toEqual([delivery('a', 'd1', { job: null, byHand: true }), delivery('b', 'd2')]);
    const byJob = image.cursors.toSorted((x, y) => x.job - y.job);
    expect(byJob).toEqual([cursor('b', 1, 9), cursor('b', 2, 8, true), cursor('a', 3, 4)]);
  });

  test('WS2: an outcome and the change of the webhook are written together; what is over is pending no more', async () => {
    const { store, again } = await open();
    await store.put(hook('a'));
    await store.begin(delivery('a', 'd1'), cursor('a', 7, 9));
    await store.settle(over('a', 'd1'), hook('a', '"failed"'), 10);
    const reopened = await again();
    expect(await reopened.load()).toMatchObject({ webhooks: [hook('a', '"failed"')], pending: [] });
    expect(await reopened.delivery('d1')).toEqual(over('a', 'd1'));
    expect(await reopened.delivery('d2')).toBeNull();
    // Begun again by hand it is the same one.
    await reopened.begin(delivery('a', 'd1', { byHand: true }), null);
    expect(await reopened.deliveries('a', null, 9)).toEqual([delivery('a', 'd1', { byHand: true })]);
  });

  test('WS8: a job that is forgotten takes its cursors and deliveries along, those that are over, too', async () => {
    const { store, again } = await open();
    await store.put(hook('a'), [cursor('a', 7), cursor('a', 8)]);
    await store.begin(delivery('a', 'd1'), null);
    await store.settle(over('a', 'd1'), null, 10);
    await store.begin(delivery('a', 'd2'), null);
    await store.begin(delivery('a', 'd3', { job: 8 }), null);
    await store.begin(delivery('a', 'd4', { job: null }), null);
    await store.forget(7);
    await store.settle(over('a', 'd2'), null, 10);
    const reopened = await again();
    expect((await reopened.deliveries('a', null, 9)).map(({ id }) => id)).toEqual(['d4', 'd3']);
    expect((await reopened.load()).cursors).toEqual([cursor('a', 8)]);
  });

  test('WS3: deliveries are listed newest first, page by page, of one webhook', async () => {
    const { store } = await open();
    await store.put(hook('a'));
    await store.put(hook('b'));
    for (const id of ['d2', 'd5', 'd1', 'd4']) await store.begin(delivery('a', id), null);
    await store.begin(delivery('b', 'd3'), null);
    const ids = async (before: string | null, limit: number) =>
      (await store.deliveries('a', before, limit)).map(({ id }) => id);
    expect(await ids(null, 3)).toEqual(['d5', 'd4', 'd2']);
    expect(await ids('d2', 3)).toEqual(['d1']);
    expect(await ids(null, 9)).toEqual(['d5', 'd4', 'd2', 'd1']);
  });

  test('WS4: of deliveries that are over the newest so many stay, and all that are pending', async () => {
    const { store } = await open();
    await store.put(hook('a'));
    await store.put(hook('b'));
    await store.begin(delivery('a', 'd0'), null);
    await store.begin(delivery('b', 'd00'), null);
    await store.settle(over('b', 'd00'), null, 2);
    for (const id of ['d1', 'd2', 'd3', 'd4']) {
      await store.begin(delivery('a', id), null);
      await store.settle(over('a', id), null, 2);
    }
    const left = await store.deliveries('a', null, 9);
    expect(left.map(({ id }) => id)).toEqual(['d4', 'd3', 'd0']);
    expect(await store.deliveries('b', null, 9)).toHaveLength(1);
  });

  test('WS5: a webhook that is removed takes all along, and what comes late for it is dropped', async () => {
    const { store, again } = await open();
    await store.put(hook('a'), [cursor('a', 1)]);
    await store.put(hook('b'), [cursor('b', 1)]);
    await store.begin(delivery('a', 'd1'), null);
    await store.remove('a');
    await store.begin(delivery('a', 'd2'), cursor('a', 2, 3));
    await store.move(cursor('a', 4, 5));
    await store.settle(over('a', 'd1'), hook('a', '"late"'), 5);
    expect(await (await again()).load()).toEqual({ webhooks: [hook('b')], cursors: [cursor('b', 1)], pending: [] });
    expect(await store.deliveries('a', null, 9).catch(() => [])).toEqual([]);
  });

  test('WS7: a closed store refuses every call', async () => {
    const { store } = await open();
    await store.close();
    await expect(store.load()).rejects.toThrow(StoreClosed);
    await expect(store.put(hook('a'))).rejects.toThrow(StoreClosed);
    await expect(store.deliveries('a', null, 1)).rejects.toThrow(StoreClosed);
    await store.close();
  });
});

test('WS6: the file is its owner’s alone, and what was deleted or replaced is nowhere in it', async () => {
  const directory = await testDirectory();
  const path = join(directory, 'webhooks.db');
  const store = await openSqlite(path);
  await store.put(hook('a', 'the-first-secret'));
  await store.put(hook('b', 'the-other-secret'));
  for (let i = 0; i < 200; i++) await store.put(hook(`c${i}`, 'x'.repeat(100)));
  for (const name of readdirSync(directory))
    expect([name, statSync(join(directory, name)).mode & 0o077]).toEqual([name, 0]);
  await store.put(hook('a', 'the-third-secret'));
  await store.remove('b');
  await store.close();
  const bytes = Buffer.concat(readdirSync(directory).map((name) => readFileSync(join(directory, name))));
  expect(bytes.includes('the-third-secret')).toBe(true);
  expect(bytes.includes('the-first-secret')).toBe(false);
  expect(bytes.includes('the-other-secret')).toBe(false);
});
