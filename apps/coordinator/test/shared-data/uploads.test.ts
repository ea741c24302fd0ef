import type { Problem, QuotasView } from '@gossamer/protocol';
import { createHash, randomBytes } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually, OPERATOR_KEY, startGrid, type TestGrid } from '../harness/grid.ts';
import { Submitter } from '../harness/signing.ts';

const BYTES = randomBytes(300_000);
const NAME = createHash('sha256').update(BYTES).digest('hex');
const PIECE = 'application/offset+octet-stream';

interface Call {
  key?: string;
  headers?: Record<string, string>;
  body?: Buffer;
}

const call = (grid: TestGrid, method: string, path: string, { key = OPERATOR_KEY, headers = {}, body }: Call = {}) =>
  fetch(`${grid.rest.url}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...headers },
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
  });

const begin = (grid: TestGrid, { name = NAME, length = BYTES.byteLength, key = OPERATOR_KEY, more = {} } = {}) => {
  const metadata = `filename eA==,sha256 ${Buffer.from(name).toString('base64')}`;
  const headers = { 'tus-resumable': '1.0.0', 'upload-length': String(length), 'upload-metadata': metadata, ...more };
  return call(grid, 'POST', '/uploads', { headers, key });
};
const patch = (grid: TestGrid, from: number, body: Buffer, more: Call & { name?: string } = {}) => {
  const { name = NAME, headers = {}, ...rest } = more;
  const all = { 'tus-resumable': '1.0.0', 'content-type': PIECE, 'upload-offset': String(from), ...headers };
  return call(grid, 'PATCH', `/uploads/${name}`, { ...rest, headers: all, body });
};
const offset = async (grid: TestGrid, key = OPERATOR_KEY): Promise<number | null> => {
  const response = await call(grid, 'HEAD', `/uploads/${NAME}`, { key });
  return response.status === 200 ? Number(response.headers.get('upload-offset')) : null;
};
const problem = async (response: Response): Promise<[number, string]> => [
  response.status,
  ((await response.json()) as Problem).code,
];
const stored = async (grid: TestGrid): Promise<boolean> =>
  Buffer.from(await (await call(grid, 'GET', `/blobs/${NAME}`)).arrayBuffer()).equals(BYTES);

test('UP4: an upload comes in pieces, over a start too, is found again, and its last byte makes the blob', async () => {
  let grid = await startGrid();
  const begun = await begin(grid);
  expect([begun.status, begun.headers.get('location'), begun.headers.get('upload-offset')]).toEqual([
    201,
    `/v1/uploads/${NAME}`,
    '0',
  ]);
  expect(begun.headers.get('tus-resumable')).toBe('1.0.0');
  const first = await patch(grid, 0, BYTES.subarray(0, 100_000));
  expect([first.status, first.headers.get('upload-offset')]).toEqual([204, '100000']);
  grid = await grid.restart();
  const head = await call(grid, 'HEAD', `/uploads/${NAME}`);
  expect(Object.fromEntries(head.headers)).toMatchObject({
    'upload-offset': '100000',
    'upload-length': '300000',
    'cache-control': 'no-store',
  });
  expect((await begin(grid)).headers.get('upload-offset')).toBe('100000');
  expect((await patch(grid, 100_000, BYTES.subarray(100_000, 200_000))).status).toBe(204);
  expect((await call(grid, 'HEAD', `/blobs/${NAME}`)).status).toBe(404);
  const last = await patch(grid, 200_000, BYTES.subarray(200_000));
  expect([last.status, last.headers.get('upload-offset')]).toEqual([204, '300000']);
  expect([await stored(grid), await offset(grid)]).toEqual([true, 300_000]);
  // Given up, one is no more.
  const sue = await Submitter.join(grid);
  const { secret: key } = sue.key;
  await begin(grid, { key });
  expect((await call(grid, 'DELETE', `/uploads/${NAME}`, { key })).status).toBe(204);
  expect(await problem(await call(grid, 'DELETE', `/uploads/${NAME}`, { key }))).toEqual([404, 'upload-unknown']);
});

test('UP5: what does not fit is refused with its code, and changes nothing', async () => {
  const grid = await startGrid({ limits: { http: { blobBytes: 400_000 } } });
  const sue = await Submitter.join(grid);
  expect(await problem(await patch(grid, 0, BYTES))).toEqual([404, 'upload-unknown']);
  expect(await problem(await begin(grid, { length: 400_001 }))).toEqual([413, 'body-too-large']);
  expect(await problem(await begin(grid, { name: 'x' }))).toEqual([400, 'request-invalid']);
  expect(await problem(await begin(grid, { more: { 'upload-length': '-1' } }))).toEqual([400, 'request-invalid']);
  const old = await begin(grid, { more: { 'tus-resumable': '0.2.2' } });
  expect(old.headers.get('tus-version')).toBe('1.0.0');
  expect(await problem(old)).toEqual([412, 'upload-protocol']);
  await begin(grid);
  await patch(grid, 0, BYTES.subarray(0, 1000));
  const gap = await patch(grid, 2000, BYTES.subarray(2000));
  expect(await problem(gap)).toEqual([409, 'upload-offset']);
  expect(await problem(await patch(grid, 0, BYTES))).toEqual([409, 'upload-offset']);
  expect(await problem(await patch(grid, 1000, BYTES))).toEqual([413, 'body-too-large']);
  const typed = { headers: { 'content-type': 'application/octet-stream' } };
  expect(await problem(await patch(grid, 1000, BYTES.subarray(1000), typed))).toEqual([415, 'media-type-unsupported']);
  // Another key has none of it.
  expect(await problem(await patch(grid, 1000, BYTES.subarray(1000), { key: sue.key.secret }))).toEqual([
    404,
    'upload-unknown',
  ]);
  const reached = (await offset(grid))!;
  expect((await patch(grid, reached, BYTES.subarray(reached))).status).toBe(204);
  expect(await stored(grid)).toBe(true);
});

test('UP5: bytes that are not those of the name end the upload, and make no blob', async () => {
  const grid = await startGrid();
  await begin(grid);
  expect(await problem(await patch(grid, 0, Buffer.alloc(300_000)))).toEqual([422, 'blob-mismatch']);
  expect([await offset(grid), (await call(grid, 'HEAD', `/blobs/${NAME}`)).status]).toEqual([null, 404]);
});

test('UP6: an upload takes its room when it begins, keeps it over a start, and gives it back; a lowered quota ends it', async () => {
  let grid = await startGrid();
  const sue = await Submitter.join(grid);
  const key = sue.key.secret;
  const set = (blobBytes: number) => grid.rest.json('PATCH', `/v1/keys/${sue.key.id}`, { quota: { blobBytes } });
  await set(299_999);
  expect(await problem(await begin(grid, { key }))).toEqual([409, 'quota-exceeded']);
  await set(500_000);
  expect((await begin(grid, { key })).status).toBe(201);
  const other = { name: 'ab'.repeat(32), length: 250_000, key };
  expect(await problem(await begin(grid, other))).toEqual([409, 'quota-exceeded']);
  // Begun again with another length: where that is refused, what was begun stays, and keeps its room.
  expect((await patch(grid, 0, BYTES.subarray(0, 1000), { key })).status).toBe(204);
  expect(await problem(await begin(grid, { key, length: 600_000 }))).toEqual([409, 'quota-exceeded']);
  expect(await offset(grid, key)).toBe(1000);
  expect(await problem(await begin(grid, other))).toEqual([409, 'quota-exceeded']);
  expect((await begin(grid, { key, length: 450_000 })).status).toBe(201);
  expect((await begin(grid, { key })).headers.get('upload-offset')).toBe('0');
  grid = await grid.restart();
  expect(await problem(await begin(grid, other))).toEqual([409, 'quota-exceeded']);
  await set(200_000);
  expect(await problem(await patch(grid, 0, BYTES, { key }))).toEqual([409, 'quota-exceeded']);
  await set(500_000);
  expect((await patch(grid, 0, BYTES, { key })).status).toBe(204);
  const me = (await (await call(grid, 'GET', '/me', { key })).json()) as { quotas: QuotasView };
  expect(me.quotas.blobBytes).toEqual({ limit: 500_000, used: 300_000 });
  expect((await begin(grid, { ...other, length: 200_000 })).status).toBe(201);
  expect((await call(grid, 'DELETE', `/uploads/${other.name}`, { key })).status).toBe(204);
  expect((await begin(grid, { ...other, length: 200_000 })).status).toBe(201);
});

test('UP7: who goes on cuts a request that waits for bytes, and what that one brought stays', async () => {
  // By itself it would wait for longer than any test.
  const grid = await startGrid({ limits: { http: { uploadStallMs: 600_000 } } });
  await begin(grid);
  const { port } = new URL(grid.rest.url);
  const stuck = connect(Number(port), '127.0.0.1');
  const closed = new Promise((resolve) => stuck.once('close', resolve));
  stuck.on('error', () => undefined);
  stuck.write(
    `PATCH /v1/uploads/${NAME} HTTP/1.1\r\nhost: localhost:${port}\r\nauthorization: Bearer ${OPERATOR_KEY}\r\n` +
      `content-type: ${PIECE}\r\nupload-offset: 0\r\ncontent-length: 300000\r\n\r\n`,
  );
  stuck.write(BYTES.subarray(0, 50_000));
  await eventually(async () => expect(await offset(grid)).toBe(50_000));
  expect((await begin(grid)).headers.get('upload-offset')).toBe('50000');
  await closed;
  expect((await patch(grid, 50_000, BYTES.subarray(50_000))).status).toBe(204);
  expect(await stored(grid)).toBe(true);
});

test('UP8: an upload that nobody goes on with is collected, and its room is free again', async () => {
  const grid = await startGrid({ limits: { upkeep: { collectMs: 25, blobGraceMs: 400 } } });
  const sue = await Submitter.join(grid);
  const key = sue.key.secret;
  await grid.rest.json('PATCH', `/v1/keys/${sue.key.id}`, { quota: { blobBytes: 300_000 } });
  await begin(grid, { key });
  await patch(grid, 0, BYTES.subarray(0, 10), { key });
  expect(await problem(await begin(grid, { key, name: 'ab'.repeat(32), length: 1 }))).toEqual([409, 'quota-exceeded']);
  await eventually(async () => expect(await offset(grid, key)).toBeNull());
  expect((await begin(grid, { key, name: 'ab'.repeat(32), length: 300_000 })).status).toBe(201);
});

test('UP13: who begins an upload of what it has already is told that it is complete, and begins none', async () => {
  const grid = await startGrid();
  await begin(grid);
  // Begun again while the last bytes are still made a blob: it waits for that.
  const [last, again] = await Promise.all([patch(grid, 0, BYTES), begin(grid)]);
  expect(last.status).toBe(204);
  expect(['0', '300000']).toContain(again.headers.get('upload-offset'));
  const once = await begin(grid);
  expect([once.status, once.headers.get('upload-offset')]).toEqual([201, '300000']);
  // A client that begins to send all the same is told where it is, as by any server of tus.
  expect(await problem(await patch(grid, 0, BYTES.subarray(0, 10)))).toEqual([409, 'upload-offset']);
  expect((await patch(grid, 300_000, Buffer.alloc(0))).status).toBe(204);
  expect([await stored(grid), await offset(grid)]).toEqual([true, 300_000]);
});

test('UP15: what is complete when the coordinator is ended is finished by a request without bytes', async () => {
  let grid = await startGrid();
  await begin(grid);
  expect((await patch(grid, 0, BYTES.subarray(0, 100_000))).status).toBe(204);
  grid = await grid.restart(async () => {
    const parts = join(grid.data, 'blobs', 'parts');
    const [name] = await readdir(parts);
    await writeFile(join(parts, name!), BYTES);
  });
  expect((await begin(grid)).headers.get('upload-offset')).toBe('300000');
  expect((await call(grid, 'HEAD', `/blobs/${NAME}`)).status).toBe(404);
  const done = await patch(grid, 300_000, Buffer.alloc(0));
  expect([done.status, done.headers.get('upload-offset')]).toEqual([204, '300000']);
  expect([await stored(grid), await offset(grid)]).toEqual([true, 300_000]);
});
