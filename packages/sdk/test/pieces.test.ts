import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { file } from '../src/node/index.ts';
import { thrown, useCoordinator } from './client.ts';

const { coordinator, client } = useCoordinator();
const MIB = 1024 * 1024;
const BYTES = randomBytes(20 * MIB + 7);
const NAME = createHash('sha256').update(BYTES).digest('hex');
const folder = mkdtempSync(join(tmpdir(), 'gossamer-pieces-test-'));
const path = join(folder, 'large.bin');
writeFileSync(path, BYTES);
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  coordinator.blobs.clear();
  coordinator.requests.length = 0;
  coordinator.headers.length = 0;
  coordinator.intercept = () => false;
});

const sent = (): number => coordinator.requests.filter((request) => request.startsWith('PATCH')).length;

for (const [what, source] of [
  ['a file', () => file(path)],
  ['bytes', () => new Uint8Array(BYTES)],
  ['a stream', () => Readable.from([BYTES.subarray(0, 9 * MIB), BYTES.subarray(9 * MIB)])],
] as const) {
  it(`UP11: ${what} of many bytes goes up in pieces, once, and it is told how far it is`, async () => {
    const told: number[] = [];
    const view = await client().blobs.put(source(), { onProgress: ({ sent: bytes }) => told.push(bytes) });
    expect(view).toEqual({ sha256: NAME, size: BYTES.byteLength });
    expect(coordinator.blobs.get(NAME)!.equals(BYTES)).toBe(true);
    expect([sent(), told]).toEqual([3, [0, 8 * MIB, 16 * MIB, BYTES.byteLength]]);
    await client().blobs.put(source());
    expect(sent()).toBe(3);
  });
}

it('UP16: what is complete and could not be made a blob is finished without a byte sent again', async () => {
  coordinator.uploads.refusals = 1;
  expect(await thrown(client().blobs.put(file(path)))).toMatchObject({ code: 'storage-full' });
  expect(coordinator.blobs.has(NAME)).toBe(false);
  await client().blobs.put(file(path));
  expect(coordinator.blobs.get(NAME)!.equals(BYTES)).toBe(true);
  const at = coordinator.headers.flatMap((headers) => headers['upload-offset'] ?? []);
  expect(at).toEqual(['0', `${8 * MIB}`, `${16 * MIB}`, `${BYTES.byteLength}`]);
});

it('UP11: it goes on at the byte that is there when a connection breaks in the middle of a piece', async () => {
  let broken = 0;
  coordinator.intercept = (request) => {
    if (request.method !== 'PATCH' || broken > 1) return false;
    broken += 1;
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes > 3 * MIB) request.socket.destroy();
    });
    return false;
  };
  const offsets: string[] = [];
  await client().blobs.put(file(path));
  for (const headers of coordinator.headers)
    if (headers['upload-offset']) offsets.push(headers['upload-offset'] as string);
  expect(coordinator.blobs.get(NAME)!.equals(BYTES)).toBe(true);
  expect(broken).toBe(2);
  // No piece begins where one that broke had begun.
  expect(new Set(offsets).size).toBe(offsets.length);
});

it('UP11: where the last answer is lost the blob is there, and that is the end of it', async () => {
  coordinator.intercept = (request, response) => {
    if (request.method === 'PATCH' && Number(request.headers['upload-offset']) === 16 * MIB) {
      response.writeHead = (() => {
        request.socket.destroy();
        return response;
      }) as never;
    }
    return false;
  };
  expect(await client().blobs.put(file(path))).toMatchObject({ sha256: NAME });
  expect([sent(), coordinator.blobs.has(NAME)]).toEqual([3, true]);
});

it('UP11: what waiting does not mend is thrown, with its code', async () => {
  coordinator.intercept = (request, response) => {
    if (request.method !== 'PATCH') return false;
    request.resume();
    response.writeHead(409, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ type: '/errors/x', title: 'T', status: 409, code: 'quota-exceeded' }));
    return true;
  };
  expect(await thrown(client().blobs.put(file(path)))).toMatchObject({ code: 'quota-exceeded' });
  coordinator.intercept = (request, response) => {
    if (request.method !== 'PATCH') return false;
    request.resume();
    response.writeHead(409, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ type: '/errors/x', title: 'T', status: 409, code: 'upload-offset' }));
    return true;
  };
  // A coordinator that contradicts itself is not asked for ever.
  expect(await thrown(client().blobs.put(file(path)))).toMatchObject({ code: 'upload-offset' });
});
