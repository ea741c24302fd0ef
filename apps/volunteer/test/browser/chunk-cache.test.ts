import { buildSync } from 'esbuild';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type * as Cache from '../../src/engine/data/chunk-cache.ts';
import { sharedBrowser } from './harness/shared.ts';

/* What a device keeps of shared data, in the IndexedDB of a real browser. */

declare const cache: typeof Cache;

const browser = sharedBrowser();
const script = buildSync({
  entryPoints: [fileURLToPath(new URL('../../src/engine/data/chunk-cache.ts', import.meta.url))],
  bundle: true,
  write: false,
  format: 'iife',
  globalName: 'cache',
  conditions: ['source'],
}).outputFiles[0]!.text;
const server = createServer((request, response) => {
  const isScript = request.url === '/cache.js';
  response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
  response.end(isScript ? script : '<!doctype html><script src="/cache.js"></script>');
});
let page: Page;
let url: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://localhost:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => void server.close());
beforeEach(async () => {
  page = await (await browser().newContext()).newPage();
  await page.goto(url);
});
afterEach(() => page.context().close());

/** Puts chunks of ten bytes, some ms apart, reads some in between, and tells which of `ask` are kept then. */
const kept = (
  most: number,
  steps: readonly ['put' | 'get', string, number][],
  ask: readonly [string, number][],
): Promise<boolean[]> =>
  page.evaluate(
    async ([bytes, all, wanted]) => {
      const chunks = new cache.DeviceChunks(async () => bytes);
      for (const [verb, blob, at] of all) {
        if (verb === 'put') await chunks.put(blob, at, new Uint8Array(10).fill(at).buffer);
        else await chunks.get(blob, at);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return Promise.all(
        wanted.map(async ([blob, at]) => {
          const found = await chunks.get(blob, at);
          return found !== null && found.byteLength === 10 && new Uint8Array(found)[9] === at;
        }),
      );
    },
    [most, steps, ask] as const,
  );

test('SH19: chunks are kept over a reload, and the blob that was stored longest ago goes first, all of it', async () => {
  const steps = [
    ['put', 'a', 0],
    ['put', 'a', 1],
    ['put', 'b', 0],
    ['put', 'c', 7],
  ] as const;
  expect(
    await kept(40, steps as never, [
      ['a', 0],
      ['a', 1],
      ['b', 0],
      ['c', 7],
      ['c', 1],
    ]),
  ).toEqual([true, true, true, true, false]);
  await page.reload();
  expect(
    await kept(
      40,
      [['put', 'd', 3]],
      [
        ['a', 0],
        ['a', 1],
        ['b', 0],
        ['c', 7],
        ['d', 3],
      ],
    ),
  ).toEqual([false, false, true, true, true]);
});

test('SH19: a chunk that is stored again takes no more room, and a blob larger than the budget pushes itself out of nothing', async () => {
  const again = Array.from({ length: 5 }, () => ['put', 'a', 0] as const);
  expect(
    await kept(20, [...again, ['put', 'b', 0]] as never, [
      ['a', 0],
      ['b', 0],
    ]),
  ).toEqual([true, true]);
  const large = [0, 1, 2, 3].map((at) => ['put', 'large', at] as const);
  expect(
    await kept(20, large as never, [
      ['a', 0],
      ['large', 0],
      ['large', 1],
      ['large', 2],
      ['large', 3],
    ]),
  ).toEqual([false, true, true, false, false]);
});

test('SH19: what was read is kept before what was not', async () => {
  await kept(
    20,
    [
      ['put', 'a', 0],
      ['put', 'b', 0],
    ],
    [],
  );
  // As if both had been stored some minutes ago.
  await page.evaluate(async () => {
    const open = indexedDB.open('gossamer-data', 1);
    await new Promise((resolve) => (open.onsuccess = resolve));
    const blobs = open.result.transaction('blobs', 'readwrite').objectStore('blobs');
    blobs.put({ sha256: 'a', bytes: 10, usedAt: Date.now() - 300_000 });
    blobs.put({ sha256: 'b', bytes: 10, usedAt: Date.now() - 200_000 });
    await new Promise((resolve) => (blobs.transaction.oncomplete = resolve));
    open.result.close();
  });
  expect(
    await kept(
      20,
      [
        ['get', 'a', 0],
        ['put', 'c', 0],
      ],
      [
        ['a', 0],
        ['b', 0],
        ['c', 0],
      ],
    ),
  ).toEqual([true, false, true]);
});

test('SH19: where nothing can be kept, nothing is, and nobody hears of it; all of it is forgotten when told', async () => {
  expect(await kept(0, [['put', 'a', 0]], [['a', 0]])).toEqual([false]);
  expect(await kept(100, [['put', 'a', 0]], [['a', 0]])).toEqual([true]);
  await page.evaluate(() => cache.forgetChunks());
  expect(await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).toEqual([]);
  expect(await kept(100, [], [['a', 0]])).toEqual([false]);
  await page.evaluate(() =>
    Object.defineProperty(globalThis, 'indexedDB', {
      get: () => {
        throw new Error('denied');
      },
    }),
  );
  expect(await kept(100, [['put', 'a', 0]], [['a', 0]])).toEqual([false]);
});
