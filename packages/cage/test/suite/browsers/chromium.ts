import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumArgs, ensureChromium, ignoredDefaultArgs } from '../../../../../scripts/lib/chromium.mjs';
import { evaluatorOf } from '../harness/browser.ts';
import { elsewhere } from '../harness/elsewhere.ts';
import { lookupsIn } from '../harness/lookups.ts';
import type { SuiteBrowser } from '../harness/page.ts';

/** What the resolver logs of a request, and the transactions of it. */
const LOOKUP = /"(?:host|hostname|qname)":"(?:\w+:\/\/)?([^":/]+)/g;

/**
 * Chromium with a profile of its own, as a volunteer has one: in a private window, which is what Playwright opens
 * otherwise, it looks no name up ahead and opens no connection ahead, and nothing that a frame asks for could be seen.
 */
export const openChromium = async (): Promise<SuiteBrowser> => {
  const { path } = await ensureChromium();
  const folder = await mkdtemp(join(tmpdir(), 'gossamer-chromium-'));
  const log = join(folder, 'net-log.json');
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: path,
    args: [...chromiumArgs(), `--log-net-log=${log}`],
    ignoreDefaultArgs: ignoredDefaultArgs,
    env: elsewhere(),
  });
  return {
    name: 'chromium',
    version: context.browser()!.version(),
    lookups: lookupsIn(log, LOOKUP),
    openPage: async (url) => {
      const page = await context.newPage();
      await page.goto(url);
      return { evaluate: evaluatorOf(await context.newCDPSession(page)), close: () => page.close() };
    },
    close: async () => {
      await context.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
};
