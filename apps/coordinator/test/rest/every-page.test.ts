import { request } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { eventually, OPERATOR_KEY, startGrid } from '../harness/grid.ts';
import type { Answer } from './serve.ts';
import { expectProblem, serve, sha256 } from './serve.ts';

/** A request whose path goes out as it is. */
const get = (port: number, path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = { host: `localhost:${port}`, ...headers };
    request({ host: '127.0.0.1', port, path, headers: sent, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode!, headers: incoming.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });

const API = "default-src 'none'; frame-ancestors 'none'; sandbox";
const PAGE = /default-src 'none'; script-src 'self'.*frame-ancestors 'none'.*require-trusted-types-for 'script'/;
const DOCS = /default-src 'none'; script-src 'self'; .*frame-ancestors 'none'/;
const ENGINE = /default-src 'none'/;
const CAGE = /^sandbox allow-scripts; default-src 'none'/;

interface Row {
  path: string;
  host?: string;
  key?: string;
  status: number;
  policy: string | RegExp;
  caching: string | undefined;
  /** Headers that it has as well. */
  more?: Record<string, string>;
  /** Headers that the request has as well. */
  sent?: Record<string, string>;
}

const TEXT = 'text/plain; charset=utf-8';

const FOR_EVER = 'public, max-age=31536000, immutable';

test('PA5: every kind of page and answer carries its headers', async () => {
  const grid = await startGrid({ env: { GOSSAMER_PAGES: 'true' } });
  const { port } = grid;
  const blob = await grid.rest.upload('<script>alert(1)</script>');
  const index = (await get(port, '/')).body.toString();
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(index)![1]!;
  const apart = { 'cross-origin-opener-policy': 'same-origin' };
  const cage = `j1-0.cage.localhost:${port}`;
  const rows: Row[] = [
    { path: '/', status: 200, policy: PAGE, caching: 'no-cache', more: apart },
    { path: '/dashboard/', status: 200, policy: PAGE, caching: 'no-cache', more: apart },
    { path: '/dashboard', status: 308, policy: API, caching: undefined },
    { path: script, status: 200, policy: ENGINE, caching: FOR_EVER },
    { path: '/docs/', status: 200, policy: DOCS, caching: undefined },
    { path: '/docs/json', status: 200, policy: DOCS, caching: undefined },
    { path: '/errors/internal', status: 200, policy: API, caching: 'no-cache' },
    { path: '/healthz', status: 200, policy: API, caching: 'no-store' },
    { path: '/readyz', status: 200, policy: API, caching: 'no-store' },
    { path: '/metrics', status: 200, policy: API, caching: 'no-store' },
    { path: '/v1/grid', status: 200, policy: API, caching: 'no-store' },
    { path: '/v1/jobs', status: 200, policy: API, caching: 'no-store', key: OPERATOR_KEY },
    { path: '/v1/jobs', status: 401, policy: API, caching: 'no-store' },
    { path: '/v1/keys', status: 200, policy: API, caching: 'no-store', key: OPERATOR_KEY },
    {
      path: `/v1/blobs/${blob}`,
      status: 200,
      policy: API,
      caching: FOR_EVER,
      more: { 'content-type': 'application/octet-stream', 'content-disposition': 'attachment' },
    },
    { path: '/nothing', status: 404, policy: API, caching: 'no-store' },
    { path: '/%zz', status: 404, policy: API, caching: 'no-store' },
    { path: `/v1/blobs/${'x'.repeat(3000)}`, status: 404, policy: API, caching: 'no-store' },
    { path: '/%zz', host: 'evil.example', status: 403, policy: API, caching: 'no-store' },
    { path: '/%zz', host: cage, status: 404, policy: API, caching: 'no-store', more: { 'content-type': TEXT } },
    // What Node's parser gives up, before there is a path or a host.
    {
      path: '/healthz',
      more: { 'content-type': 'application/problem+json' },
      sent: { 'content-length': 'x' },
      status: 400,
      policy: API,
      caching: 'no-store',
    },
    { path: '/v1/grid', host: 'evil.example', status: 403, policy: API, caching: 'no-store' },
    { path: '/', host: cage, status: 200, policy: CAGE, caching: 'no-store' },
    { path: '/index.html', host: cage, status: 404, policy: API, caching: 'no-store' },
  ];
  for (const { path, host, key, status, policy, caching, more = {}, sent = {} } of rows) {
    const headers = {
      ...(host === undefined ? {} : { host }),
      ...(key && { authorization: `Bearer ${key}` }),
      ...sent,
    };
    const answer = await get(port, path, headers);
    const what = `${host ?? ''}${path}`;
    expect(answer.status, what).toBe(status);
    expect(answer.headers, what).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      ...more,
    });
    const said = answer.headers['content-security-policy'];
    if (typeof policy === 'string') expect(said, what).toBe(policy);
    else expect(said, what).toMatch(policy);
    expect(answer.headers['cache-control'], what).toBe(caching);
    for (const name of ['server', 'x-powered-by']) expect(answer.headers, what).not.toHaveProperty(name);
  }
});

const PREFIXES = [
  '/',
  '/assets/',
  '/dashboard/',
  '/dashboard/assets/',
  '/docs/',
  '/docs/static/',
  '/errors/',
  '/v1/blobs/',
];
const STEPS = [
  '../',
  '..%2f',
  '%2e%2e/',
  '%2e%2e%2f',
  '..\\',
  '..%5c',
  '....//',
  '%c0%ae%c0%ae/',
  '%252e%252e%252f',
  './/../',
];
const NAMES = [
  'package.json',
  'etc/passwd',
  ...[
    '/etc/passwd',
    '%2fetc%2fpasswd',
    'file:///etc/passwd',
    '.git/config',
    '.env',
    'log.db',
    'blobs/',
    '%00',
    'a%00.js',
  ],
  'x'.repeat(3000),
];

test('PA6: no name in a path leads to a file that is not served on purpose', async () => {
  const grid = await startGrid({ env: { GOSSAMER_PAGES: 'true' } });
  for (const prefix of PREFIXES) {
    for (const step of ['', ...STEPS]) {
      for (const name of NAMES) {
        const path = `${prefix}${step.repeat(step === '' ? 1 : 4)}${name}`;
        const answer = await get(grid.port, path);
        expect([400, 401, 403, 404, 414], path).toContain(answer.status);
        expect(answer.body.toString(), path).not.toMatch(/@gossamer|root:|SQLite/);
      }
    }
  }
}, 300_000);

test('BI14: a body that takes too long ends its connection, and nothing is made of it', async () => {
  const grid = await serve({ limits: { bodyMs: 300 } });
  const socket = connect(grid.port, '127.0.0.1');
  socket.on('error', () => undefined).resume();
  socket.write(
    'POST /v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"',
  );
  const drip = setInterval(() => socket.write('a'), 50);
  try {
    await eventually(() => expect(socket.closed).toBe(true));
  } finally {
    clearInterval(drip);
  }
  expect((await grid.call('/v1/me')).status).toBe(200);
});

test('RB11: an upload that comes more slowly than it must is ended, and nothing of it is kept', async () => {
  const grid = await serve({ limits: { uploadStallMs: 300, uploadBytesPerSecond: 100_000 } });
  const bytes = 'x'.repeat(100_000);
  const name = sha256(bytes);
  let sent = 0;
  const slow = new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      controller.enqueue(Buffer.from(bytes.slice(sent, sent + 100)));
      sent += 100;
      if (sent >= bytes.length) controller.close();
    },
  });
  const headers = { 'content-type': 'application/octet-stream' };
  const init = { method: 'PUT', body: slow, headers, duplex: 'half' } as RequestInit;
  // The refusal, or the end of the connection while the client still sends.
  const outcome = await grid.call(`/v1/blobs/${name}`, init).catch(() => null);
  if (outcome !== null) await expectProblem(outcome, 'request-invalid');
  expect(sent).toBeLessThan(bytes.length);
  expect((await grid.call(`/v1/blobs/${name}`, { key: null })).status).toBe(404);
  expect(await grid.upload(bytes)).toBe(name);
});
