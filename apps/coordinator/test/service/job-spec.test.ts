import type { JobSpec, JobSpecInput, JobView, SourceInput } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import type { TestGrid } from '../harness/grid.ts';
import { startGrid } from '../harness/grid.ts';
import { grant, signed, Submitter } from '../harness/signing.ts';

/** Has all that a job can ask of one. */
const PROGRAM = `
export function run(input) { return input; }
export function split() { return { length: 5, at: (index) => index * 2 }; }
export function equals(a, b) { return a === b; }
export function reduce(sum, result) { return sum + result; }`;

const specOf = (grid: TestGrid, id: string): Promise<JobSpec> => grid.rest.json('GET', `/v1/jobs/${id}/spec`);

/** Makes a job, and of its spec another one; gives the spec, once both say the same. */
const twice = async (grid: TestGrid, spec: JobSpecInput): Promise<JobSpec> => {
  const { id, number } = await grid.rest.json<JobView>('POST', '/v1/jobs', spec);
  const read = await specOf(grid, id);
  const again = await grid.rest.json<JobView>('POST', '/v1/jobs', read);
  expect(again.number).toBeGreaterThan(number);
  expect(await specOf(grid, again.id)).toEqual(read);
  return read;
};

test('RS12: the spec of a job with everything set is what was sent, and makes an equal job', async () => {
  const grid = await startGrid();
  const sue = await Submitter.join(grid);
  const pair = await sue.signer();
  await grant(grid, pair);
  const program = await grid.rest.upload('export function run(input) { return input * 2; }');
  const large = await grid.rest.upload(Buffer.alloc(2 ** 20 + 1, 7));
  const sent: JobSpecInput = {
    name: 'Everything',
    program,
    sourceMap: await grid.rest.upload('{"version":3,"sources":[],"mappings":""}'),
    signature: await signed(pair),
    params: { depth: [1, { of: null }], text: 'é\u0000', tiny: 5e-324 },
    source: { kind: 'range', start: 10, stop: -2, step: -3 },
    data: { catalog: large, small: await grid.rest.upload('small') },
    reduce: false,
    policy: { kind: 'adaptive', maxErrorRate: 0.002 },
    comparison: { kind: 'tolerance', absolute: 1e-12, relative: 1e-9, read: 'float64' },
    independence: { device: true, volunteer: false, prefix: false },
    sameClass: true,
    requirements: { memoryMb: 4096, cores: 2, wasm: ['simd'] },
    limits: { deadlineMs: 12_345, resultBytes: 4321, maxErrors: 5, maxAttempts: 17 },
    chunkSeconds: 2.5,
    priority: -3,
    weight: 1.5,
    seed: 4_294_967_295,
    credit: 2.25,
    retention: 12.5,
  };
  const made = await sue.call<JobView>('POST', '/v1/jobs', sent);
  expect(made.status).toBe(201);
  const { status, body } = await sue.call<JobSpec>('GET', `/v1/jobs/${made.body.id}/spec`);
  expect(status).toBe(200);
  // The lists of chunks are the coordinator's.
  expect(body).toEqual({ ...sent, dataChunks: { catalog: expect.any(String) } });
  const again = await sue.call<JobView>('POST', '/v1/jobs', body);
  expect(again.status).toBe(201);
  expect(await specOf(grid, again.body.id)).toEqual(body);
  // What it was made of stays so, whatever is changed since, and over a start.
  await sue.call('PATCH', `/v1/jobs/${made.body.id}`, { independence: { device: false } });
  expect(await specOf(await grid.restart(), made.body.id)).toEqual(body);
});

test('RS12: so it is of every kind of source, and what was left out is filled in', async () => {
  const grid = await startGrid();
  const program = await grid.rest.upload(PROGRAM);
  const lines = await grid.rest.upload('1\n2\n3\n');
  const table = await grid.rest.upload('a,b\n1,2\n3,4\n');
  const packed = await grid.rest.upload(Buffer.from([0, 1, 0, 0, 0, 0x31]));
  const sources: SourceInput[] = [
    { kind: 'range', start: 0, stop: 3 },
    { kind: 'list', items: [1, 'two', { three: [3] }, null] },
    { kind: 'lines', blob: lines, format: 'text' },
    { kind: 'csv', blob: table },
    { kind: 'product', axes: { a: [1, 2], b: { start: 0, stop: 3 } } },
    { kind: 'packed', blob: packed },
    { kind: 'records', blob: lines, bytes: 2 },
    { kind: 'bands', blob: lines, rows: 2, columns: 3, cellBytes: 1, width: 1 },
    { kind: 'split' },
    { kind: 'stream', format: 'ndjson' },
  ];
  for (const source of sources) {
    const spec = await twice(grid, { name: 'A job', program, source });
    expect(spec.source).toMatchObject(source);
    expect(spec).toMatchObject({
      params: null,
      policy: { kind: 'quorum', quorum: 2 },
      limits: { deadlineMs: 60_000 },
      reduce: true,
      retention: null,
    });
  }
  const asked = await twice(grid, { name: 'A job', program, source: sources[0]!, comparison: { kind: 'program' } });
  expect(asked.comparison).toEqual({ kind: 'program' });
});

test('RS12: it is read by who sees the job, until that is deleted', async () => {
  const grid = await startGrid();
  const [sue, otto] = [await Submitter.join(grid), await Submitter.join(grid, 'Otto')];
  const { id } = (await sue.submit(null)).body;
  const path = `/v1/jobs/${id}/spec`;
  expect((await sue.call('GET', path)).status).toBe(200);
  expect((await grid.rest.call('GET', path)).status).toBe(200);
  expect(await otto.call('GET', path)).toMatchObject({ status: 404, body: { code: 'job-unknown' } });
  await sue.call('POST', `/v1/jobs/${id}/cancel`);
  await sue.call('DELETE', `/v1/jobs/${id}`);
  expect(await sue.call('GET', path)).toMatchObject({ status: 410, body: { code: 'job-deleted' } });
});
