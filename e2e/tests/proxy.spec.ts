import type { IncomingHttpHeaders } from 'node:http';
import { get } from 'node:http';
import { chromium } from '@playwright/test';
import { range } from '@gossamer/sdk/node';
import { chromiumArgs, ensureChromium, ignoredDefaultArgs } from '../../scripts/lib/chromium.mjs';
import { startAttacker } from '../support/attacker.ts';
import { Coordinator } from '../support/coordinator.ts';
import { CAGE_NAME, freePort, GRID_NAME, hasNginx, startProxy } from '../support/nginx.ts';
import { ESCAPES } from '../support/programs.ts';
import { Tab } from '../support/tab.ts';
import { expect, test } from '../support/test.ts';
import { gather } from '../support/wait.ts';

/** Headers that are walls. */
const WALLS = [
  'content-security-policy',
  'connection-allowlist',
  'permissions-policy',
  'origin-agent-cluster',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'referrer-policy',
  'x-content-type-options',
];

/** What the coordinator itself answers for a host's first page. */
const headersOf = (port: number, host: string): Promise<IncomingHttpHeaders> =>
  new Promise((resolve, reject) => {
    const asked = get({ host: '127.0.0.1', port, path: '/', headers: { host } }, (response) => {
      response.resume();
      resolve(response.headers);
    });
    asked.on('error', reject);
  });

test('E27: behind the documented proxy, with TLS and a cage domain of its own, the walls stand and work is done', async () => {
  // Skipped where nginx or openssl is missing: the test is of the proxy that the operator's guide documents, so nothing else
  // can stand for it, and a test run must not install a server on somebody's machine.
  test.skip(!hasNginx(), 'nginx or openssl is missing, and a test installs no server on somebody’s machine');
  const port = await freePort();
  const coordinator = await Coordinator.start({
    GOSSAMER_PUBLIC_URL: `https://${GRID_NAME}:${port}`,
    GOSSAMER_CAGE_ORIGIN: `https://*.${CAGE_NAME}:${port}`,
    GOSSAMER_TRUST_PROXY: '1',
    // This test's program is signed by nobody, and its tab is in no playground.
    GOSSAMER_UNVETTED: 'public',
  });
  const proxy = await startProxy(port, coordinator.port);
  const attacker = await startAttacker();
  const { path } = await ensureChromium();
  const browser = await chromium.launch({
    executablePath: path,
    args: [
      ...chromiumArgs(),
      `--host-resolver-rules=MAP ${GRID_NAME} 127.0.0.1, MAP *.${CAGE_NAME} 127.0.0.1`,
      // The certificates are this test's own.
      '--ignore-certificate-errors',
    ],
    ignoreDefaultArgs: ignoredDefaultArgs,
  });
  try {
    const { http, ws } = attacker;
    // As its master would: the bundler would name each of these names.
    const escapes = await coordinator.grid.blobs.put(new TextEncoder().encode(ESCAPES.code));
    const job = await coordinator.grid.map(range(3, 5), escapes, { quorum: 1, params: { http, ws } });
    const page = await browser.newPage();
    const walls: Record<string, string | undefined>[] = [];
    page.on('response', (response) => {
      if (new URL(response.url()).hostname.endsWith(CAGE_NAME)) walls.push(response.headers());
    });
    const tab = new Tab(page);
    const opened = await page.goto(`https://${GRID_NAME}:${port}/?slots=1`);
    await tab.lend();
    expect((await job.done()).units).toMatchObject({ validated: 2, failed: 0 });
    expect((await gather(job.results({ ordered: true }))).map(({ output }) => output)).toEqual([
      { reached: [], answer: 9 },
      { reached: [], answer: 16 },
    ]);
    expect(attacker.hits).toEqual([]);
    expect(tab.faults).toEqual([]);
    expect(tab.sockets).toEqual([expect.stringMatching(new RegExp(`^wss://${GRID_NAME}:${port}/`))]);

    expect(walls.length).toBeGreaterThan(0);
    const shown = opened!.headers();
    const cage = await headersOf(coordinator.port, `j1-1.${CAGE_NAME}:${port}`);
    const own = await headersOf(coordinator.port, `${GRID_NAME}:${port}`);
    for (const name of WALLS) {
      expect([name, walls[0]![name]]).toEqual([name, cage[name]]);
      expect([name, shown[name]]).toEqual([name, own[name]]);
    }
    expect(walls[0]!['connection-allowlist']).toBe('();webrtc=block');
  } finally {
    await browser.close();
    await proxy.close();
    await attacker.close();
    await coordinator.remove();
  }
});
