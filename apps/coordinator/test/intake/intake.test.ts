import type { Problem, ProblemCode } from '@gossamer/protocol';
import { ENCODING, PACKED_HEAD, utf8 } from '@gossamer/protocol';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { TestGrid } from '../harness/grid.ts';
import { eventually, OPERATOR_KEY, startGrid } from '../harness/grid.ts';
import { lend } from '../harness/lend.ts';
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

test('IT10: inputs that nobody appends to for long are closed, over a start, too', async () => {
  let now = Date.now();
  const often = { limits: { intake: { lookMs: 20 } }, wall: () => now, env: { GOSSAMER_INPUT_IDLE_HOURS: '2' } };
  const grid = await startGrid(often);
  const [idle, fed, empty] = [
    await submitStream(grid.rest),
    await submitStream(grid.rest),
    await submitStream(grid.rest),
  ];
  await append(grid.rest, idle.id, 0, '1\n');
  const next = await grid.restart(() => (now += 1.5 * 3_600_000));
  await append(next.rest, fed.id, 0, '1\n');
  const last = await next.restart(() => (now += 3_600_000));
  await eventually(async () =>
    expect(await last.rest.job(empty.id)).toMatchObject({ state: 'completed', inputs: 'closed' }),
  );
  expect(await last.rest.job(idle.id)).toMatchObject({ state: 'running', inputs: 'closed' });
  expect(await last.rest.job(fed.id)).toMatchObject({ state: 'running', inputs: 'open' });
  expect(readConfig({})).toMatchObject({ inputIdleHours: 24 });
});

test('IT11: what was appended stays until the job is deleted, and is collected then', async () => {
  const grid = await startGrid({ limits: { upkeep: { collectMs: 25, blobGraceMs: 0 } } });
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

test('IT7: who may append is who may do anything else with a job', async () => {
  const grid = await startGrid();
  const { id } = await submitStream(grid.rest);
  const { secret } = await grid.rest.json<{ secret: string }>('POST', '/v1/keys', { role: 'submitter', name: 'other' });
  await expectProblem(await send(grid.rest, id, 0, '1\n', 'ndjson', secret), 'job-unknown');
  await expectProblem(await send(grid.rest, id, 0, '1\n', 'ndjson', 'none'), 'key-wrong');
  expect((await send(grid.rest, id, 0, '1\n', 'ndjson', OPERATOR_KEY)).status).toBe(200);
});
