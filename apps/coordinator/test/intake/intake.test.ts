import type { JobView, Problem, ProblemCode } from '@gossamer/protocol';
import { ENCODING, PACKED_HEAD, utf8 } from '@gossamer/protocol';
import { openSqliteStores } from '@gossamer/store';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { pause } from '../harness/chance.ts';
import { FaultyLog } from '../harness/faulty-log.ts';
import type { TestGrid } from '../harness/grid.ts';
import { eventually, OPERATOR_KEY, startGrid, temporaryDirectory } from '../harness/grid.ts';
import { lend } from '../harness/lend.ts';
import { failing } from '../upkeep/failing.ts';
import { append, close, echo, send, submitStream } from './stream.ts';

const expectProblem = async (response: Response, code: ProblemCode, says = ''): Promise<void> => {
  const problem = (await response.json()) as Problem;
  expect([problem.code, problem.detail ?? '']).toEqual([code, expect.stringContaining(says)]);
};

const lines = (from: number, count: number): string =>
  Array.from({ length: count }, (_, at) => `${JSON.stringify({ n: from + at })}\n`).join('');

/** Lends a device until so many units are validated. */
const compute = async (grid: TestGrid, id: string, validated: number): Promise<void> => {
  const device = await grid.device();
  await lend(device, async () => (await grid.rest.job(id)).units.validated >= validated, echo);
  device.close();
};

const outputs = async (grid: TestGrid, id: string): Promise<unknown[]> =>
  (await grid.rest.allResults(id)).sort((a, b) => a.unit - b.unit).map(({ output }) => output);

test('IT7: inputs are appended while the job runs, each is computed once, and the job completes when they are closed', async () => {
  const grid = await startGrid();
  const job = await submitStream(grid.rest);
  expect(job).toMatchObject({ state: 'running', inputs: 'open', units: { total: 0 }, source: 'a stream (ndjson)' });
  expect(await append(grid.rest, job.id, 0, lines(0, 3))).toBe(3);
  await compute(grid, job.id, 3);
  expect(await grid.rest.job(job.id)).toMatchObject({
    state: 'running',
    waiting: expect.stringContaining('waits for more'),
  });
  // Blank lines count not, and the last one needs no end.
  expect(await append(grid.rest, job.id, 3, `\n${lines(3, 40)}\n{"n":43}`)).toBe(44);
  await compute(grid, job.id, 44);
  expect(await close(grid.rest, job.id)).toMatchObject({
    state: 'completed',
    inputs: 'closed',
    units: { validated: 44 },
  });
  expect(await close(grid.rest, job.id)).toMatchObject({ state: 'completed' });
  expect(await outputs(grid, job.id)).toEqual(Array.from({ length: 44 }, (_, n) => ({ n })));
  await expectProblem(await send(grid.rest, job.id, 44, lines(44, 1)), 'job-completed');
  // Over a start it is the same job.
  const again = await grid.restart();
  expect(await again.rest.job(job.id)).toMatchObject({
    state: 'completed',
    inputs: 'closed',
    units: { validated: 44 },
  });
});

test('IT7: lines may be text, and packed values keep their bytes', async () => {
  const grid = await startGrid();
  const text = await submitStream(grid.rest, 'text');
  expect(await append(grid.rest, text.id, 0, 'ein “Wort”\r\n7\n', 'text')).toBe(2);
  await close(grid.rest, text.id);
  await compute(grid, text.id, 2);
  expect(await outputs(grid, text.id)).toEqual(['ein “Wort”', '7']);
  const packed = await submitStream(grid.rest, 'packed');
  const head = Buffer.alloc(PACKED_HEAD);
  head[0] = ENCODING.json;
  head.writeUInt32LE(4, 1);
  expect(await append(grid.rest, packed.id, 0, Buffer.concat([head, utf8('true')]), 'packed')).toBe(1);
  await compute(grid, packed.id, 1);
  expect(await outputs(grid, packed.id)).toEqual([true]);
});

test('IT8: what is wrong is refused with its place, and nothing of it counts', async () => {
  const grid = await startGrid();
  const { id } = await submitStream(grid.rest);
  const refused = async (content: string | Uint8Array, code: ProblemCode, says = '', first = 0): Promise<void> =>
    expectProblem(await send(grid.rest, id, first, content), code, says);
  await refused('1\n{"a":\n', 'source-invalid', 'line 2 is no JSON');
  await refused(Uint8Array.of(0x22, 0xff, 0x22), 'source-invalid', 'line 1');
  await refused('\n \n', 'source-empty');
  await refused('', 'source-empty');
  await refused('1\n', 'inputs-misplaced', 'the next one is number 0, and not 2', 2);
  await refused(`"${'x'.repeat(70_000)}"\n`, 'source-invalid', 'line 1 has');
  await refused(new Uint8Array(5 * 1024 * 1024).fill(49), 'body-too-large');
  expect(await grid.rest.job(id)).toMatchObject({ units: { total: 0 } });
  await append(grid.rest, id, 0, '1\n2\n');
  await refused('3\n', 'inputs-misplaced', 'the next one is number 2, and not 1', 1);
  await refused('1\n2\n3\n', 'inputs-misplaced', '', 0);
  expect(await append(grid.rest, id, 0, '1\n2\n')).toBe(2);
  await refused('1\n', 'request-invalid', '', -1);
  const json = await grid.rest.call('POST', `/v1/jobs/${id}/inputs?first=2`, [3]);
  await expectProblem(json, 'media-type-unsupported');
  await expectProblem(
    await send(grid.rest, id, 2, '3\n', 'text'),
    'media-type-unsupported',
    'are ndjson, and these are text',
  );
  await refused('1\n'.repeat(65_537), 'source-invalid', '65536 inputs at the most', 2);
  const place = await fetch(`${grid.rest.url}/v1/jobs/${id}/inputs?first=`, { method: 'POST' });
  expect(place.status).toBe(401);
  const none = await grid.rest.call('GET', `/v1/jobs/${(await submitStream(grid.rest)).id}/units/0`);
  await expectProblem(none, 'unit-unknown', 'no unit yet');
  await grid.rest.json('POST', `/v1/jobs/${id}/cancel`);
  await refused('3\n', 'job-cancelled', '', 2);
  const range = await grid.rest.submit(2);
  await expectProblem(await send(grid.rest, range.id, 2, '3\n'), 'inputs-closed', 'no stream');
  await expectProblem(await grid.rest.call('POST', `/v1/jobs/${range.id}/inputs/close`), 'inputs-closed');
});

test('IT8: of many who append at once one goes on at each place', async () => {
  const grid = await startGrid();
  const { id } = await submitStream(grid.rest);
  const tries = await Promise.all(Array.from({ length: 20 }, (_, n) => send(grid.rest, id, 0, `${n}\n`)));
  expect(tries.filter(({ ok }) => ok)).toHaveLength(1);
  for (const response of tries) if (!response.ok) await expectProblem(response, 'inputs-misplaced');
  expect((await grid.rest.job(id)).units.total).toBe(1);
});

test('IT9: what is not done yet counts against the quota of units, and what is appended against that of bytes', async () => {
  const grid = await startGrid({ env: { GOSSAMER_QUOTA_UNITS: '5', GOSSAMER_QUOTA_BLOB_MB: '1' } });
  const key = await grid.rest.json<{ secret: string }>('POST', '/v1/keys', { role: 'submitter', name: 'S' });
  const program = await grid.rest.upload('export const run = (x) => x;');
  const headers = { authorization: `Bearer ${key.secret}`, 'content-type': 'application/json' };
  const spec = {
    name: 'x',
    program,
    source: { kind: 'stream', format: 'ndjson' },
    policy: { kind: 'quorum', quorum: 1 },
  };
  const made = await fetch(`${grid.rest.url}/v1/jobs`, { method: 'POST', headers, body: JSON.stringify(spec) });
  const { id } = (await made.json()) as { id: string };
  const more = (first: number, content: string) => send(grid.rest, id, first, content, 'ndjson', key.secret);
  expect((await more(0, lines(0, 4))).status).toBe(200);
  await expectProblem(await more(4, lines(4, 2)), 'quota-exceeded', 'units in open jobs');
  expect((await more(4, lines(4, 1))).status).toBe(200);
  await compute(grid, id, 5);
  expect((await more(5, lines(5, 5))).status).toBe(200);
  await compute(grid, id, 10);
  const large = Array.from({ length: 18 }, (_, n) => `"${String(n).padEnd(60_000, 'x')}"\n`);
  expect((await more(10, large.slice(0, 5).join(''))).status).toBe(200);
  await compute(grid, id, 15);
  expect((await more(15, large.slice(5, 10).join(''))).status).toBe(200);
  await compute(grid, id, 20);
  expect((await more(20, large.slice(10, 15).join(''))).status).toBe(200);
  await compute(grid, id, 25);
  await expectProblem(await more(25, large.slice(14, 18).join('')), 'quota-exceeded', 'bytes of blobs');
  expect((await grid.rest.job(id)).units.total).toBe(25);
});

test('IT9: bytes that are appended at once count as they would one after the other, and who comes too late has none', async () => {
  const grid = await startGrid({ env: { GOSSAMER_QUOTA_BLOB_MB: '1' } });
  const key = await grid.rest.json<{ secret: string }>('POST', '/v1/keys', { role: 'submitter', name: 'S' });
  const headers = { authorization: `Bearer ${key.secret}`, 'content-type': 'application/json' };
  const program = await grid.rest.upload('export const run = (x) => x;');
  const spec = { name: 'x', program, source: { kind: 'stream', format: 'ndjson' } };
  const made = await fetch(`${grid.rest.url}/v1/jobs`, { method: 'POST', headers, body: JSON.stringify(spec) });
  const { id } = (await made.json()) as { id: string };
  const large = (n: number) => `"${String(n).padEnd(60_000, 'x')}"\n`.repeat(6);
  const tries = await Promise.all(
    Array.from({ length: 12 }, (_, n) => send(grid.rest, id, 0, large(n), 'ndjson', key.secret)),
  );
  const codes = await Promise.all(tries.map(async (one) => (one.ok ? 'ok' : ((await one.json()) as Problem).code)));
  expect(codes.filter((code) => code === 'ok')).toHaveLength(1);
  for (const code of codes) expect(['ok', 'inputs-misplaced', 'quota-exceeded']).toContain(code);
  const me = await fetch(`${grid.rest.url}/v1/me`, { headers });
  const { quotas } = (await me.json()) as { quotas: { blobBytes: { used: number } } };
  expect(quotas.blobBytes.used).toBeLessThanOrEqual(1024 * 1024);
});

test('IT10: inputs that nobody appends to for long are closed; not while somebody follows the job, or it has something to do', async () => {
  const IDLE_MS = 3000;
  const grid = await startGrid({ limits: { intake: { lookMs: 20, idleMs: IDLE_MS } } });
  const [idle, fed, empty, held, followed, undone] = await Promise.all(
    Array.from({ length: 6 }, () => submitStream(grid.rest)),
  );
  await append(grid.rest, undone!.id, 0, '1\n');
  await grid.rest.json('POST', `/v1/jobs/${held!.id}/hold`);
  const stop = new AbortController();
  const follow = `${grid.rest.url}/v1/jobs/${followed!.id}/results?follow=true`;
  const headers = { authorization: `Bearer ${OPERATOR_KEY}`, accept: 'application/x-ndjson' };
  await fetch(follow, { headers, signal: stop.signal });
  const inputs = async (job: JobView | undefined): Promise<string> => (await grid.rest.job(job!.id)).inputs;
  let fedSo = 0;
  await eventually(async () => {
    fedSo = await append(grid.rest, fed!.id, fedSo, '1\n');
    expect(await Promise.all([idle, empty].map(inputs))).toEqual(['closed', 'closed']);
  });
  expect(await grid.rest.job(empty!.id)).toMatchObject({ state: 'completed', units: { total: 0 } });
  expect(await Promise.all([fed, held, followed, undone].map(inputs))).toEqual(Array(4).fill('open'));
  stop.abort();
  // What was there before a start counts from then on: nobody could reach it.
  const next = await grid.restart(() => pause(IDLE_MS + 100));
  expect((await next.rest.job(followed!.id)).inputs).toBe('open');
  await eventually(async () => expect((await next.rest.job(followed!.id)).inputs).toBe('closed'));
  expect((await next.rest.job(held!.id)).inputs).toBe('open');
  expect(readConfig({})).toMatchObject({ inputIdleHours: 24 });
});

test('IT11: what was appended stays until the job is deleted, and is collected then', async () => {
  const grid = await startGrid({ limits: { upkeep: { collectMs: 25, blobGraceMs: 2000 } } });
  const { id } = await submitStream(grid.rest);
  await append(grid.rest, id, 0, '"kept"\n');
  const name = createHash('sha256').update('"kept"\n').digest('hex');
  const isThere = async () => (await fetch(`${grid.rest.url}/v1/blobs/${name}`)).status === 200;
  const unnamed = await grid.rest.upload('nobody names it');
  await eventually(async () => expect((await fetch(`${grid.rest.url}/v1/blobs/${unnamed}`)).status).toBe(404));
  expect(await isThere()).toBe(true);
  await compute(grid, id, 1);
  await close(grid.rest, id);
  expect(await isThere()).toBe(true);
  await grid.rest.json('DELETE', `/v1/jobs/${id}`);
  await eventually(async () => expect(await isThere()).toBe(false));
});

test('IT12: no lease has more inputs than fit one frame, also when large ones come after small ones, and over a start', async () => {
  const first = await startGrid({ env: { GOSSAMER_LEASE_UNITS: '4096' } });
  const { id } = await submitStream(first.rest);
  await append(first.rest, id, 0, Array.from({ length: 3000 }, (_, n) => `${n}\n`).join(''));
  await compute(first, id, 3000);
  const large = (n: number) => `"${String(n).padEnd(60_000, 'x')}"\n`;
  await append(first.rest, id, 3000, Array.from({ length: 60 }, (_, n) => large(n)).join(''));
  const grid = await first.restart();
  const device = await grid.device();
  const sizes: number[] = [];
  await lend(
    device,
    async () => (await grid.rest.job(id)).units.validated === 3060,
    (lease) => {
      sizes.push(lease.inputs.reduce((sum, input) => sum + (input.kind === 'inline' ? input.body.byteLength : 0), 0));
      return echo(lease);
    },
  );
  expect(Math.max(...sizes)).toBeLessThan(4 * 1024 * 1024);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThanOrEqual(60 * 60_000);
});

test('IT7: a byte order mark is left out at the beginning of the first line alone', async () => {
  const grid = await startGrid();
  const { id } = await submitStream(grid.rest, 'text');
  await append(grid.rest, id, 0, '\uFEFFa\n', 'text');
  await append(grid.rest, id, 1, '\uFEFFb\n', 'text');
  await close(grid.rest, id);
  await compute(grid, id, 2);
  expect(await outputs(grid, id)).toEqual(['a', '\uFEFFb']);
});

test('IT13: inputs that came after a write that failed are those that are computed', async () => {
  const stores = await openSqliteStores(temporaryDirectory());
  const log = new FaultyLog(stores);
  const grid = await startGrid({ open: async () => log.stores });
  const { id } = await submitStream(grid.rest);
  await append(grid.rest, id, 0, '"a0"\n"a1"\n');
  await compute(grid, id, 2);
  log.faults.push({ kind: 'fail', error: new Error('the disk is gone'), written: false });
  const failed = await send(grid.rest, id, 2, '"never"\n"never"\n"never"\n');
  expect(failed.status).toBeGreaterThanOrEqual(500);
  await eventually(async () => expect(await append(grid.rest, id, 2, '"b2"\n"b3"\n')).toBe(4));
  await append(grid.rest, id, 4, '"b4"\n');
  await close(grid.rest, id);
  await compute(grid, id, 5);
  expect(await outputs(grid, id)).toEqual(['a0', 'a1', 'b2', 'b3', 'b4']);
});

test('IT14: failed units of a stream are retried as far as the quota has room', async () => {
  const grid = await startGrid({ env: { GOSSAMER_QUOTA_UNITS: '3' } });
  const key = await grid.rest.json<{ secret: string }>('POST', '/v1/keys', { role: 'submitter', name: 'S' });
  const headers = { authorization: `Bearer ${key.secret}`, 'content-type': 'application/json' };
  const program = await grid.rest.upload('export const run = (x) => x;');
  const make = async (source: object): Promise<string> => {
    const spec = { name: 'x', program, source, policy: { kind: 'quorum', quorum: 1 }, limits: { maxErrors: 1 } };
    const made = await fetch(`${grid.rest.url}/v1/jobs`, { method: 'POST', headers, body: JSON.stringify(spec) });
    return ((await made.json()) as { id: string }).id;
  };
  const id = await make({ kind: 'stream', format: 'ndjson' });
  await append(grid.rest, id, 0, '0\n1\n');
  const device = await grid.device();
  await lend(
    device,
    async () => (await grid.rest.job(id)).units.failed === 2,
    failing(() => true),
  );
  device.close();
  const other = await make({ kind: 'range', start: 0, stop: 2 });
  const { authorization } = headers;
  const retry = () => fetch(`${grid.rest.url}/v1/jobs/${id}/retry`, { method: 'POST', headers: { authorization } });
  await expectProblem(await retry(), 'quota-exceeded', 'units in open jobs');
  await grid.rest.json('POST', `/v1/jobs/${other}/cancel`);
  expect((await retry()).status).toBe(200);
});

test('IT7: who may append is who may do anything else with a job', async () => {
  const grid = await startGrid();
  const { id } = await submitStream(grid.rest);
  const { secret } = await grid.rest.json<{ secret: string }>('POST', '/v1/keys', { role: 'submitter', name: 'other' });
  await expectProblem(await send(grid.rest, id, 0, '1\n', 'ndjson', secret), 'job-unknown');
  await expectProblem(await send(grid.rest, id, 0, '1\n', 'ndjson', 'none'), 'key-wrong');
  expect((await send(grid.rest, id, 0, '1\n', 'ndjson', OPERATOR_KEY)).status).toBe(200);
});
