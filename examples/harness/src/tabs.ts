import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { chromiumArgs, ensureChromium, ignoredDefaultArgs } from '../../../scripts/lib/chromium.mjs';

export interface Tabs {
  version: string;
  close(): Promise<void>;
}

const openTab = async (browser: Browser, url: string): Promise<void> => {
  // A browser context of its own: another profile, so another device.
  // Nobody looks at it: what moves for the eye only would take time from the units, where no graphics card paints it.
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(`${url}/?slots=1`);
  await page.getByTestId('start').click();
};

/** Opens the volunteer's page in headless tabs, and gives consent in each, as a person would. */
export const openTabs = async (url: string, count: number): Promise<Tabs> => {
  const { path } = await ensureChromium();
  const browser = await chromium.launch({
    executablePath: path,
    args: chromiumArgs(),
    ignoreDefaultArgs: ignoredDefaultArgs,
  });
  try {
    for (let tab = 0; tab < count; tab++) await openTab(browser, url);
  } catch (error) {
    await browser.close();
    throw error;
  }
  return { version: browser.version(), close: () => browser.close() };
};
