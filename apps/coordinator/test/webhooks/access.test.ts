import type { DeliveryView, KeyCreated, WebhookCreated, WebhookView } from '@gossamer/protocol';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { Bodies } from '../../src/webhooks/bodies.ts';
import { withKey } from '../harness/child.ts';
import type { TestGrid } from '../harness/grid.ts';
import { eventually, PROGRAM, Rest, startGrid, temporaryDirectory } from '../harness/grid.ts';
import { lend } from '../harness/lend.ts';
import { ANY, Hook, register } from './hook.ts';
import { openReceiver } from './receiver.ts';

/** REST with another key. */
const as = (grid: { rest: Rest }, secret: string) => {
  const call = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(grid.rest.url + path, {
      method,
      headers: {
        authorization: `Bearer ${secret}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return { call, json: async <T>(...args: Parameters<typeof call>): Promise<T> => (await call(...args)).json() as T };
};

const newKey = (grid: { rest: Rest }, name: string): Promise<KeyCreated> =>
  grid.rest.json('POST', '/v1/keys', { role: 'submitter', name });

const submitAs = async (grid: TestGrid, key: KeyCreated): Promise<{ id: string }> => {
  const program = await grid.rest.upload(PROGRAM);
  const source = { kind: 'range', start: 0, stop: 5 };
  return as(grid, key.secret).json('POST', '/v1/jobs', {
    name: 'J',
    program,
    source,
    policy: { kind: 'quorum', quorum: 1 },
  });
};

const completed = async (grid: TestGrid, ...ids: string[]): Promise<void> =>
  lend(await grid.device(), async () => {
    const jobs = await Promise.all(ids.map((id) => grid.rest.job(id)));
    return jobs.every(({ state }) => state === 'completed');
  });

test('HK19: a webhook tells of what its key may see: a submitter’s own jobs, all of them an operator’s, or one job', async () => {
  const grid = await startGrid({ env: ANY });
  const [one, two] = [await newKey(grid, 'one'), await newKey(grid, 'two')];
  const receivers = [await openReceiver(), await openReceiver(), await openReceiver(), await openReceiver()];
  const [ofOne, ofTwo, ofAll, ofJob] = receivers.map(({ url }) => ({ name: 'x', url }));
  await as(grid, one.secret).call('POST', '/v1/webhooks', ofOne);
  await as(grid, two.secret).call('POST', '/v1/webhooks', ofTwo);
  await grid.rest.json('POST', '/v1/webhooks', ofAll);
  const jobs = [await submitAs(grid, one), await submitAs(grid, one), await submitAs(grid, two)];
  await as(grid, one.secret).call('POST', '/v1/webhooks', { ...ofJob, job: jobs[1]!.id });
  const foreign = await as(grid, two.secret).json('POST', '/v1/webhooks', { ...ofTwo, job: jobs[0]!.id });
  expect(foreign).toMatchObject({ code: 'job-unknown' });
  await completed(grid, ...jobs.map(({ id }) => id));
  const told = () =>
    receivers.map((receiver) =>
      receiver
        .of('job.completed')
        .map(({ data }) => data.job)
        .toSorted(),
    );
  const ids = jobs.map(({ id }) => id);
  await eventually(() =>
    expect(told()).toEqual([ids.slice(0, 2), ids.slice(2), ids, ids.slice(1, 2)].map((some) => some.toSorted())),
  );
  expect(receivers.map((receiver) => receiver.units().length)).toEqual([10, 5, 15, 5]);
});

test('HK21: a webhook whose key was revoked is disabled for good, and sends nothing more', async () => {
  const grid = await startGrid({ env: ANY });
  const key = await newKey(grid, 'one');
  const receiver = await openReceiver();
  const { id } = await as(grid, key.secret).json<WebhookCreated>('POST', '/v1/webhooks', {
    name: 'x',
    url: receiver.url,
  });
  const job = await submitAs(grid, key);
  await grid.rest.json('DELETE', `/v1/keys/${key.id}`);
  await completed(grid, job.id);
  const view = () => grid.rest.json<WebhookView>('GET', `/v1/webhooks/${id}`);
  expect(await view()).toMatchObject({
    state: 'disabled',
    reason: expect.stringContaining('revoked'),
    ownerName: 'one',
  });
  const on = await grid.rest.call('PATCH', `/v1/webhooks/${id}`, { active: true });
  expect([on.status, await on.json()]).toMatchObject([409, { code: 'webhook-disabled' }]);
  // Another one tells when all was told that is to be told.
  const other = await openReceiver();
  await register(grid.rest, other.url, { from: 'start' });
  await eventually(() => expect(other.of('job.completed')).toHaveLength(1));
  expect(receiver.received).toEqual([]);
});

test('HK27: a webhook that was deleted sends nothing more, and nothing is left of it', async () => {
  const grid = await startGrid({ env: ANY, limits: { webhooks: { retriesMs: [50, 50, 50, 50] } } });
  const [receiver, other] = [await openReceiver(), await openReceiver()];
  receiver.answer = (response) => response.writeHead(500).end();
  const hook = await register(grid.rest, receiver.url);
  await register(grid.rest, other.url);
  const job = await grid.rest.submit(10);
  await completed(grid, job.id);
  await eventually(() => expect(receiver.received.length).toBeGreaterThan(0));
  expect(await grid.rest.json('DELETE', hook.path)).toMatchObject({ id: hook.id });
  const sent = receiver.received.length;
  await eventually(() => expect(other.of('job.completed')).toHaveLength(1));
  for (const [method, path] of [
    ['GET', hook.path],
    ['DELETE', hook.path],
    ['GET', `${hook.path}/deliveries`],
  ] as const) {
    expect(await (await grid.rest.call(method, path)).json()).toMatchObject({ code: 'webhook-unknown' });
  }
  const again = await grid.restart();
  expect((await again.rest.json<{ items: unknown[] }>('GET', '/v1/webhooks')).items).toHaveLength(1);
  // One may have been on its way.
  expect(receiver.received.length).toBeLessThanOrEqual(sent + 1);
});

test('HK32: a delivery by hand ends with its job', async () => {
  const bodies = vi.spyOn(Bodies.prototype, 'of');
  const limits = { webhooks: { faultMs: 20, retriesMs: Array.from({ length: 1000 }, () => 20) } };
  const grid = await startGrid({ env: ANY, limits });
  const receiver = await openReceiver();
  const hook = await register(grid.rest, receiver.url);
  const job = await grid.rest.submit(10);
  await completed(grid, job.id);
  await eventually(async () => expect((await hook.deliveries())[0]?.state).toBe('succeeded'));
  const [{ id }] = (await hook.deliveries()) as [DeliveryView];
  receiver.answer = (response) => response.writeHead(500).end();
  await grid.rest.json('POST', `${hook.path}/deliveries/${id}/redeliver`);
  const made = (): number => bodies.mock.calls.filter(([delivery]) => delivery.id === id).length;
  await eventually(() => expect(made()).toBeGreaterThan(3));
  await grid.rest.json('DELETE', `/v1/jobs/${job.id}`);
  await eventually(async () => expect(await hook.deliveries()).toEqual([]));
  const before = made();
  // The lane of another job, which fails as well, shows that time goes by.
  const other = await grid.rest.submit(10);
  await completed(grid, other.id);
  const others = (): number => bodies.mock.calls.filter(([delivery]) => delivery.id !== id).length;
  const from = others();
  await eventually(() => expect(others()).toBeGreaterThan(from + 5));
  // One may have been on its way.
  expect(made()).toBeLessThanOrEqual(before + 1);
  bodies.mockRestore();
});

test('HK22: a secret is shown when it is made or replaced, and is in no other answer, no log line and no other file', async () => {
  const data = temporaryDirectory();
  const child = withKey(data, { ...ANY, GOSSAMER_LOG_LEVEL: 'trace' });
  const rest = new Rest((await child.ready).port);
  const receiver = await openReceiver();
  const url = `${receiver.url}?token=of-the-receiver`;
  const hook = await register(rest, url);
  const { secret } = await rest.json<WebhookCreated>('POST', `${hook.path}/rotate`);
  await rest.json('POST', `${hook.path}/test`);
  await eventually(() => expect(receiver.received).toHaveLength(1));
  const answers = [
    await hook.view(),
    await hook.deliveries(),
    await hook.patch({ name: 'new' }),
    await rest.json('GET', '/v1/webhooks'),
  ];
  const metrics = await (await fetch(`${rest.url}/metrics`)).text();
  expect(await child.kill('SIGTERM')).toBe(0);
  const said = JSON.stringify(answers) + metrics + child.stdout + child.stderr;
  expect(child.stdout.length).toBeGreaterThan(1000);
  for (const hidden of [hook.secret, secret]) expect(said).not.toContain(hidden.slice('whsec_'.length));
  expect(child.stdout + child.stderr).not.toContain('of-the-receiver');
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { parentPath, name } of files) {
    const path = join(parentPath, name);
    const holds = readFileSync(path).includes(secret.slice('whsec_'.length));
    expect([name, holds]).toEqual([name, name === 'webhooks.db']);
    if (name === 'webhooks.db') expect(statSync(path).mode & 0o777).toBe(0o600);
  }
});

test('HK23: a key may have so many webhooks, also when they are asked for at once', async () => {
  const grid = await startGrid({ env: ANY });
  const { url } = await openReceiver();
  const asked = Array.from({ length: 25 }, () => grid.rest.call('POST', '/v1/webhooks', { name: 'x', url }));
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(20);
  const refused = await grid.rest.call('POST', '/v1/webhooks', { name: 'x', url });
  expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'webhook-limit' }]);
  const { items } = await grid.rest.json<{ items: WebhookView[] }>('GET', '/v1/webhooks');
  const key = await newKey(grid, 'another');
  expect((await as(grid, key.secret).call('POST', '/v1/webhooks', { name: 'x', url })).status).toBe(201);
  await grid.rest.json('DELETE', `/v1/webhooks/${items[0]!.id}`);
  expect((await grid.rest.call('POST', '/v1/webhooks', { name: 'x', url })).status).toBe(201);
});

test('HK23: of one webhook so many deliveries by hand are under way', async () => {
  const grid = await startGrid({ env: ANY, limits: { webhooks: { byHand: 2 } } });
  const receiver = await openReceiver();
  receiver.answer = () => undefined;
  const hook = await register(grid.rest, receiver.url);
  for (let i = 0; i < 2; i++) expect((await grid.rest.call('POST', `${hook.path}/test`)).status).toBe(202);
  const third = await grid.rest.call('POST', `${hook.path}/test`);
  expect([third.status, await third.json()]).toMatchObject([409, { code: 'webhook-limit' }]);
});

test('HK12: without a word of the operator’s a webhook goes to no address of this machine, when made and when changed', async () => {
  const resolve = async (name: string) =>
    ({ 'good.example': ['8.8.8.8'], 'inside.example': ['8.8.8.8', '10.1.2.3'] })[name] ?? [];
  const grid = await startGrid({ limits: { webhooks: { resolve } } });
  const make = async (url: string) => {
    const response = await grid.rest.call('POST', '/v1/webhooks', { name: 'x', url });
    const body = (await response.json()) as { code?: string; detail?: string };
    expect(body.detail ?? '').not.toMatch(/10\.1\.2\.3|127\.0/);
    return body.code ?? response.status;
  };
  expect(await make('https://127.0.0.1:8443/')).toBe('webhook-target-forbidden');
  expect(await make('https://inside.example/')).toBe('webhook-target-forbidden');
  expect(await make('http://good.example/')).toBe('webhook-target-forbidden');
  expect(await make('https://nowhere.example/')).toBe('webhook-target-unresolved');
  expect(await make('https://good.example/')).toBe(201);
  const { items } = await grid.rest.json<{ items: { id: string }[] }>('GET', '/v1/webhooks');
  const hook = new Hook(grid.rest, { id: items[0]!.id, secret: '' });
  const change = await grid.rest.call('PATCH', hook.path, { url: 'https://[::1]/' });
  expect(await change.json()).toMatchObject({ code: 'webhook-target-forbidden' });
  expect(await hook.view()).toMatchObject({ url: 'https://good.example/' });
});

test('HK14: a name that led to a public address when the webhook was made, and leads inside when it is sent, gains nothing', async () => {
  const inside = await openReceiver();
  let address = '8.8.8.8';
  const grid = await startGrid({ limits: { webhooks: { resolve: async () => [address] } } });
  const hook = await register(grid.rest, `https://rebinding.example:${inside.port}/`);
  address = '127.0.0.1';
  await grid.rest.json('POST', `${hook.path}/test`);
  const error = await eventually(async () => {
    const [delivery] = await hook.deliveries();
    expect(delivery!.tries).toHaveLength(1);
    return delivery!.tries[0]!.error;
  });
  expect(error).toContain('not public');
  expect(error).not.toContain('127.0.0.1');
  expect(inside.received).toEqual([]);
});

test('HK30: tries are counted by what came of them, and webhooks by their state', async () => {
  const grid = await startGrid({ env: ANY, limits: { webhooks: { retriesMs: [1] } } });
  const receiver = await openReceiver();
  const hook = await register(grid.rest, receiver.url);
  for (const status of [500, 204]) {
    receiver.answer = (response) => response.writeHead(status).end();
    await grid.rest.json('POST', `${hook.path}/test`);
    await eventually(async () =>
      expect((await hook.deliveries()).every(({ state }) => state !== 'pending')).toBe(true),
    );
  }
  await hook.patch({ active: false });
  const text = await (await fetch(`${grid.rest.url}/metrics`)).text();
  for (const line of [
    'gossamer_webhook_tries_total{outcome="succeeded"} 1',
    'gossamer_webhook_tries_total{outcome="retried"} 1',
    'gossamer_webhook_tries_total{outcome="failed"} 1',
    'gossamer_webhooks{state="active"} 0',
    'gossamer_webhooks{state="disabled"} 1',
    'gossamer_webhook_deliveries_pending 0',
  ])
    expect(text).toContain(line);
});
