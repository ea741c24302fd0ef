import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { openBrowser } from './suite/browsers/open.ts';
import { thingScripts } from './suite/cases/frame-things.ts';

/** A page of its own, without any wall. */
const PAGE = `<!doctype html><meta charset="utf-8"><title>A page</title><script>
  globalThis.got = [];
  addEventListener('message', ({ data }) => globalThis.got.push(data.got));
</script>${Object.values(thingScripts)
  .map((script) => `<script>${script}</script>`)
  .join('')}`;

test('CG73: what a frame that was taken over does not get, a page gets: its cases could fail', async () => {
  const server = createServer((request, response) => {
    const isPage = request.url === '/';
    response.writeHead(200, { 'Content-Type': isPage ? 'text/html' : 'text/javascript' }).end(isPage ? PAGE : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await openBrowser('chromium');
  try {
    const page = await browser.openPage(`http://localhost:${(server.address() as AddressInfo).port}/`);
    await vi.waitFor(
      async () => {
        const got = await page.evaluate<string[]>('globalThis.got');
        expect(got.map((thing) => `gets ${thing}`).toSorted()).toEqual(Object.keys(thingScripts).toSorted());
      },
      { timeout: 30_000, interval: 100 },
    );
  } finally {
    await browser.close();
    server.close();
  }
});
