import { registrationOf } from '@gossamer/program';
import { makeKeyPair, signerOf } from '@gossamer/program/node';
import type { JobView, KeyCreated, ProblemCode } from '@gossamer/protocol';
import { PROBLEMS } from '@gossamer/protocol';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TestGrid } from '../harness/grid.ts';
import { eventually, OPERATOR_KEY, PROGRAM as RUN, startGrid } from '../harness/grid.ts';
import type { Caller } from './roles.ts';
import { CALLERS, ROUTES, verdictOn } from './roles.ts';
import { serve } from './serve.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const OCTETS = { 'content-type': 'application/octet-stream' };
/** With a reduce, so that its job has an answer. */
const PROGRAM = `${RUN}\nexport const reduce = () => 1;`;
const sha256 = createHash('sha256').update(PROGRAM).digest('hex');

test('AU1: every route is in the table of who may do what, the table holds no other, and routes declare the same', async () => {
  const { app } = await serve();
  const gets = new Set(app.routeTable.filter(({ method }) => method === 'GET').map(({ url }) => url));
  const routes = app.routeTable.filter(
    // HEAD of what GET gives is walked with it.
    ({ method, hidden, url }) => (method !== 'HEAD' || !gets.has(url)) && (!hidden || url === '/v1/*'),
  );
  expect(routes.map(({ method, url }) => `${method} ${url}`).sort()).toEqual(Object.keys(ROUTES).sort());
  const declared = {
    anybody: 'public',
    permitted: 'public',
    'sign-in': 'public',
    key: 'key',
    owner: 'owner',
    // The grid itself asks whose signer it is.
    'signer-owner': 'key',
    'webhook-owner': 'key',
    'batch-owner': 'key',
    'program-owner': 'key',
    operator: 'operator',
  };
  for (const { method, url, access } of routes) {
    const wanted = url.startsWith('/v1') ? declared[ROUTES[`${method} ${url}`]!] : null;
    expect(access, `${method} ${url}`).toBe(wanted);
  }
});

/** A grid with someone of each kind. */
const populated = async () => {
  const grid = await startGrid({
    env: { GOSSAMER_WEBHOOK_TARGETS: 'any' },
    limits: { http: { signIns: 100_000 }, webhooks: { webhooks: 1000, retriesMs: [] } },
  });
  const own = `http://127.0.0.1:${grid.port}`;
  const key = (name: string, fields: object = {}) =>
    grid.rest.json<KeyCreated>('POST', '/v1/keys', { role: 'submitter', name, ...fields });
  const [owner, other, revoked] = [await key('owner'), await key('other'), await key('revoked')];
  await grid.rest.json('DELETE', `/v1/keys/${revoked.id}`);
  const expired = await key('expired', { expiresAt: Date.now() + 1000 });
  const { welcome } = await grid.device();
  const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
  await eventually(async () => {
    expect((await fetch(`${own}/v1/me`, { headers: bearer(expired.secret) })).status).toBe(401);
  });
  const cookie = async (secret: string): Promise<string> => {
    const body = JSON.stringify({ key: secret });
    const response = await fetch(`${own}/v1/session`, { method: 'POST', body, headers: JSON_TYPE });
    return response.headers.get('set-cookie')!.split(';', 1)[0]!;
  };
  const headersOf = async (caller: Caller): Promise<Record<string, string>> => {
    switch (caller) {
      case 'none':
        return {};
      case 'volunteer':
        return bearer(welcome!.session);
      case 'owner':
        return bearer(owner.secret);
      case 'other':
        return bearer(other.secret);
      case 'operator':
        return bearer(OPERATOR_KEY);
      case 'revoked':
        return bearer(revoked.secret);
      case 'expired':
        return bearer(expired.secret);
      case 'operator-cookie':
        return { cookie: await cookie(OPERATOR_KEY), origin: own };
      case 'operator-cookie-without-origin':
        return { cookie: await cookie(OPERATOR_KEY) };
      case 'operator-cookie-of-another-site':
        return { cookie: await cookie(OPERATOR_KEY), origin: 'https://evil.example' };
      case 'other-cookie':
        return { cookie: await cookie(other.secret), origin: own };
    }
  };
  await grid.rest.upload(PROGRAM);
  const source = { kind: 'range', start: 0, stop: 3 };
  const spec = { name: 'A job', program: sha256, source };
  /** `isOver`: one that can be deleted; `isStream`: one that takes inputs. */
  const submit = async ({ isOver = false, isStream = false } = {}): Promise<JobView> => {
    const headers = { ...JSON_TYPE, ...bearer(owner.secret) };
    const whole = isStream ? { ...spec, source: { kind: 'stream', format: 'ndjson' } } : spec;
    const made = await fetch(`${own}/v1/jobs`, { method: 'POST', body: JSON.stringify(whole), headers });
    const job = (await made.json()) as JobView;
    if (isOver) await fetch(`${own}/v1/jobs/${job.id}/cancel`, { method: 'POST', headers: bearer(owner.secret) });
    return job;
  };
  const newDevice = async (): Promise<string> => (await grid.device()).welcome!.device;
  const newSigner = async (): Promise<string> => {
    const pair = makeKeyPair();
    const body = JSON.stringify(await registrationOf(signerOf(pair), 'S', owner.id));
    await fetch(`${own}/v1/signers`, { method: 'POST', body, headers: { ...JSON_TYPE, ...bearer(owner.secret) } });
    return pair.key;
  };
  const newWebhook = async (): Promise<string> => {
    // Nobody listens there: what is sent fails at once.
    const body = JSON.stringify({ name: 'W', url: 'http://127.0.0.1:1/' });
    const headers = { ...JSON_TYPE, ...bearer(owner.secret) };
    return ((await (await fetch(`${own}/v1/webhooks`, { method: 'POST', body, headers })).json()) as { id: string }).id;
  };
  const newBatch = async (): Promise<string> => {
    const body = JSON.stringify({ name: 'B', jobs: [spec] });
    const headers = { ...JSON_TYPE, ...bearer(owner.secret) };
    const response = await fetch(`${own}/v1/batches`, { method: 'POST', body, headers });
    return ((await response.json()) as { batch: { id: string } }).batch.id;
  };
  /** One of which nobody else makes a job. */
  const newProgram = async (): Promise<string> => {
    const program = await grid.rest.upload('export function run() { return 1; }');
    const headers = { ...JSON_TYPE, ...bearer(owner.secret) };
    await fetch(`${own}/v1/jobs`, { method: 'POST', body: JSON.stringify({ ...spec, program }), headers });
    return program;
  };
  /** One that is over. */
  const newDelivery = async (webhook: string): Promise<string> => {
    const path = `${own}/v1/webhooks/${webhook}`;
    const sent = await fetch(`${path}/test`, { method: 'POST', headers: bearer(owner.secret) });
    const { id } = (await sent.json()) as { id: string };
    await eventually(async () => {
      const list = await fetch(`${path}/deliveries`, { headers: bearer(owner.secret) });
      expect(((await list.json()) as { items: { state: string }[] }).items[0]!.state).toBe('failed');
    });
    return id;
  };
  return {
    newBatch,
    newProgram,
    newWebhook,
    newDelivery,
    grid,
    own,
    headersOf,
    submit,
    spec,
    newKey: () => key('to be revoked'),
    newSigner,
    newDevice,
  };
};

type World = Awaited<ReturnType<typeof populated>>;

interface Sent {
  body: string;
  headers: Record<string, string>;
}

/** A registration proves the key to one API key, so each caller sends its own. */
const registration = async ({ own }: World, headers: Record<string, string>): Promise<Sent> => {
  const me = (await (await fetch(`${own}/v1/me`, { headers })).json()) as { key?: string };
  const spec = await registrationOf(signerOf(makeKeyPair()), 'S', me.key ?? 'nobody');
  return { body: JSON.stringify(spec), headers: JSON_TYPE };
};

/** Nobody has it, and no caller brings its bytes: what is complete is no upload any more. */
const UPLOADED = 'f'.repeat(64);
const UPLOAD = { 'upload-length': '100', 'upload-metadata': `sha256 ${Buffer.from(UPLOADED).toString('base64')}` };
/** Uploads are a key's own, so each caller begins the one that it goes on with. */
const begun =
  (sent: Sent) =>
  async ({ own }: World, headers: Record<string, string>): Promise<Sent> => {
    await fetch(`${own}/v1/uploads`, { method: 'POST', headers: { ...headers, ...UPLOAD } });
    return sent;
  };

const BODIES: Record<string, (world: World, headers: Record<string, string>) => Sent | Promise<Sent>> = {
  'POST /v1/signers': registration,
  'PATCH /v1/signers/:key': () => ({ body: JSON.stringify({ tier: 'public' }), headers: JSON_TYPE }),
  'POST /v1/batches': ({ spec }) => ({ body: JSON.stringify({ name: 'B', jobs: [spec] }), headers: JSON_TYPE }),
  'PATCH /v1/keys/:id': () => ({ body: JSON.stringify({ quota: { openJobs: 1000 } }), headers: JSON_TYPE }),
  'PATCH /v1/devices/:id': () => ({ body: JSON.stringify({ apart: false }), headers: JSON_TYPE }),
  'POST /v1/jobs/:id/inputs': () => ({ body: '1\n', headers: { 'content-type': 'application/x-ndjson' } }),
  'POST /v1/jobs': ({ spec }) => ({ body: JSON.stringify(spec), headers: JSON_TYPE }),
  'PATCH /v1/jobs/:id': () => ({ body: JSON.stringify({ independence: { device: false } }), headers: JSON_TYPE }),
  'PUT /v1/blobs/:sha256': () => ({ body: PROGRAM, headers: OCTETS }),
  'PUT /v1/results/:sha256': () => ({ body: PROGRAM, headers: OCTETS }),
  'POST /v1/uploads': () => ({ body: '', headers: UPLOAD }),
  'HEAD /v1/uploads/:sha256': begun({ body: '', headers: {} }),
  'PATCH /v1/uploads/:sha256': begun({
    body: '',
    headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' },
  }),
  'DELETE /v1/uploads/:sha256': begun({ body: '', headers: {} }),
  'POST /v1/keys': () => ({ body: JSON.stringify({ role: 'submitter', name: 'x' }), headers: JSON_TYPE }),
  'POST /v1/webhooks': () => ({ body: JSON.stringify({ name: 'W', url: 'http://127.0.0.1:1/' }), headers: JSON_TYPE }),
  'PATCH /v1/webhooks/:id': () => ({ body: JSON.stringify({ name: 'W' }), headers: JSON_TYPE }),
  'POST /v1/session': () => ({ body: JSON.stringify({ key: OPERATOR_KEY }), headers: JSON_TYPE }),
  'OPTIONS /v1/*': () => ({ body: '', headers: { 'access-control-request-method': 'GET' } }),
};

/** The path of a route, with names of what is there; for what the route changes, of something new. */
const pathOf = async (world: World, method: string, url: string, job: JobView): Promise<string> => {
  const target =
    url.includes('/jobs/:id') && method !== 'GET'
      ? await world.submit({ isOver: method === 'DELETE', isStream: url.includes('/inputs') })
      : job;
  const id = url.includes('/keys/')
    ? (await world.newKey()).id
    : url.includes('/devices/')
      ? await world.newDevice()
      : url.includes('/webhooks/')
        ? await world.newWebhook()
        : url.includes('/batches/')
          ? await world.newBatch()
          : target.id;
  const delivery = url.includes(':delivery') ? await world.newDelivery(id) : '';
  const key = url.includes('/signers/') ? await world.newSigner() : '';
  const named = url.includes('/uploads/') ? UPLOADED : sha256;
  const blob = url.includes('/programs/') ? await world.newProgram() : named;
  return (url.endsWith('/inputs') ? `${url}?first=0` : url)
    .replace(':id', id)
    .replace(':delivery', delivery)
    .replace(':key', key)
    .replace(':index', '0')
    .replace(':sha256', blob)
    .replace(':code', 'internal')
    .replace('*', 'jobs');
};

/** What came of a call: `yes`, or the code of the problem; of HEAD, which tells no code, what was wanted if its status is that. */
const outcomeOf = async (response: Response, method: string, wanted: string): Promise<string> => {
  if (response.status < 400) {
    await response.body?.cancel();
    return 'yes';
  }
  if (method === 'HEAD') {
    return wanted !== 'yes' && PROBLEMS[wanted as ProblemCode].status === response.status ? wanted : 'another refusal';
  }
  const { code } = (await response.json()) as { code: string };
  return code === 'result-pending' ? 'yes' : code;
};

/** Hundreds of requests, some of which make a job first. */
const WALK_MS = 480_000;

test(
  'AU2: on the whole coordinator each route answers each caller as the table says, HEAD like GET',
  async () => {
    const world = await populated();
    const job = await world.submit();
    const wrong: string[] = [];
    for (const [route, who] of Object.entries(ROUTES)) {
      const [method, url] = route.split(' ') as [string, string];
      for (const caller of CALLERS) {
        const path = await pathOf(world, method, url, job);
        const own = await world.headersOf(caller);
        const { body, headers } = (await BODIES[route]?.(world, own)) ?? { body: '', headers: {} };
        const init = { method, headers: { ...headers, ...own } };
        const response = await fetch(world.own + path, body === '' ? init : { ...init, body });
        const { status } = response;
        const wanted = verdictOn(who, caller, method);
        const outcome = await outcomeOf(response, method, wanted);
        if (outcome !== wanted) wrong.push(`${route} as ${caller}: ${outcome} (${status}), not ${wanted}`);
        if (method !== 'GET') continue;
        const head = await fetch(world.own + path, { ...init, method: 'HEAD' });
        if (head.status !== status) wrong.push(`HEAD ${url} as ${caller}: ${head.status}, not ${status}`);
      }
    }
    expect(wrong).toEqual([]);
  },
  WALK_MS,
);

const keyOf = (grid: TestGrid, fields: object) =>
  grid.rest.json<KeyCreated>('POST', '/v1/keys', { role: 'operator', name: 'x', ...fields });

const as = (grid: TestGrid, secret: string, path: string) =>
  fetch(grid.rest.url + path, { headers: { authorization: `Bearer ${secret}` } });

test('AU6: a key is good until it expires, over a start, too; one that would be over at once is not made', async () => {
  let now = Date.now();
  const grid = await startGrid({ wall: () => now });
  const expiresAt = now + 600_000;
  const { secret, id } = await keyOf(grid, { expiresAt });
  expect((await as(grid, secret, '/v1/me')).status).toBe(200);
  const { items } = await grid.rest.json<{ items: { id: string }[] }>('GET', '/v1/keys');
  expect(items.find((key) => key.id === id)).toMatchObject({ expiresAt, revokedAt: null });
  const late = await grid.rest.call('POST', '/v1/keys', { role: 'operator', name: 'x', expiresAt: now - 1 });
  expect([late.status, await late.json()]).toMatchObject([400, { errors: [{ path: 'body.expiresAt' }] }]);
  const again = await grid.restart(() => (now += 500_000));
  expect((await as(again, secret, '/v1/me')).status).toBe(200);
  const over = await again.restart(() => (now += 200_000));
  expect(await (await as(over, secret, '/v1/me')).json()).toMatchObject({ code: 'key-wrong' });
});

test('AU7: a stream ends soon after its key was revoked or its sign-in ended, and others go on', async () => {
  const grid = await startGrid({ limits: { http: { recheckMs: 50 } } });
  const { secret, id } = await keyOf(grid, {});
  const open = async (path: string, headers: Record<string, string>) => {
    const response = await fetch(grid.rest.url + path, { headers });
    const stream = { ended: false };
    void response.text().then(
      () => (stream.ended = true),
      () => (stream.ended = true),
    );
    return stream;
  };
  const body = JSON.stringify({ key: OPERATOR_KEY });
  const signedIn = await fetch(`${grid.rest.url}/v1/session`, { method: 'POST', body, headers: JSON_TYPE });
  const cookie = signedIn.headers.get('set-cookie')!.split(';', 1)[0]!;
  const revoked = await open('/v1/events', { authorization: `Bearer ${secret}` });
  const left = await open('/v1/events', { cookie });
  const stays = await open('/v1/events', { authorization: `Bearer ${OPERATOR_KEY}` });
  await grid.rest.json('DELETE', `/v1/keys/${id}`);
  await eventually(() => expect(revoked.ended).toBe(true));
  expect(left.ended).toBe(false);
  await fetch(`${grid.rest.url}/v1/session`, { method: 'DELETE', headers: { cookie, origin: grid.rest.url } });
  await eventually(() => expect(left.ended).toBe(true));
  expect(stays.ended).toBe(false);
});

test('AU8: of a key only its hash is on disk', async () => {
  const grid = await startGrid();
  const { secret } = await keyOf(grid, {});
  await grid.coordinator.close();
  const files = readdirSync(grid.data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = Buffer.concat(files.map((file) => readFileSync(join(file.parentPath, file.name))));
  expect(bytes.includes(createHash('sha256').update(secret).digest('hex'))).toBe(true);
  for (const hidden of [secret, secret.slice(4), OPERATOR_KEY]) expect(bytes.includes(hidden)).toBe(false);
});
