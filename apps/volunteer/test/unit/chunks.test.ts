import { type CardData, LIMITS } from '@gossamer/protocol';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ChunkCache } from '../../src/engine/data/chunk-cache.ts';
import { Chunks } from '../../src/engine/data/chunks.ts';
import { SharedData } from '../../src/engine/data/shared-data.ts';

/* The chunks of blobs over a real HTTP server, which may lie; the device's store is a map. */

const CHUNK = LIMITS.dataChunk;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let served: Map<string, Buffer>;
let asked: { hash: string; range: string | undefined }[];
/** What is made of an answer before it goes. */
let meddle: (body: Buffer, hash: string) => { status?: number; body: Buffer };
const server = createServer((request, response) => {
  const hash = request.url!.slice('/v1/blobs/'.length);
  const { range } = request.headers;
  asked.push({ hash, range });
  const whole = served.get(hash);
  if (whole === undefined) return void response.writeHead(404).end();
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
  const part = from === undefined ? whole : whole.subarray(Number(from), Number(to) + 1);
  const { status = from === undefined ? 200 : 206, body } = meddle(Buffer.from(part), hash);
  response.writeHead(status).end(body);
});
const own = globalThis.fetch;
beforeEach(async () => {
  served = new Map();
  asked = [];
  meddle = (body) => ({ body });
  if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => own(`http://127.0.0.1:${port}${path}`, init));
});
afterEach(() => {
  vi.unstubAllGlobals();
  server.close();
  server.closeAllConnections();
});

const blobOf = (size: number, name = 'catalog'): { bytes: Buffer; card: CardData } => {
  const bytes = Buffer.from(Uint8Array.from({ length: size }, (_, n) => (n * 31 + (n >> 13)) & 255));
  const count = Math.ceil(size / CHUNK);
  const list = Buffer.concat(
    Array.from({ length: count }, (_, n) =>
      createHash('sha256')
        .update(bytes.subarray(n * CHUNK, (n + 1) * CHUNK))
        .digest(),
    ),
  );
  served.set(sha256(bytes), bytes).set(sha256(list), list);
  const chunks = size > CHUNK ? sha256(list) : null;
  return { bytes, card: { name, sha256: sha256(bytes), size, chunks } as CardData };
};

const memory = (): ChunkCache & { kept: Map<string, ArrayBuffer> } => {
  const kept = new Map<string, ArrayBuffer>();
  return {
    kept,
    get: async (hash, chunk) => kept.get(`${hash} ${chunk}`) ?? null,
    put: async (hash, chunk, bytes) => void kept.set(`${hash} ${chunk}`, bytes),
  };
};

const readerOf = async (cache: ChunkCache, data: CardData[], kind: 'js' | 'wasm' = 'js') => {
  const card = { data, signed: { manifest: { kind } } } as never;
  return (await new SharedData(new Chunks(cache)).of(card, new AbortController().signal))!;
};

test('SH12: parts are whole and right, over the ends of chunks and at both ends', async () => {
  const { bytes, card } = blobOf(3 * CHUNK + 17);
  const reader = await readerOf(memory(), [card]);
  for (const [from, to] of [
    [0, 3 * CHUNK + 17],
    [CHUNK - 1, CHUNK + 1],
    [CHUNK, 2 * CHUNK],
    [5, 5],
    [3 * CHUNK + 16, 3 * CHUNK + 17],
    [2 * CHUNK - 7, 3 * CHUNK + 3],
  ] as const) {
    expect(Buffer.from(await reader.read(0, from, to)).equals(bytes.subarray(from, to)), `${from} to ${to}`).toBe(true);
  }
  // A part is one's own.
  new Uint8Array(await reader.read(0, 0, 9)).fill(0xee);
  expect(Buffer.from(await reader.read(0, 0, 9)).equals(bytes.subarray(0, 9))).toBe(true);
});

test('SH13: a chunk is fetched once, however many read it at once or later, and neighbours come together', async () => {
  const { bytes, card } = blobOf(10 * CHUNK);
  const cache = memory();
  const reader = await readerOf(cache, [card]);
  await Promise.all([reader.read(0, 0, 10 * CHUNK), reader.read(0, CHUNK, 2 * CHUNK), reader.read(0, 0, 10 * CHUNK)]);
  await reader.read(0, 3, 4);
  expect(asked.filter(({ hash }) => hash === card.chunks)).toHaveLength(1);
  expect(asked.flatMap(({ hash, range }) => (hash === card.sha256 ? [range] : []))).toEqual([
    `bytes=0-${8 * CHUNK - 1}`,
    `bytes=${8 * CHUNK}-${10 * CHUNK - 1}`,
  ]);
  // Another session of the same device.
  asked = [];
  const later = await readerOf(cache, [card]);
  expect(Buffer.from(await later.read(0, 0, 10 * CHUNK)).equals(bytes)).toBe(true);
  expect(asked.map(({ hash }) => hash)).toEqual([card.chunks]);
});

test('SH12: what is not what the list says is asked for again, and never given to a program', async () => {
  const { bytes, card } = blobOf(2 * CHUNK);
  let lies = 1;
  meddle = (body, hash) => {
    if (hash === card.sha256 && lies-- > 0) body[CHUNK + 3]! ^= 1;
    return { body };
  };
  const reader = await readerOf(memory(), [card]);
  expect(Buffer.from(await reader.read(0, 0, 2 * CHUNK)).equals(bytes)).toBe(true);
}, 30_000);

test('SH12: a proxy that changes bytes, the list, or answers a part with all of it, gets nothing past', async () => {
  const { card } = blobOf(2 * CHUNK);
  const changed = (hash: string | null) => (body: Buffer, of: string) => {
    if (of === hash) body[0]! ^= 1;
    return { body };
  };
  for (const [how, says] of [
    [changed(card.sha256), /has other content in chunk 0/],
    [changed(card.chunks), /has other content than its name says/],
    [
      (body: Buffer, of: string) => (of === card.sha256 ? { status: 200, body: served.get(of)! } : { body }),
      /answers with all of it/,
    ],
    [(body: Buffer, of: string) => (of === card.sha256 ? { body: body.subarray(1) } : { body }), /came with/],
  ] as const) {
    meddle = how;
    const cache = memory();
    const reader = await readerOf(cache, [card]);
    await expect(reader.read(0, 0, 10)).rejects.toThrow(says);
    expect(cache.kept.size).toBe(0);
  }
}, 60_000);

test('SH12: a list that is not of the blob whose name the job has is found out by whoever reads all of it', async () => {
  const { card } = blobOf(2 * CHUNK);
  const other = blobOf(2 * CHUNK + 1);
  const wrong = { ...card, sha256: 'cd'.repeat(32) } as CardData;
  served.set(wrong.sha256, served.get(card.sha256)!);
  const reader = await readerOf(memory(), [wrong, other.card]);
  await expect(reader.read(0, 0, 2 * CHUNK)).rejects.toThrow(/other content than its name says/);
  expect((await reader.read(1, 0, 3)).byteLength).toBe(3);
});

test('SH12: a device whose store has gone bad reads from the coordinator', async () => {
  const { bytes, card } = blobOf(2 * CHUNK);
  const cache = memory();
  cache.kept.set(`${card.sha256} 0`, new ArrayBuffer(CHUNK));
  const reader = await readerOf(cache, [card]);
  expect(Buffer.from(await reader.read(0, 0, 100)).equals(bytes.subarray(0, 100))).toBe(true);
});

test('SH18: a wasm module has all of it before it runs', async () => {
  const { bytes, card } = blobOf(CHUNK + 5);
  const { bodies } = await readerOf(memory(), [card], 'wasm');
  expect(Buffer.from(bodies![0]!).equals(bytes)).toBe(true);
  expect((await readerOf(memory(), [card])).bodies).toBeNull();
});
