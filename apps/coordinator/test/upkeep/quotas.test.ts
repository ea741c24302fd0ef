import type {
  JobView,
  KeyCreated,
  KeyQuotas,
  KeyView,
  LeaseReport,
  Problem,
  QuotasView,
  Sha256,
} from '@gossamer/protocol';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Held } from '../harness/device.ts';
import { report } from '../harness/device.ts';
import type { TestGrid } from '../harness/grid.ts';
import { eventually, OPERATOR_KEY, PROGRAM, startGrid } from '../harness/grid.ts';
import { lend } from '../harness/lend.ts';
import { Submitter } from '../harness/signing.ts';
import { compute } from './failing.ts';

const PROGRAM_BYTES = Buffer.byteLength(PROGRAM);

const quotasOf = async (who: Submitter): Promise<QuotasView> =>
  (await who.call<{ quotas: QuotasView }>('GET', '/v1/me')).body.quotas;

const setQuota = (grid: TestGrid, { key }: Submitter, quota: KeyView['quota']): Promise<KeyView> =>
  grid.rest.json('PATCH', `/v1/keys/${key.id}`, { quota });

const put = async (grid: TestGrid, secret: string, bytes: Buffer, stream = false) => {
  const name = createHash('sha256').update(bytes).digest('hex');
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/octet-stream' };
  const whole = new Uint8Array(bytes);
  const body = stream ? new Blob([whole]).stream() : whole;
  const init = { method: 'PUT', headers, body, ...(stream ? { duplex: 'half' } : {}) } as RequestInit;
  const response = await fetch(`${grid.rest.url}/v1/blobs/${name}`, init);
  return { name, status: response.status, body: (await response.json()) as Problem };
};

const range = (units: number) => ({ source: { kind: 'range' as const, start: 0, stop: units } });

test('QT1: open jobs and their units are bounded; what is refused says which, what is used, and what to do, and makes nothing', async () => {
  const grid = await startGrid();
  const sue = await Submitter.join(grid);
  await setQuota(grid, sue, { openJobs: 2, units: 100 });
  expect((await sue.submit(null, range(60))).status).toBe(201);
  const tooLarge = await sue.submit<Problem>(null, range(41));
  expect([tooLarge.status, tooLarge.body]).toMatchObject([
    409,
    { code: 'quota-exceeded', detail: expect.stringMatching(/100 units in open jobs and has 60; .*41 more: wait/) },
  ]);
  expect((await sue.submit(null, range(40))).status).toBe(201);
  const tooMany = await sue.submit<Problem>(null, range(1));
  expect(tooMany.body.detail).toMatch(/may have 2 open jobs and has 2; .*cancel them, or ask the operator/);
  expect((await sue.call<{ items: unknown[] }>('GET', '/v1/jobs')).body.items).toHaveLength(2);
  // Another key has its own.
  const otto = await Submitter.join(grid, 'Otto');
  expect((await otto.submit(null, range(1000))).status).toBe(201);
});

test('QT14: the refusal tells in numbers which quota it is, its limit, what is used and asked for, in headers, too', async () => {
  const grid = await startGrid();
  const sue = await Submitter.join(grid);
  const refused = async (
    path: string,
    init: { method: string; body: string | Uint8Array<ArrayBuffer>; type: string },
  ) => {
    const headers = { authorization: `Bearer ${sue.key.secret}`, 'content-type': init.type };
    const response = await fetch(grid.rest.url + path, { ...init, headers });
    const told = ['quota-limit', 'quota-remaining'].map((name) => response.headers.get(name));
    const { code, detail, quota } = (await response.json()) as Problem;
    expect(code).toBe('quota-exceeded');
    for (const number of [quota!.limit, quota!.used, quota!.asked])
      expect(detail).toMatch(new RegExp(`\\b${number}\\b`));
    return { quota, told };
  };
  const job = (units: number, program: string) =>
    JSON.stringify({ name: 'A job', program, policy: { kind: 'quorum', quorum: 1 }, ...range(units) });
  const made = await sue.submit<JobView>(null, range(60));
  const { program } = made.body;

  await setQuota(grid, sue, { openJobs: 5, units: 100 });
  const json = (body: string) => ({ method: 'POST', body, type: 'application/json' });
  expect(await refused('/v1/jobs', json(job(41, program)))).toEqual({
    quota: { name: 'units', limit: 100, used: 60, asked: 41 },
    told: ['100', '40'],
  });
  const jobs = `[${Array.from({ length: 5 }, () => job(1, program)).join()}]`;
  expect(await refused('/v1/batches', json(`{"name":"B","jobs":${jobs}}`))).toEqual({
    quota: { name: 'openJobs', limit: 5, used: 1, asked: 5 },
    told: ['5', '4'],
  });
  // There may be more than is allowed now.
  await setQuota(grid, sue, { openJobs: 0, blobBytes: PROGRAM_BYTES + 10 });
  expect(await refused('/v1/jobs', json(job(1, program)))).toEqual({
    quota: { name: 'openJobs', limit: 0, used: 1, asked: 1 },
    told: ['0', '0'],
  });
  const bytes = new Uint8Array(1000);
  const name = createHash('sha256').update(bytes).digest('hex');
  expect(await refused(`/v1/blobs/${name}`, { method: 'PUT', body: bytes, type: 'application/octet-stream' })).toEqual({
    quota: { name: 'blobBytes', limit: PROGRAM_BYTES + 10, used: PROGRAM_BYTES, asked: 1000 },
    told: [String(PROGRAM_BYTES + 10), '10'],
  });
  // Of one job of a batch, whose data somebody else uploaded.
  const catalog = await grid.rest.upload(bytes);
  await setQuota(grid, sue, { openJobs: null, blobBytes: PROGRAM_BYTES + 10 });
  const body = `{"name":"B","jobs":[${job(1, program).replace('{', `{"data":{"catalog":"${catalog}"},`)}]}`;
  expect((await refused('/v1/batches', json(body))).quota).toMatchObject({ name: 'blobBytes', asked: 1000 });
  // Nothing else has these headers.
  expect((await fetch(`${grid.rest.url}/v1/me`)).headers.get('quota-limit')).toBeNull();
});

test('QT1: bytes of blobs are bounded, whether their number is told before or found by counting; nothing is kept of what is refused', async () => {
  const grid = await startGrid();
  const sue = await Submitter.join(grid);
  await setQuota(grid, sue, { blobBytes: 100_000 });
  expect((await put(grid, sue.key.secret, Buffer.alloc(60_000, 1))).status).toBe(201);
  for (const stream of [false, true]) {
    const refused = await put(grid, sue.key.secret, Buffer.alloc(60_000, 2), stream);
    expect([refused.status, refused.body]).toMatchObject([
      409,
      { code: 'quota-exceeded', detail: expect.stringMatching(/100000 bytes of blobs and has 60000/) },
    ]);
    expect((await grid.rest.call('HEAD', `/v1/blobs/${refused.name}`)).status).toBe(404);
  }
  expect((await put(grid, sue.key.secret, Buffer.alloc(40_000, 3), true)).status).toBe(201);
  expect(await quotasOf(sue)).toMatchObject({ blobBytes: { limit: 100_000, used: 100_000 } });
});

test('QT2: a submitter’s key that says nothing has the grid’s default, an operator’s has none, and null is any number', async () => {
  const env = {
    GOSSAMER_QUOTA_OPEN_JOBS: '1',
    GOSSAMER_QUOTA_UNITS: '10',
    GOSSAMER_QUOTA_BLOB_MB: '1',
    GOSSAMER_QUOTA_RESULT_MB: '2',
  };
  const grid = await startGrid({ env });
  const sue = await Submitter.join(grid);
  expect(await quotasOf(sue)).toEqual({
    blobBytes: { limit: 1024 * 1024, used: 0 },
    resultBytes: { limit: 2 * 1024 * 1024, used: 0 },
    openJobs: { limit: 1, used: 0 },
    units: { limit: 10, used: 0 },
  });
  expect((await sue.submit(null)).status).toBe(201);
  expect((await sue.submit<Problem>(null)).body.code).toBe('quota-exceeded');
  for (let at = 0; at < 3; at++) await grid.rest.submit(100);
  expect(await setQuota(grid, sue, { openJobs: null })).toMatchObject({ quota: { openJobs: null } });
  expect((await sue.submit(null)).status).toBe(201);
  expect(await quotasOf(sue)).toMatchObject({ openJobs: { limit: null, used: 2 }, units: { limit: 10, used: 6 } });
});

test('QT3: many at once get no more than one after the other', async () => {
  const grid = await startGrid();
  const sue = await Submitter.join(grid);
  await setQuota(grid, sue, { openJobs: 5, blobBytes: 250_000 });
  await grid.rest.upload(PROGRAM);
  const made = await Promise.all(Array.from({ length: 20 }, () => sue.submit(null)));
  expect(made.filter(({ status }) => status === 201)).toHaveLength(5);
  const sent = await Promise.all(
    Array.from({ length: 12 }, (_, at) => put(grid, sue.key.secret, Buffer.alloc(100_000, at), at % 2 === 0)),
  );
  expect(sent.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(2);
  expect((await quotasOf(sue)).blobBytes.used).toBeLessThanOrEqual(250_000);
  // What was refused holds no room.
  await setQuota(grid, sue, { openJobs: 6, blobBytes: null });
  expect((await sue.submit(null)).status).toBe(201);
});

test('QT4: what has ended is free again, and so are bytes that were collected', async () => {
  const grid = await startGrid({ limits: { upkeep: { collectMs: 25, blobGraceMs: 3000 } } });
  const sue = await Submitter.join(grid);
  await setQuota(grid, sue, { openJobs: 1 });
  const { body: first } = await sue.submit<JobView>(null);
  await compute(grid, first.id);
  const { body: second } = await sue.submit<JobView>(null);
  await sue.call('POST', `/v1/jobs/${second.id}/cancel`);
  expect((await sue.submit(null)).status).toBe(201);
  expect(await quotasOf(sue)).toMatchObject({
    openJobs: { used: 1 },
    units: { used: 3 },
    blobBytes: { used: PROGRAM_BYTES },
  });
  await put(grid, sue.key.secret, Buffer.alloc(5000, 1));
  await eventually(async () => expect((await quotasOf(sue)).blobBytes.used).toBe(PROGRAM_BYTES));
});

test('QT10: a job that is open again for a retry needs room as a new one does; what is refused stays as it was', async () => {
  const grid = await startGrid();
  const sue = await Submitter.join(grid);
  await setQuota(grid, sue, { openJobs: 1 });
  const spec = { limits: { maxErrors: 1 } };
  const { body: first } = await sue.submit<JobView>(null, spec);
  await compute(grid, first.id, () => true);
  const { body: second } = await sue.submit<JobView>(null);
  for (const caller of [sue, grid.rest]) {
    const refused = await caller.call('POST', `/v1/jobs/${first.id}/retry`);
    const problem = (refused instanceof Response ? await refused.json() : refused.body) as Problem;
    expect(problem).toMatchObject({
      code: 'quota-exceeded',
      detail: expect.stringContaining('may have 1 open jobs and has 1'),
    });
  }
  expect(await grid.rest.job(first.id)).toMatchObject({ state: 'completed', units: { failed: first.units.total } });
  await sue.call('POST', `/v1/jobs/${second.id}/cancel`);
  expect((await sue.call('POST', `/v1/jobs/${first.id}/retry`)).status).toBe(200);
  // Open already, it needs no more.
  expect((await sue.call('POST', `/v1/jobs/${first.id}/retry`)).status).toBe(200);
  expect(await quotasOf(sue)).toMatchObject({ openJobs: { limit: 1, used: 1 } });
});

test('QT6: a quota is given with the key or changed later, by operators alone, and is there after a start', async () => {
  const first = await startGrid();
  const spec = { role: 'submitter', name: 'Sue', quota: { openJobs: 3, blobBytes: 0 } };
  const key = await first.rest.json<KeyCreated>('POST', '/v1/keys', spec);
  expect(key.quota).toEqual({ openJobs: 3, blobBytes: 0 });
  const sue = new Submitter(first, key);
  expect((await sue.call('PATCH', `/v1/keys/${key.id}`, { quota: {} })).body.code).toBe('role-forbidden');
  await setQuota(first, sue, { units: 4 });
  expect((await sue.submit(null, range(4))).status).toBe(201);
  await setQuota(first, sue, { units: 2 });
  const grid = await first.restart();
  const again = new Submitter(grid, key);
  expect(await quotasOf(again)).toMatchObject({
    units: { limit: 2, used: 4 },
    openJobs: { limit: null, used: 1 },
    blobBytes: { used: PROGRAM_BYTES },
  });
  expect((await again.submit<Problem>(null, range(1))).body.code).toBe('quota-exceeded');
  const unknown = key.id.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
  expect((await grid.rest.call('PATCH', `/v1/keys/${unknown}`, { quota: {} })).status).toBe(404);
});

test('QT7: a blob counts once for a key, however often it is sent and named', async () => {
  const grid = await startGrid();
  const sue = await Submitter.join(grid);
  const bytes = Buffer.alloc(10_000, 1);
  for (let at = 0; at < 3; at++) expect((await put(grid, sue.key.secret, bytes)).status).toBeLessThan(202);
  expect((await quotasOf(sue)).blobBytes.used).toBe(10_000);
  for (let at = 0; at < 3; at++) await sue.submit(null);
  expect((await quotasOf(sue)).blobBytes.used).toBe(10_000 + PROGRAM_BYTES);
  await setQuota(grid, sue, { blobBytes: 10_000 });
  // What it has already needs no more room.
  expect((await put(grid, sue.key.secret, bytes)).status).toBe(200);
  // Another key that sends it has it, too.
  const otto = await Submitter.join(grid, 'Otto');
  await put(grid, otto.key.secret, bytes);
  expect((await quotasOf(otto)).blobBytes.used).toBe(10_000);
});

test('QT8: every kind of answer under /v1 tells the rate limit', async () => {
  const grid = await startGrid({ env: { GOSSAMER_RATE_LIMIT: '500' } });
  const { id, program } = await grid.rest.submit(1);
  const bearer = { authorization: `Bearer ${OPERATOR_KEY}` };
  const calls: [string, string, RequestInit][] = [
    ['GET', '/v1/jobs', { headers: bearer }],
    ['GET', `/v1/jobs/${id}`, { headers: bearer }],
    ['GET', `/v1/jobs/${id}/results`, { headers: { ...bearer, accept: 'application/x-ndjson' } }],
    ['GET', `/v1/jobs/${id}/archive`, { headers: bearer }],
    ['GET', `/v1/blobs/${program}`, {}],
    ['GET', '/v1/grid', {}],
    ['GET', '/v1/jobs', {}],
    ['GET', '/v1/jobs', { headers: { authorization: 'Bearer nobody' } }],
    ['GET', '/v1/jobs/none', { headers: bearer }],
    ['POST', '/v1/jobs', { headers: { ...bearer, 'content-type': 'application/json' }, body: '{' }],
    ['POST', '/v1/session', { headers: { 'content-type': 'application/json' }, body: '{}' }],
    ['DELETE', `/v1/jobs/${id}`, { headers: bearer }],
  ];
  for (const [method, path, init] of calls) {
    const { status, headers, body } = await fetch(grid.rest.url + path, { method, ...init });
    await body?.cancel();
    const said = ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'].map((name) => headers.get(name));
    for (const value of said) expect(value, `${method} ${path} ${status}`).toMatch(/^\d+$/);
  }
});

test('QT11: operators are told what each key that is valid may have, and has', async () => {
  const grid = await startGrid();
  const [sue, otto] = [await Submitter.join(grid), await Submitter.join(grid, 'Otto')];
  await setQuota(grid, sue, { openJobs: 2, blobBytes: null });
  await sue.submit(null, range(60));
  const all = async () => (await grid.rest.json<{ items: KeyQuotas[] }>('GET', '/v1/quotas')).items;
  const of = async ({ key }: Submitter) => (await all()).find((one) => one.key === key.id)?.quotas;
  expect(await of(sue)).toEqual(await quotasOf(sue));
  expect(await of(sue)).toMatchObject({
    openJobs: { limit: 2, used: 1 },
    units: { used: 60 },
    blobBytes: { limit: null },
  });
  expect(await of(otto)).toMatchObject({ openJobs: { used: 0 }, units: { used: 0 } });
  await grid.rest.json('DELETE', `/v1/keys/${otto.key.id}`);
  expect(await of(otto)).toBeUndefined();
});

const TEXT = JSON.stringify('x'.repeat(998));
/** 1,000 bytes of JSON for each unit. */
const wordy = (lease: Held): LeaseReport => report(lease, () => TEXT);

/** Computes jobs until it is so with one of them. */
const computeUntil = async (grid: TestGrid, id: string, isSo: (view: JobView) => boolean): Promise<void> => {
  const device = await grid.device();
  await lend(device, async () => isSo(await grid.rest.job(id)), wordy);
  device.close();
};

test('QT12: an open job whose results take all the room is held with the reason, alone with those of its key; what is out is still taken', async () => {
  const grid = await startGrid({ limits: { upkeep: { roomMs: 25 } } });
  const [sue, otto] = [await Submitter.join(grid), await Submitter.join(grid, 'Otto')];
  await setQuota(grid, sue, { resultBytes: 3000 });
  const { body: job } = await sue.submit<JobView>(null, range(100_000));
  const device = await grid.device();
  const [lease, another] = [...(await device.work()), ...(await device.work())];
  await device.exchange({ slots: 0, reports: [wordy(lease!)] });
  await computeUntil(grid, job.id, ({ state }) => state === 'held');
  const held = await grid.rest.job(job.id);
  expect(held.reason).toMatch(/There is no room for its results: this key may have 3000 bytes of results and has \d+:/);
  await device.exchange({ slots: 0, reports: [wordy(another!)] });
  const after = await grid.rest.job(job.id);
  expect(after.units.validated).toBe(held.units.validated + another!.units.length);
  expect((await quotasOf(sue)).resultBytes).toEqual({ limit: 3000, used: 1000 * after.units.validated });

  // Released, it would be held again, and what was leased meanwhile taken.
  expect(await sue.call('POST', `/v1/jobs/${job.id}/release`)).toMatchObject({
    status: 409,
    body: { code: 'quota-exceeded', quota: { name: 'resultBytes', limit: 3000, asked: 1 } },
  });
  expect((await grid.rest.job(job.id)).state).toBe('held');
  const { body: other } = await otto.submit<JobView>(null);
  await computeUntil(grid, other.id, ({ state }) => state === 'completed');
  await setQuota(grid, sue, { resultBytes: null });
  await sue.call('POST', `/v1/jobs/${job.id}/release`);
  await computeUntil(grid, job.id, ({ units }) => units.validated > after.units.validated);
});

test('QT12: results and errors count until their job is deleted, over starts too; where they take all the room no job is made', async () => {
  let grid = await startGrid();
  const sue = await Submitter.join(grid);
  const { body: first } = await sue.submit<JobView>(null, range(3));
  await computeUntil(grid, first.id, ({ state }) => state === 'completed');
  expect((await quotasOf(sue)).resultBytes).toEqual({ limit: null, used: 3000 });
  const { body: second } = await sue.submit<JobView>(null, { ...range(1), limits: { maxErrors: 1 } });
  await compute(grid, second.id, () => true);
  const { used } = (await quotasOf(sue)).resultBytes;
  expect(used).toBeGreaterThan(3000);

  await setQuota(grid, sue, { resultBytes: used });
  const full = {
    code: 'quota-exceeded',
    detail: expect.stringContaining(`${used} bytes of results and has ${used}: delete jobs that have ended`),
  };
  expect((await sue.submit<Problem>(null, range(1))).body).toMatchObject(full);
  expect((await sue.call('POST', `/v1/jobs/${second.id}/retry`)).body).toMatchObject(full);
  grid = await grid.restart();
  const again = new Submitter(grid, sue.key);
  expect((await quotasOf(again)).resultBytes).toEqual({ limit: used, used });
  expect((await again.submit<Problem>(null, range(1))).body).toMatchObject(full);
  await again.call('DELETE', `/v1/jobs/${first.id}`);
  expect((await again.submit(null, range(1))).status).toBe(201);
  expect((await quotasOf(again)).resultBytes.used).toBe(used - 3000);
});

test('QT13: what a job names counts, whoever uploaded it and when; of many jobs at once together, each blob once', async () => {
  let grid = await startGrid();
  const { key } = await Submitter.join(grid);
  const program = await grid.rest.upload(PROGRAM);
  const [one, two, three] = await Promise.all([1, 2, 3].map((fill) => grid.rest.upload(Buffer.alloc(40_000, fill))));
  // Nobody uploads them again after the start: their sizes are looked up.
  grid = await grid.restart();
  const sue = new Submitter(grid, key);
  await setQuota(grid, sue, { blobBytes: 100_000 + PROGRAM_BYTES });
  const reading = (blob: Sha256 | undefined) => ({ source: { kind: 'records', blob, bytes: 1000 } });
  const sharing = (blob: Sha256 | undefined) => ({ ...range(1), data: { table: blob } });
  const job = (more: object) => ({ name: 'B', program, policy: { kind: 'quorum', quorum: 1 }, ...more });
  const batch = (...jobs: object[]) => sue.call('POST', '/v1/batches', { name: 'B', jobs: jobs.map(job) });
  expect((await batch(reading(one), reading(two), reading(three))).body.code).toBe('quota-exceeded');
  expect((await batch(reading(one), sharing(two), sharing(three))).body.code).toBe('quota-exceeded');
  expect((await quotasOf(sue)).blobBytes.used).toBe(0);
  expect((await batch(reading(one), sharing(one), reading(two), reading(two))).status).toBe(201);
  expect((await quotasOf(sue)).blobBytes.used).toBe(80_000 + PROGRAM_BYTES);

  const otto = await Submitter.join(grid, 'Otto');
  await setQuota(grid, otto, { blobBytes: 50_000 });
  const asked = [one, one, two, two, three, three].map((blob) => otto.call('POST', '/v1/jobs', job(reading(blob))));
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(2);
  expect((await quotasOf(otto)).blobBytes.used).toBe(40_000 + PROGRAM_BYTES);
});
