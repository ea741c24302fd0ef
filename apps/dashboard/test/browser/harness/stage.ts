import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { OPERATOR_KEY } from './grid.ts';

export interface Visit {
  page: Page;
  /** What the page's policy refused, and errors that nobody caught. */
  faults: string[];
  close(): Promise<void>;
}

export interface VisitOptions {
  /** axe is made of text, which the policy of the page forbids. */
  bypassCSP?: boolean;
}

/** Everything waits this long at most: the machines are slow, and shared. */
export const PATIENCE = 30_000;

/** Opens the dashboard in a browser profile of its own. */
export const visit = async (browser: Browser, url: string, options: VisitOptions = {}): Promise<Visit> => {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (/content security policy|trusted/i.test(message.text())) faults.push(message.text());
  });
  await page.goto(`${url}/dashboard/`);
  return { page, faults, close: () => context.close() };
};

export const signIn = async (page: Page, key = OPERATOR_KEY): Promise<void> => {
  await page.getByTestId('key-input').fill(key);
  await page.getByTestId('sign-in').click();
};

/** Goes to a view by its address, as a bookmark does. */
export const go = async (page: Page, hash: string): Promise<void> => {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
};

/** Waits until `ask` answers what `expected` matches. */
export const until = <Value>(ask: () => Promise<Value> | Value) =>
  expect.poll(ask, { timeout: PATIENCE, interval: 200 });

/** The text of the first element with this test id. */
export const textOf = async (page: Page, testid: string): Promise<string> =>
  ((await page.getByTestId(testid).first().textContent()) ?? '').trim();
