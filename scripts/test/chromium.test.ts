import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { FORBIDDEN_DISABLED_FEATURES, FORBIDDEN_FLAGS } from '../lib/chromium-args.mjs';
import { chromiumVersion, LEAST_CHROMIUM, parseVersion, systemCandidates } from '../lib/chromium-system.mjs';
import { chromiumArgs, findChromium, ignoredDefaultArgs } from '../lib/chromium.mjs';
import { ROOT } from '../lib/say.mjs';

const folder = mkdtempSync(join(tmpdir(), 'gossamer-chromium-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A program that answers `--version` as a browser of that name would. */
const fake = (name: string, prints: string): string => {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\necho "a wrapper's warning: 12.0.0.0" >&2\n${prints}\n`);
  chmodSync(file, 0o755);
  return file;
};

describe('finding a browser', () => {
  it.each([
    ['Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)', 156],
    ['Google Chrome 152.0.7444.60', 152],
    ['Google Chrome for Testing 159.0.8154.6', 159],
    ['/usr/bin/chromium: 9: [: 25276502016: unexpected operator\nChromium 154.1.2.3', 154],
    ['Command requires the chromium snap to be installed.', null],
  ])('SU7: the version is read from %s', (text, version) => {
    expect(parseVersion(text)).toBe(version);
  });

  it("SU7: a wrapper's warnings are no version, and what does not run has none", async () => {
    expect(await chromiumVersion(fake('good', 'echo "Chromium 155.0.1.2"'))).toBe(155);
    expect(await chromiumVersion(fake('failing', 'echo "Chromium 155.0.1.2"; exit 3'))).toBeNull();
    expect(await chromiumVersion(join(folder, 'nowhere'))).toBeNull();
  });

  it('SU7: the system is searched by name, chromium first', () => {
    const chrome = fake('google-chrome', ':');
    const ours = fake('chromium', ':');
    expect(systemCandidates(folder).slice(0, 2)).toEqual([ours, chrome]);
  });

  it('SU8: GOSSAMER_CHROMIUM is the browser or an error that says why not', async () => {
    vi.stubEnv('GOSSAMER_CHROMIUM', fake('named', 'echo "Google Chrome 152.0.7444.60"'));
    expect(await findChromium()).toEqual({ path: join(folder, 'named'), version: LEAST_CHROMIUM });
    vi.stubEnv('GOSSAMER_CHROMIUM', fake('old', 'echo "Google Chrome 151.0.1.1"'));
    await expect(findChromium()).rejects.toThrow(/version 151, and 152 or later/);
    vi.stubEnv('GOSSAMER_CHROMIUM', join(folder, 'nowhere'));
    await expect(findChromium()).rejects.toThrow(/there is no such file/);
  });
});

/** Processes of the browser whose type is `renderer`. */
const renderers = async (browser: Browser): Promise<number> => {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').length;
};

describe('the browser that we start', () => {
  let server: Server;
  let browser: Browser;
  let origin: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end(request.url === '/frame' ? '<p>frame</p>' : '<!doctype html><p>page</p>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://localhost:${(server.address() as AddressInfo).port}`;
    const found = await findChromium();
    browser = await chromium.launch({
      executablePath: found?.path ?? 'none',
      args: chromiumArgs(),
      ignoreDefaultArgs: ignoredDefaultArgs,
    });
  });
  afterAll(async () => {
    await browser.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it('SU9: every flag that we take from Playwright is one that it gives', () => {
    const bundle = readFileSync(join(ROOT, 'node_modules/playwright-core/lib/coreBundle.js'), 'utf8');
    const start = bundle.indexOf('chromiumSwitches = (options) => [');
    const list = bundle.slice(start, bundle.indexOf('].filter(Boolean)', start));
    expect(start).toBeGreaterThan(0);
    expect(ignoredDefaultArgs.filter((flag) => !list.includes(`"${flag}"`))).toEqual([]);
  });

  it('SU9: what Playwright turns off our flag turns off as well', () => {
    const bundle = readFileSync(join(ROOT, 'node_modules/playwright-core/lib/coreBundle.js'), 'utf8');
    const start = bundle.indexOf('disabledFeatures = [');
    const list = bundle.slice(start, bundle.indexOf('].filter(Boolean)', start));
    const features = [...list.matchAll(/^\s*"(\w+)"/gm)].map(([, name]) => name!);
    expect(features.length).toBeGreaterThan(10);
    const ours = chromiumArgs().find((flag) => flag.startsWith('--disable-features='))!;
    const off = new Set(ours.slice(ours.indexOf('=') + 1).split(','));
    expect(features.filter((name) => !off.has(name))).toEqual([]);
  });

  it('SU9: no flag of the running browser weakens the isolation of sites or frames', async () => {
    const page = await browser.newPage();
    await page.goto('chrome://version');
    const line = (await page.locator('#command_line').textContent()) ?? '';
    await page.close();
    expect(line).toContain('--headless');
    const flags = line.split(/\s+(?=--)/);
    expect(flags.filter((flag) => FORBIDDEN_FLAGS.includes(flag.split('=')[0] ?? ''))).toEqual([]);
    const disabled = flags
      .filter((flag) => flag.startsWith('--disable-features='))
      .flatMap((flag) => flag.slice('--disable-features='.length).trim().split(','));
    expect(disabled.filter((feature) => FORBIDDEN_DISABLED_FEATURES.includes(feature))).toEqual([]);
    expect(flags.filter((flag) => ignoredDefaultArgs.includes(flag.trim()))).toEqual([]);
  });

  it('SU10: a sandboxed frame gets a process of its own, even on the page’s own site', async () => {
    const page = await browser.newPage();
    await page.goto(origin);
    const add = async (url: string, sandbox: string | null): Promise<number> => {
      await page.evaluate(
        async ([source, flags]) => {
          const frame = document.createElement('iframe');
          if (flags !== null) frame.setAttribute('sandbox', flags ?? '');
          frame.src = source ?? '';
          const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
          document.body.append(frame);
          await loaded;
        },
        [url, sandbox] as const,
      );
      return settled();
    };
    /** Of a page that was closed before, and of a window's spare, processes come and go for a while. */
    const settled = async (): Promise<number> => {
      let last = -1;
      for (;;) {
        const now = await renderers(browser);
        if (now === last) return now;
        last = now;
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    };
    const before = await settled();
    expect(await add(`${origin}/frame`, null)).toBe(before);
    const sandboxed = await add(`${origin}/frame`, 'allow-scripts');
    expect(sandboxed).toBe(before + 1);
    const cage = origin.replace('localhost', 'p1.cage.localhost');
    expect(await add(`${cage}/frame`, 'allow-scripts')).toBe(sandboxed + 1);
    await page.close();
  });
});
