import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { expectProblem, KEYS, serve } from './serve.ts';

const CONFIG = { publicUrl: null, cageOrigin: null, trustProxy: 0, rateLimit: 1000 };

test('HE1: alive is alive; ready only while the grid is', async () => {
  const grid = await serve();
  expect(await (await grid.call('/readyz', { key: null })).json()).toEqual({ status: 'ok' });
  grid.grid.ready = false;
  expect(await (await grid.call('/healthz', { key: null })).json()).toEqual({ status: 'ok' });
  for (const path of ['/readyz', '/v1/grid', '/v1/jobs']) {
    const response = await grid.call(path);
    expect(response.headers.get('retry-after')).toBe('5');
    await expectProblem(response, 'unavailable');
  }
});

test('HE2: metrics are open to this machine and to operators, not through a proxy', async () => {
  const grid = await serve();
  await grid.call('/v1/jobs');
  const local = await grid.raw('/metrics', { host: 'localhost' });
  expect(local.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(local.body.toString()).toMatch(
    /gossamer_http_request_duration_seconds_count\{method="GET",route="\/v1\/jobs",status="200"\} 1/,
  );
  const proxied = { host: 'localhost', 'x-forwarded-for': '203.0.113.9' };
  await expectProblem(await grid.raw('/metrics', proxied), 'key-missing');
  await expectProblem(await grid.raw('/metrics', { host: '192.168.1.7' }), 'key-missing');
  const withKey = (key: string) => grid.raw('/metrics', { ...proxied, authorization: `Bearer ${key}` });
  await expectProblem(await withKey('nobody'), 'key-wrong');
  await expectProblem(await withKey(KEYS.submitter), 'role-forbidden');
  expect((await withKey(KEYS.operator)).status).toBe(200);
});

test('RL1: requests are limited a minute and address, and the headers say how many are left', async () => {
  const grid = await serve({ config: { ...CONFIG, rateLimit: 5 } });
  for (let left = 4; left >= 0; left--) {
    const response = await grid.call('/v1/me');
    expect([
      response.status,
      response.headers.get('ratelimit-limit'),
      response.headers.get('ratelimit-remaining'),
    ]).toEqual([200, '5', String(left)]);
  }
  const refused = await grid.call('/v1/me');
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused.headers.get('ratelimit-remaining')).toBe('0');
  await expectProblem(refused, 'rate-limited');
  expect((await grid.call('/healthz', { key: null })).status).toBe(200);
});

test('RL2: wrong keys are limited too', async () => {
  const grid = await serve({ config: { ...CONFIG, rateLimit: 5 } });
  for (let i = 0; i < 5; i++) await expectProblem(await grid.call('/v1/me', { key: 'nobody' }), 'key-wrong');
  await expectProblem(await grid.call('/v1/me'), 'rate-limited');
  // By a name that is not ours, too, where they are told nothing of the key.
  const other = await serve({ config: { ...CONFIG, rateLimit: 5 } });
  const headers = { host: 'evil.example', authorization: 'Bearer nobody' };
  for (let i = 0; i < 5; i++) await expectProblem(await other.raw('/v1/me', headers), 'origin-forbidden');
  await expectProblem(await other.raw('/v1/me', headers), 'rate-limited');
  // Metrics take a key as well.
  const metrics = { host: '192.168.1.7', authorization: 'Bearer nobody' };
  for (let i = 0; i < 5; i++) await expectProblem(await other.raw('/metrics', metrics), 'key-wrong');
  await expectProblem(await other.raw('/metrics', metrics), 'rate-limited');
});

test('RL3: behind a proxy each forwarded address is counted for itself; without one the header is not believed', async () => {
  const me = (grid: Awaited<ReturnType<typeof serve>>, address: string) =>
    grid.raw('/v1/me', { host: 'localhost', authorization: `Bearer ${KEYS.submitter}`, 'x-forwarded-for': address });
  const behind = await serve({ config: { ...CONFIG, rateLimit: 2, trustProxy: 1 } });
  for (const address of ['203.0.113.1', '203.0.113.2', '203.0.113.3']) {
    expect((await me(behind, address)).status).toBe(200);
    // What the client itself wrote stands further left, and is not the address that the proxy saw.
    expect((await me(behind, `198.51.100.7, ${address}`)).status).toBe(200);
    await expectProblem(await me(behind, address), 'rate-limited');
  }
  const direct = await serve({ config: { ...CONFIG, rateLimit: 2 } });
  expect((await me(direct, '203.0.113.1')).status).toBe(200);
  expect((await me(direct, '203.0.113.2')).status).toBe(200);
  await expectProblem(await me(direct, '203.0.113.3'), 'rate-limited');
});

test('RL4: requests are counted by address of IPv4, however it is written, and by /64 of IPv6', async () => {
  const machines = [
    ['203.0.113.1', '::ffff:203.0.113.1', '::ffff:cb00:7101', '203.0.113.1:4711'],
    ['203.0.113.2'],
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::', '[2001:DB8:1:2:a:b:c:d]:4711', '2001:0db8:0001:0002::1'],
    ['2001:db8:1:3::1'],
    ['unknown', 'nobody-knows'],
  ];
  const grid = await serve({ config: { ...CONFIG, rateLimit: 100, trustProxy: 1 } });
  for (const addresses of machines) {
    const left = [];
    for (const address of addresses) {
      const { headers } = await grid.raw('/v1/grid', { host: 'localhost', 'x-forwarded-for': address });
      left.push(Number(headers['ratelimit-remaining']));
    }
    expect(left, addresses[0]).toEqual(addresses.map((_address, at) => 99 - at));
  }
});

test('HE3: while the event loop is late, requests are refused and health is answered', async () => {
  const grid = await serve({ limits: { eventLoopDelayMs: 1 } });
  const until = performance.now() + 2500;
  const spin = (): void => {
    const end = performance.now() + 100;
    while (performance.now() < end);
    if (performance.now() < until) setImmediate(spin);
  };
  spin();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const [busy, health] = await Promise.all([grid.call('/v1/me'), grid.call('/healthz', { key: null })]);
  expect(busy.headers.has('retry-after')).toBe(true);
  await expectProblem(busy, 'unavailable');
  expect(health.status).toBe(200);
});

test('HE4: a connection on which nothing is asked does not hold up the closing', async () => {
  const grid = await serve({ limits: { closeGraceMs: 200 } });
  const silent = connect(grid.port, '127.0.0.1');
  silent.on('error', () => undefined);
  await new Promise((resolve) => silent.once('connect', resolve));
  await grid.call('/healthz', { key: null });
  await grid.app.close();
  expect(grid.app.server.listening).toBe(false);
  silent.destroy();
}, 20_000);
