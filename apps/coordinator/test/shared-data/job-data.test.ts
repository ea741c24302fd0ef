import { wasmModule } from '@gossamer/program/testing';
import type { JobCard, JobSpecInput, JobView, Sha256 } from '@gossamer/protocol';
import { LIMITS } from '@gossamer/protocol';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { expectProblem } from '../rest/serve.ts';
import type { TestGrid } from '../harness/grid.ts';
import { eventually, startGrid } from '../harness/grid.ts';
import { Submitter } from '../harness/signing.ts';

const CHUNK = LIMITS.dataChunk;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
/** No two chunks of it are alike. */
const bytesOf = (size: number): Buffer =>
  Buffer.from(Uint8Array.from({ length: size }, (_, n) => (n * 31 + (n >> 12)) & 255));

const create = (grid: TestGrid, program: Sha256, spec: Partial<JobSpecInput>): Promise<Response> => {
  const source = { kind: 'range', start: 0, stop: 3 };
  return grid.rest.call('POST', '/v1/jobs', { name: 'A job', program, source, ...spec });
};
const program = (grid: TestGrid): Promise<Sha256> => grid.rest.upload('export const run = (x) => x;');
const isThere = async (grid: TestGrid, hash: string): Promise<boolean> =>
  (await grid.rest.call('HEAD', `/v1/blobs/${hash}`)).status === 200;
const cardOf = async (grid: TestGrid): Promise<JobCard> => {
  const { cards } = await (await grid.device()).exchange({ slots: 1 });
  return JSON.parse(cards[0]!) as JobCard;
};

test('SH20: a job names what was uploaded; what was not, a name that is none, and one name too many are refused', async () => {
  const grid = await startGrid();
  const js = await program(grid);
  const blob = await grid.rest.upload('stars');
  const made = await create(grid, js, { data: { catalog: blob, 'other-1': blob } });
  expect(made.status).toBe(201);
  expect(((await made.json()) as JobView).data).toEqual({ catalog: blob, 'other-1': blob });
  const missing = 'ab'.repeat(32) as Sha256;
  const problem = await expectProblem(await create(grid, js, { data: { catalog: missing } }), 'blob-unknown');
  expect(problem.detail).toBe(`the data "catalog" (${missing}) was not uploaded`);
  for (const name of ['', '1a', 'a b', 'a'.repeat(65)]) {
    await expectProblem(await create(grid, js, { data: JSON.parse(`{"${name}":"${blob}"}`) }), 'request-invalid');
  }
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`n${n}`, blob]));
  expect((await create(grid, js, { data: many(16) })).status).toBe(201);
  await expectProblem(await create(grid, js, { data: many(17) }), 'request-invalid');
});

test('SH21: what a job names is bounded, all of it together: by the operator, and for a wasm module more tightly', async () => {
  const grid = await startGrid({ env: { GOSSAMER_JOB_DATA_MB: '65' } });
  const half = await grid.rest.upload(Buffer.alloc(33 * 1024 * 1024, 1));
  const other = await grid.rest.upload(Buffer.alloc(33 * 1024 * 1024, 2));
  const small = await grid.rest.upload(Buffer.alloc(31 * 1024 * 1024, 3));
  const [js, wasm] = [await program(grid), await grid.rest.upload(wasmModule())];
  const tooMuch = await expectProblem(await create(grid, js, { data: { a: half, b: other } }), 'data-too-large');
  expect(tooMuch.detail).toBe('it comes to 66.0 MiB; the operator lets a job have 65.0 MiB (GOSSAMER_JOB_DATA_MB)');
  expect((await create(grid, js, { data: { a: half, b: small } })).status).toBe(201);
  expect((await create(grid, wasm, { data: { a: half, b: small } })).status).toBe(201);
  const wide = await startGrid();
  const [a, b] = [
    await wide.rest.upload(Buffer.alloc(33 * 1024 * 1024, 1)),
    await wide.rest.upload(Buffer.alloc(33 * 1024 * 1024, 2)),
  ];
  const module = await wide.rest.upload(wasmModule());
  const problem = await expectProblem(await create(wide, module, { data: { a, b } }), 'data-too-large');
  expect(problem.detail).toMatch(/comes to 66.0 MiB; a wasm module has all of it there .* may have 64.0 MiB: cut/);
});

test('SH22: what a job names counts against its key’s quota, whoever uploaded it, once', async () => {
  const grid = await startGrid();
  const sue = await Submitter.join(grid);
  const blob = await grid.rest.upload(Buffer.alloc(50_000, 1));
  const js = await program(grid);
  const source = { kind: 'range' as const, start: 0, stop: 1 };
  const set = (blobBytes: number) => grid.rest.json('PATCH', `/v1/keys/${sue.key.id}`, { quota: { blobBytes } });
  await set(49_999);
  const spec = { name: 'x', program: js, source, data: { a: blob, b: blob } };
  const refused = await sue.call('POST', '/v1/jobs', spec);
  expect([refused.status, refused.body]).toMatchObject([
    409,
    { code: 'quota-exceeded', detail: expect.stringMatching(/what is named here needs 500\d\d more/) },
  ]);
  await set(51_000);
  expect((await sue.call('POST', '/v1/jobs', spec)).status).toBe(201);
  // It has it now.
  expect((await sue.call('POST', '/v1/jobs', spec)).status).toBe(201);
});

test('SH23: what a job names stays, and so does its list of chunks, until the job is deleted', async () => {
  const grid = await startGrid({ limits: { upkeep: { collectMs: 25, blobGraceMs: 400 } } });
  const blob = await grid.rest.upload(bytesOf(CHUNK + 1));
  const js = await program(grid);
  const job = (await (await create(grid, js, { data: { catalog: blob } })).json()) as JobView;
  const { data } = await cardOf(grid);
  const list = data[0]!.chunks!;
  // Younger than all of them.
  const other = await grid.rest.upload('nobody wants this');
  await eventually(async () => expect(await isThere(grid, other)).toBe(false));
  expect([await isThere(grid, blob), await isThere(grid, list)]).toEqual([true, true]);
  await grid.rest.json('POST', `/v1/jobs/${job.id}/cancel`);
  await grid.rest.json('DELETE', `/v1/jobs/${job.id}`);
  await eventually(async () => expect([await isThere(grid, blob), await isThere(grid, list)]).toEqual([false, false]));
});

test('SH5: a card names size and list of each, over a start; a list has the SHA-256 of each chunk, whatever a client sends for it', async () => {
  let grid = await startGrid();
  const [big, exact] = [bytesOf(2 * CHUNK + 5), bytesOf(CHUNK)];
  const blobs = {
    big: await grid.rest.upload(big),
    exact: await grid.rest.upload(exact),
    none: await grid.rest.upload(''),
  };
  const made = await create(grid, await program(grid), {
    data: blobs,
    dataChunks: { big: blobs.exact, none: blobs.big },
  });
  expect(made.status).toBe(201);
  const expected = Buffer.concat(
    [0, 1, 2].map((n) =>
      createHash('sha256')
        .update(big.subarray(n * CHUNK, (n + 1) * CHUNK))
        .digest(),
    ),
  );
  for (let start = 0; start < 2; start++) {
    const { data } = await cardOf(grid);
    expect(data).toEqual([
      { name: 'big', sha256: blobs.big, size: big.byteLength, chunks: sha256(expected) },
      { name: 'exact', sha256: blobs.exact, size: CHUNK, chunks: null },
      { name: 'none', sha256: blobs.none, size: 0, chunks: null },
    ]);
    const list = await grid.rest.call('GET', `/v1/blobs/${data[0]!.chunks}`);
    expect(Buffer.from(await list.arrayBuffer()).equals(expected)).toBe(true);
    if (start === 0) grid = await grid.restart();
  }
});

test('SH20: jobs of a batch name data too', async () => {
  const grid = await startGrid();
  const blob = await grid.rest.upload(bytesOf(CHUNK + 7));
  const source = { kind: 'range', start: 0, stop: 1 };
  const jobs = [0, 1].map((seed) => ({ name: `j${seed}`, seed, source, data: { catalog: blob } }));
  const js = await program(grid);
  await grid.rest.json('POST', '/v1/batches', { name: 'b', jobs: jobs.map((job) => ({ ...job, program: js })) });
  const { data } = await cardOf(grid);
  expect(data).toMatchObject([{ name: 'catalog', sha256: blob, chunks: expect.any(String) }]);
});
