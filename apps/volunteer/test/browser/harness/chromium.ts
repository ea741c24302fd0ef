import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { chromiumArgs, ensureChromium, ignoredDefaultArgs } from '../../../../../scripts/lib/chromium.mjs';

/** The Chromium of the whole repository's tests, with the sites of sandboxed frames kept apart. */
export const launch = async (...more: string[]): Promise<Browser> => {
  const { path } = await ensureChromium();
  return chromium.launch({
    executablePath: path,
    args: [...chromiumArgs(), ...more],
    ignoreDefaultArgs: ignoredDefaultArgs,
  });
};
