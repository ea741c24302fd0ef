import type { JobView } from '@gossamer/protocol';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { buildPage } from '../../../../../scripts/lib/page.mjs';
import { launch } from './chromium.ts';
import type { Grid } from './grid.ts';
import { until } from './tab.ts';

/** Builds the page and starts one browser for all tests of a file; gives the way to it. */
export const sharedBrowser = (): (() => Browser) => {
  let browser: Browser;
  beforeAll(async () => {
    await buildPage('apps/volunteer');
    browser = await launch();
  }, 120_000);
  afterAll(() => browser.close());
  return () => browser;
};

/** Waits until every unit of a job has ended. */
export const completed = (grid: Grid, id: string): Promise<JobView> =>
  until(
    () => grid.job(id),
    ({ state }) => state === 'completed',
  );

/** Of a job whose units outlast every wait of these tests. */
export const SLOW = { source: { kind: 'range' as const, start: 0, stop: 200 }, params: { steps: 1_000_000, ms: 50 } };
