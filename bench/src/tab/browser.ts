import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { chromiumArgs, ensureChromium, ignoredDefaultArgs } from '../../../scripts/lib/chromium.mjs';

/** Chromium as the end-to-end tests start it: with its isolation, and throttled like a volunteer's. */
export const launch = async (): Promise<Browser> => {
  const { path } = await ensureChromium();
  return chromium.launch({ executablePath: path, args: chromiumArgs(), ignoreDefaultArgs: ignoredDefaultArgs });
};

/** Opens the volunteer's page in a profile of its own and gives consent, as a person would. */
export const lendTab = async (browser: Browser, url: string, slots: number): Promise<Page> => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${url}/?slots=${slots}`);
  await page.getByTestId('start').click();
  return page;
};
