import { describe, expect, test } from 'vitest';
import { hostKinds } from '../../src/http/hosts.ts';
import { CAGE_HTML, expectProblem, KEYS, serve } from './serve.ts';

const CONFIG = {
  publicUrl: 'https://grid.example.org',
  cageOrigin: 'https://*.cage.example.net',
  trustProxy: 0,
  rateLimit: 1000,
};

describe('hosts', () => {
  test("HN1: a host is ours, a cage's or foreign by its name alone", () => {
    const kind = hostKinds(CONFIG);
    for (const host of [
      'grid.example.org',
      'GRID.example.org:8443',
      'localhost:1',
      '127.0.0.1',
      '[::1]:8080',
      '192.168.1.7',
      'localhost.',
    ]) {
      expect(kind(host), host).toBe('own');
    }
    for (const host of [
      'j1-0.cage.example.net',
      'J1-0.CAGE.example.net:8080',
      'j1-0.cage.localhost:8080',
      'a.b.cage.localhost',
      'x.cage.localhost.',
    ]) {
      expect(kind(host), host).toBe('cage');
    }
    for (const host of [
      '',
      'evil.example',
      'cage.example.net',
      '.cage.localhost',
      'xcage.localhost',
      'grid.example.org.evil.example',
      '1.2.3.4.evil.example',
      '127.0.0.1.nip.io',
    ]) {
      expect(kind(host), host).toBe('foreign');
    }
  });

  test("HN2: a cage's host serves the cage's document with its headers, and nothing else", async () => {
    const grid = await serve();
    const name = await grid.upload('data');
    const host = `j1-0.cage.localhost:${grid.port}`;
    const page = await grid.raw('/', { host });
    expect([page.status, page.body.toString()]).toEqual([200, CAGE_HTML]);
    expect(page.headers).toMatchObject({ 'origin-agent-cluster': '?1', 'content-type': 'text/html; charset=utf-8' });
    expect(page.headers['content-security-policy']).toBeUndefined();
    const authorization = `Bearer ${KEYS.operator}`;
    for (const path of [
      '/v1/grid',
      '/v1/jobs',
      `/v1/blobs/${name}`,
      '/healthz',
      '/metrics',
      '/docs',
      '/docs/json',
      '/dashboard/',
      '/index.html',
      '/nothing',
      '//',
      '/%zz',
      '/errors/internal',
    ]) {
      const answer = await grid.raw(path, { host, authorization });
      expect([answer.status, answer.body.toString()], path).toEqual([404, 'A cage lives here, and nothing else.\n']);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
    expect((await grid.raw('/', { host }, 'POST')).status).toBe(404);
    expect(
      (await grid.raw('/v1/jobs', { host, origin: 'null', 'access-control-request-method': 'GET' }, 'OPTIONS')).status,
    ).toBe(404);
  });

  test('HN3: a page that rebound its name to us reads nothing; probes and holders of a key are answered', async () => {
    const grid = await serve();
    const host = `evil.example:${grid.port}`;
    const name = await grid.upload('data');
    // What a page can make up is no key; that it looks like one does not open what needs none.
    for (const authorization of [undefined, 'Bearer x', 'bearer  made-up-by-a-page', `Basic ${KEYS.operator}`]) {
      const headers = { host, ...(authorization && { authorization }) };
      for (const path of [
        '/',
        '/v1/grid',
        '/v1/coordinator-keys',
        `/v1/blobs/${name}`,
        '/v1/me',
        '/metrics',
        '/docs/json',
        '/docs/',
        '/dashboard/',
        '/errors/internal',
        '/nothing',
        '/v1/nothing',
        '/%zz',
      ]) {
        await expectProblem(await grid.raw(path, headers), 'origin-forbidden');
        expect((await grid.raw(path, headers, 'HEAD')).status, path).toBe(403);
      }
      await expectProblem(await grid.raw('/v1/session', headers, 'POST', '{}'), 'origin-forbidden');
    }
    expect((await grid.raw('/healthz', { host })).status).toBe(200);
    expect((await grid.raw('/readyz', { host })).status).toBe(200);
    const authorization = `Bearer ${KEYS.submitter}`;
    for (const path of ['/v1/me', '/v1/grid']) {
      expect((await grid.raw(path, { host, authorization })).status, path).toBe(200);
    }
    // Where wrong keys are not counted a good one opens nothing, or it could be guessed there.
    for (const path of ['/', '/docs/json', '/dashboard/', '/nothing', '/v1/nothing']) {
      await expectProblem(await grid.raw(path, { host, authorization }), 'origin-forbidden');
    }
  });

  test('HN4: behind a proxy the host is the forwarded one, and only there', async () => {
    const forwarded = { 'x-forwarded-host': 'j1-0.cage.example.net', host: 'localhost' };
    const behind = await serve({ config: { ...CONFIG, trustProxy: 1 } });
    expect((await behind.raw('/', forwarded)).body.toString()).toBe(CAGE_HTML);
    const direct = await serve({ config: CONFIG });
    expect((await direct.raw('/', forwarded)).body.toString()).not.toBe(CAGE_HTML);
  });
});

describe('other origins', () => {
  test('HN5: pages of other origins may use a key, and get neither cookies, nor blobs, nor a sign-in', async () => {
    const grid = await serve();
    const origin = 'https://science.example';
    const preflight = await grid.call('/v1/jobs', {
      method: 'OPTIONS',
      key: null,
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });
    expect(preflight.status).toBe(204);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': expect.stringContaining('POST'),
      'access-control-allow-headers': expect.stringContaining('Authorization'),
    });
    const read = await grid.call('/v1/jobs', { headers: { origin } });
    expect(read.headers.get('access-control-allow-origin')).toBe('*');
    const exposed = read.headers.get('access-control-expose-headers')!.toLowerCase();
    for (const name of ['etag', 'ratelimit-remaining', 'quota-limit', 'quota-remaining', 'idempotency-replayed']) {
      expect(exposed).toContain(name);
    }
    expect(read.headers.has('access-control-allow-credentials')).toBe(false);
    const refused = await grid.call('/v1/jobs', { headers: { origin }, key: 'nobody' });
    expect(refused.headers.get('access-control-allow-origin')).toBe('*');
    const name = await grid.upload('x');
    for (const [path, method] of [
      [`/v1/blobs/${name}`, 'GET'],
      ['/v1/session', 'POST'],
    ] as const) {
      const answer = await grid.call(path, { method, headers: { origin } });
      expect(answer.headers.has('access-control-allow-origin'), path).toBe(false);
    }
    await expectProblem(await grid.call('/v1/jobs', { method: 'OPTIONS' }), 'route-unknown');
  });
});
