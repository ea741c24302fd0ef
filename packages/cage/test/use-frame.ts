import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { LeaseSpec, Report } from './suite/browser/wire.ts';
import { launch, openTab } from './suite/harness/browser.ts';
import type { Grid } from './suite/harness/grid.ts';
import { startGrid } from './suite/harness/grid.ts';
import type { Tab } from './suite/harness/tab.ts';

/** One frame of a cage in a tab of a real browser, for the tests of one file. */
export const useFrame = (): { run(lease: LeaseSpec): Promise<Report> } => {
  let grid: Grid | undefined;
  let browser: Browser | undefined;
  let tab: Tab;
  let frame: number;
  beforeAll(async () => {
    grid = await startGrid({});
    browser = await launch();
    tab = await openTab(browser, grid.page);
    ({ frame } = await tab.open(grid.cage(1)));
  });
  afterAll(async () => {
    await browser?.close();
    await grid?.close();
  });
  return { run: (lease) => tab.run(frame, lease) };
};
