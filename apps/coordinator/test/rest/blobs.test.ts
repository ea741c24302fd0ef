import fc from 'fast-check';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { parseRange } from '../../src/http/byte-range.ts';
import { eventually, expectProblem, KEYS, serve, sha256 } from './serve.ts';

const OCTETS = { 'content-type': 'application/octet-stream' };
const BYTES = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);

const put = (bytes: Uint8Array | ReadableStream, name: string, headers: Record<string, string> = OCTETS) =>
  ({ method: 'PUT', body: bytes, headers, duplex: 'half', name }) as unknown as RequestInit;

test('RB1: a blob is stored once, and read by whoever knows its name', async () => {
  const grid = await serve();
  const name = sha256(BYTES);
  const first = await grid.call(`/v1/blobs/${name}`, put(BYTES, name));
  expect([first.status, await first.json()]).toEqual([201, { sha256: name, size: 1000 }]);
  const second = await grid.call(`/v1/blobs/${name}`, put(BYTES, name));
  expect([second.status, await second.json()]).toEqual([200, { sha256: name, size: 1000 }]);
  const read = await grid.call(`/v1/blobs/${name}`, { key: null });
  expect(read.status).toBe(200);
  expect(new Uint8Array(await read.arrayBuffer())).toEqual(BYTES);
  expect(Object.fromEntries(read.headers)).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-length': '1000',
    'content-disposition': 'attachment',
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'accept-ranges': 'bytes',
    etag: `"${name}"`,
  });
  expect(read.headers.has('access-control-allow-origin')).toBe(false);
});

test('RB2: HEAD has the headers and no body; If-None-Match gets 304', async () => {
  const grid = await serve();
  const name = await grid.upload(BYTES);
  const head = await grid.call(`/v1/blobs/${name}`, { method: 'HEAD', key: null });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '1000', '']);
  for (const tag of [`"${name}"`, `W/"${name}"`, `"x", "${name}"`, '*']) {
    const response = await grid.call(`/v1/blobs/${name}`, { headers: { 'if-none-match': tag }, key: null });
    expect([response.status, await response.text()]).toEqual([304, '']);
  }
  const other = await grid.call(`/v1/blobs/${name}`, { headers: { 'if-none-match': '"x"' }, key: null });
  expect(other.status).toBe(200);
  await expectProblem(await grid.call(`/v1/blobs/${sha256('x')}`, { key: null }), 'blob-unknown');
});

test('RB3: a range is sent as 206, one outside of the blob refused with its size', async () => {
  const grid = await serve();
  const name = await grid.upload(BYTES);
  const get = (range: string, more: Record<string, string> = {}) =>
    grid.call(`/v1/blobs/${name}`, { headers: { range, ...more }, key: null });
  const cases = [
    ['bytes=0-0', 0, 1],
    ['bytes=10-19', 10, 20],
    ['bytes=990-', 990, 1000],
    ['bytes=-10', 990, 1000],
    ['bytes=-5000', 0, 1000],
    ['bytes=500-5000', 500, 1000],
  ] as const;
  for (const [range, start, end] of cases) {
    const part = await get(range, { 'if-range': `"${name}"` });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes ${start}-${end - 1}/1000`]);
    expect(part.headers.get('content-length')).toBe(String(end - start));
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(BYTES.slice(start, end));
  }
  const outside = await get('bytes=1000-');
  expect(outside.headers.get('content-range')).toBe('bytes */1000');
  await expectProblem(outside, 'range-unsatisfiable');
  for (const ignored of ['bytes=5-2', 'bytes=a-b', 'rows=1-2', 'bytes=0-1,5-6', 'bytes=-']) {
    expect((await get(ignored)).status).toBe(200);
  }
  expect((await get('bytes=0-1', { 'if-range': '"another"' })).status).toBe(200);
});

test('RB4: a range that is granted always lies within the blob and is what was asked', () => {
  fc.assert(
    fc.property(fc.nat(2000), fc.nat(2000), fc.nat(1000), (first, last, size) => {
      const range = parseRange(`bytes=${first}-${last}`, size);
      if (range.kind === 'whole') return last < first;
      if (range.kind === 'unsatisfiable') return first >= size;
      return range.start === first && range.end === Math.min(last + 1, size) && range.end > range.start;
    }),
  );
});

test('RB5: content of another hash is refused, and nothing of it is kept', async () => {
  const grid = await serve();
  const name = sha256('what was meant');
  await expectProblem(await grid.call(`/v1/blobs/${name}`, put(BYTES, name)), 'blob-mismatch');
  await expectProblem(await grid.call(`/v1/blobs/${name}`, { key: null }), 'blob-unknown');
});

test('RB6: a blob over the limit is refused, whether its length is told or not', async () => {
  const grid = await serve({ limits: { blobBytes: 500_000 } });
  const big = new Uint8Array(2_000_000);
  const name = sha256(big);
  await expectProblem(await grid.call(`/v1/blobs/${name}`, put(big, name)), 'body-too-large');
  const stream = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 20; i++) controller.enqueue(big.slice(0, 100_000));
      controller.close();
    },
  });
  await expectProblem(await grid.call(`/v1/blobs/${name}`, put(stream, name)), 'body-too-large');
  await expectProblem(await grid.call(`/v1/blobs/${name}`, { key: null }), 'blob-unknown');
});

test('RB7: an upload needs a key, the right media type and a name that is a hash', async () => {
  const grid = await serve();
  const name = sha256(BYTES);
  await expectProblem(await grid.call(`/v1/blobs/${name}`, { ...put(BYTES, name), key: null }), 'key-missing');
  await expectProblem(await grid.call(`/v1/blobs/${name}`, put(BYTES, name, {})), 'media-type-unsupported');
  const json = { 'content-type': 'application/json' };
  await expectProblem(await grid.call(`/v1/blobs/${name}`, put(BYTES, name, json)), 'media-type-unsupported');
  await expectProblem(await grid.call(`/v1/blobs/${name}`, { method: 'PUT' }), 'media-type-unsupported');
  const problem = await expectProblem(await grid.call('/v1/blobs/ABC', put(BYTES, name)), 'request-invalid');
  expect(problem.errors).toEqual([{ path: 'path.sha256', message: expect.stringContaining('SHA-256') }]);
  await expectProblem(await grid.call(`/v1/blobs/${name}`, { key: null }), 'blob-unknown');
});

test('RB8: the empty blob is a blob', async () => {
  const grid = await serve();
  const name = await grid.upload(new Uint8Array());
  const read = await grid.call(`/v1/blobs/${name}`, { key: null });
  expect([read.status, read.headers.get('content-length'), await read.text()]).toEqual([200, '0', '']);
  await expectProblem(await grid.call(`/v1/blobs/${name}`, { headers: { range: 'bytes=0-' } }), 'range-unsatisfiable');
});

const beginUpload = (port: number, name: string) => {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(
    `PUT /v1/blobs/${name} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n` +
      `Authorization: Bearer ${KEYS.submitter}\r\nContent-Length: 1000\r\n\r\nhalf of it`,
  );
  return socket;
};

test('RB9: an upload that is cut or stalls keeps nothing, and the coordinator goes on', async () => {
  const grid = await serve({ limits: { uploadStallMs: 500 } });
  const name = sha256(BYTES);
  const { blobs } = grid.grid;
  const store = blobs.putIfAbsent.bind(blobs);
  let begun = 0;
  const failures: unknown[] = [];
  blobs.putIfAbsent = (...args) => {
    begun++;
    return store(...args).catch((error: unknown) => {
      failures.push(error);
      throw error;
    });
  };
  const cut = beginUpload(grid.port, name);
  await eventually(() => expect(begun).toBe(1));
  cut.destroy();
  await eventually(() =>
    expect(failures).toMatchObject([{ code: 'request-invalid', detail: 'the upload was cut short' }]),
  );
  const stalled = beginUpload(grid.port, name);
  await new Promise((resolve) => stalled.once('close', resolve));
  await eventually(() => expect(failures[1]).toMatchObject({ detail: 'the upload stalled' }));
  expect(grid.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
  await expectProblem(await grid.call(`/v1/blobs/${name}`, { key: null }), 'blob-unknown');
  expect(await grid.upload(BYTES)).toBe(name);
});

test('RB10: a refusal reaches a client that still sends', async () => {
  const grid = await serve({ limits: { blobBytes: 100_000 } });
  const socket = connect(grid.port, '127.0.0.1');
  socket.on('error', () => undefined);
  let text = '';
  socket.on('data', (chunk) => void (text += chunk.toString()));
  socket.write(
    `PUT /v1/blobs/${sha256(BYTES)} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n` +
      `Authorization: Bearer ${KEYS.submitter}\r\nTransfer-Encoding: chunked\r\n\r\n`,
  );
  socket.write(`${(200_000).toString(16)}\r\n${'x'.repeat(200_000)}\r\n`);
  await new Promise((resolve) => socket.once('close', resolve));
  expect(text).toMatch(/^HTTP\/1\.1 413 /);
  expect(text).toContain('"code":"body-too-large"');
});
