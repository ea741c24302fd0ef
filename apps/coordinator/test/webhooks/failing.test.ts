import type { DeliveryView, Page } from '@gossamer/protocol';
import type { Stores, WebhookStore } from '@gossamer/store';
import { StorageFull } from '@gossamer/store';
import { expect, test } from 'vitest';
import { openStores } from '../../src/start.ts';
import type { TestGrid } from '../harness/grid.ts';
import { eventually, startGrid } from '../harness/grid.ts';
import { lend } from '../harness/lend.ts';
import { ANY, register } from './hook.ts';
import { openReceiver } from './receiver.ts';

const HOUR = 3_600_000;

const compute = async (grid: TestGrid, id: string): Promise<void> =>
  lend(await grid.device(), async () => (await grid.rest.job(id)).state === 'completed', undefined, 50);

test('HK5: a delivery whose tries are used up has failed, and its job’s next one follows', async () => {
  const grid = await startGrid({ env: ANY, limits: { webhooks: { retriesMs: [1, 1], failures: 100 } } });
  const receiver = await openReceiver();
  let refused = '';
  receiver.answer = (response, { id }) => {
    refused ||= id;
    response.writeHead(id === refused ? 500 : 200).end();
  };
  const hook = await register(grid.rest, receiver.url);
  const job = await grid.rest.submit(30);
  await compute(grid, job.id);
  await eventually(() => expect(receiver.of('job.completed')).toHaveLength(1));
  expect(receiver.received.filter(({ id }) => id === refused)).toHaveLength(3);
  const failed = (await hook.deliveries()).find(({ id }) => id === refused)!;
  expect(failed).toMatchObject({ state: 'failed', dueAt: null, job: job.id });
  expect(failed.tries).toHaveLength(3);
  for (const { status, error } of failed.tries) expect([status, error]).toEqual([500, 'the answer was 500']);
  // Every other one came once.
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(receiver.received.length - 2);
});

test('HK4: what waits for its next try says when that is, by the schedule', async () => {
  const grid = await startGrid({ env: ANY, limits: { webhooks: { retriesMs: [HOUR, 2 * HOUR] } } });
  const receiver = await openReceiver();
  receiver.answer = (response) => response.writeHead(302, { location: receiver.url }).end();
  const hook = await register(grid.rest, receiver.url);
  const { id } = await grid.rest.json<DeliveryView>('POST', `${hook.path}/test`);
  const waiting = await eventually(async () => {
    const [found] = await hook.deliveries();
    expect(found!.tries).toHaveLength(1);
    return found!;
  });
  expect(waiting).toMatchObject({
    id,
    state: 'pending',
    tries: [{ status: 302, error: 'redirects are not followed' }],
  });
  const wait = waiting.dueAt! - waiting.tries[0]!.at - waiting.tries[0]!.durationMs;
  expect(wait).toBeGreaterThan(0.79 * HOUR);
  expect(wait).toBeLessThan(1.21 * HOUR);
  const again = await grid.rest.call('POST', `${hook.path}/deliveries/${id}/redeliver`);
  expect([again.status, await again.json()]).toMatchObject([409, { code: 'delivery-pending' }]);
  expect(receiver.received).toHaveLength(1);
});

test('HK6: deliveries in a row that failed disable a webhook; switched on again it goes on where it was', async () => {
  const grid = await startGrid({ env: ANY, limits: { webhooks: { retriesMs: [1], failures: 3 } } });
  const receiver = await openReceiver();
  receiver.answer = (response) => response.writeHead(500).end();
  const hook = await register(grid.rest, receiver.url, { events: ['results.added', 'job.completed'] });
  for (let i = 0; i < 3; i++) {
    expect(await hook.view()).toMatchObject({ state: 'active', failures: i, reason: null });
    await grid.rest.json('POST', `${hook.path}/test`);
    await eventually(async () => expect((await hook.view()).failures).toBe(i + 1));
  }
  expect(await hook.view()).toMatchObject({ state: 'disabled', reason: expect.stringContaining('failed for good') });
  const test4 = await grid.rest.call('POST', `${hook.path}/test`);
  expect([test4.status, await test4.json()]).toMatchObject([409, { code: 'webhook-disabled' }]);
  const job = await grid.rest.submit(40);
  await compute(grid, job.id);
  const tried = receiver.received.length;
  expect(tried).toBe(6);
  const again = await grid.restart();
  expect(await (await again.rest.call('GET', hook.path)).json()).toMatchObject({ state: 'disabled' });
  receiver.answer = (response) => response.end();
  await again.rest.json('PATCH', hook.path, { active: true });
  await eventually(() => expect(receiver.of('job.completed')).toHaveLength(1));
  expect(receiver.units()).toHaveLength(40);
  expect(await again.rest.json('GET', hook.path)).toMatchObject({ state: 'active', failures: 0 });
});

test('HK6: one success in between begins the count anew', async () => {
  const grid = await startGrid({ env: ANY, limits: { webhooks: { retriesMs: [], failures: 2 } } });
  const receiver = await openReceiver();
  const hook = await register(grid.rest, receiver.url);
  for (const status of [500, 200, 500, 200, 500]) {
    receiver.answer = (response) => response.writeHead(status).end();
    const before = receiver.received.length;
    await grid.rest.json('POST', `${hook.path}/test`);
    await eventually(async () => {
      expect(receiver.received).toHaveLength(before + 1);
      expect((await hook.deliveries()).every(({ state }) => state !== 'pending')).toBe(true);
    });
  }
  expect(await hook.view()).toMatchObject({ state: 'active', failures: 1 });
});

test('HK6: an answer 410 disables at once, and what it was the answer to comes again when it is switched on', async () => {
  const grid = await startGrid({ env: ANY });
  const receiver = await openReceiver();
  receiver.answer = (response) => response.writeHead(410).end();
  const hook = await register(grid.rest, receiver.url);
  const job = await grid.rest.submit(40);
  await compute(grid, job.id);
  await eventually(async () => expect((await hook.view()).reason).toContain('410'));
  expect(receiver.received).toHaveLength(1);
  receiver.answer = (response) => response.end();
  await hook.patch({ active: true });
  await eventually(() => expect(receiver.of('job.completed')).toHaveLength(1));
  expect(receiver.received[1]!.id).toBe(receiver.received[0]!.id);
  expect(receiver.units()).toHaveLength(40);
  // Switched off by hand, it says so and sends nothing.
  expect(await hook.patch({ active: false })).toMatchObject({ state: 'disabled', reason: 'it was switched off' });
});

test('HK25: what is over can be sent again under its id; HK24: the log lists all, page by page', async () => {
  const grid = await startGrid({ env: ANY });
  const receiver = await openReceiver();
  const hook = await register(grid.rest, receiver.url);
  const job = await grid.rest.submit(10);
  await compute(grid, job.id);
  await eventually(async () => {
    const all = await hook.deliveries();
    expect(all[0]).toMatchObject({ type: 'job.completed', state: 'succeeded' });
  });
  const all = await hook.deliveries();
  const oldest = all.at(-1)!;
  const again = await grid.rest.json<DeliveryView>('POST', `${hook.path}/deliveries/${oldest.id}/redeliver`);
  expect(again).toMatchObject({ id: oldest.id, state: 'pending' });
  await eventually(async () => {
    const found = (await hook.deliveries()).find(({ id }) => id === oldest.id);
    expect(found).toMatchObject({ state: 'succeeded', tries: [{ status: 204 }, { status: 204 }] });
  });
  const same = receiver.received.filter(({ id }) => id === oldest.id);
  expect(same).toHaveLength(2);
  expect(same[1]!.body).toBe(same[0]!.body);
  const paged: DeliveryView[] = [];
  for (let after = ''; ;) {
    const page = await grid.rest.json<Page<DeliveryView>>('GET', `${hook.path}/deliveries?limit=1${after}`);
    paged.push(...page.items);
    if (page.next === null) break;
    after = `&after=${page.next}`;
  }
  expect(paged.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
  for (const { at, tries } of paged) {
    for (const { at: triedAt, durationMs, error } of tries) {
      expect(triedAt).toBeGreaterThanOrEqual(at);
      expect(durationMs).toBeGreaterThanOrEqual(0);
      expect(error).toBeNull();
    }
  }
  const wrong = await grid.rest.call('GET', `${hook.path}/deliveries?after=x`);
  expect(await wrong.json()).toMatchObject({ code: 'cursor-invalid' });
  const id = 'msg_017f22e2-79b0-7cc3-98c4-dc0c0c07398f';
  const unknown = await grid.rest.call('POST', `${hook.path}/deliveries/${id}/redeliver`);
  expect(await unknown.json()).toMatchObject({ code: 'delivery-unknown' });
  const other = await register(grid.rest, receiver.url);
  const foreign = await grid.rest.call('POST', `${other.path}/deliveries/${oldest.id}/redeliver`);
  expect(await foreign.json()).toMatchObject({ code: 'delivery-unknown' });
});

test('HK24: of deliveries that are over the newest so many stay', async () => {
  const grid = await startGrid({ env: ANY, limits: { webhooks: { kept: 2 } } });
  const receiver = await openReceiver();
  const hook = await register(grid.rest, receiver.url);
  const ids: string[] = [];
  for (let i = 1; i <= 4; i++) {
    ids.unshift((await grid.rest.json<DeliveryView>('POST', `${hook.path}/test`)).id);
    await eventually(() => expect(receiver.received).toHaveLength(i));
    await eventually(async () => expect((await hook.deliveries())[0]!.state).toBe('succeeded'));
  }
  expect((await hook.deliveries()).map(({ id }) => id)).toEqual(ids.slice(0, 2));
});

/** A store of webhooks whose writes fail as long as the test says so. */
const fullNowAndThen = (stores: Stores, full: { now: boolean; failed: number }): Stores => {
  const writes = new Set<string | symbol>(['begin', 'settle', 'move', 'put']);
  const webhooks = new Proxy<WebhookStore>(stores.webhooks, {
    get: (target, name) => {
      const value = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
      if (!writes.has(name)) return value.bind(target);
      return async (...args: unknown[]) => {
        if (full.now) {
          full.failed += 1;
          throw new StorageFull('no room');
        }
        return value.apply(target, args);
      };
    },
  });
  return { ...stores, webhooks };
};

test('HK26: while nothing can be written down nothing is lost: it comes when there is room again', async () => {
  const full = { now: false, failed: 0 };
  const open: typeof openStores = async (config) => fullNowAndThen(await openStores(config), full);
  const grid = await startGrid({ env: ANY, open, limits: { webhooks: { faultMs: 20 } } });
  const receiver = await openReceiver();
  await register(grid.rest, receiver.url);
  const job = await grid.rest.submit(40);
  full.now = true;
  await compute(grid, job.id);
  await eventually(() => expect(full.failed).toBeGreaterThan(3));
  expect(receiver.received).toEqual([]);
  const refused = await grid.rest.call('POST', '/v1/webhooks', { name: 'x', url: receiver.url });
  expect(await refused.json()).toMatchObject({ code: 'storage-full' });
  full.now = false;
  await eventually(() => expect(receiver.of('job.completed')).toHaveLength(1));
  expect(receiver.units()).toHaveLength(40);
});
