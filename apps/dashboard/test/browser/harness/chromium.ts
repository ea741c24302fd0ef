import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { chromiumArgs, ensureChromium, ignoredDefaultArgs } from '../../../../../scripts/lib/chromium.mjs';

/** The Chromium of the whole repository's tests. */
export const launch = async (): Promise<Browser> => {
  const { path } = await ensureChromium();
  return chromium.launch({ executablePath: path, args: chromiumArgs(), ignoreDefaultArgs: ignoredDefaultArgs });
};
