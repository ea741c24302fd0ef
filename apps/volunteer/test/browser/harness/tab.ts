import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';

/** A context of its own: another browser install, so another device. What it complains of is kept. */
export interface Visitor {
  context: BrowserContext;
  page: Page;
  /** Violations of the content security policy, and errors that nothing caught. */
  faults: string[];
  /** Web sockets that were opened. */
  sockets: string[];
  /** Paths that were asked for. */
  requests: string[];
}

const PATIENCE_MS = 45_000;

const watch = (page: Page, { faults, sockets, requests }: Omit<Visitor, 'context' | 'page'>): void => {
  page.on('console', (message) => {
    if (/content security policy|trusted ?type/i.test(message.text())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('websocket', (socket) => sockets.push(socket.url()));
  page.on('request', (request) => requests.push(new URL(request.url()).pathname));
};

export const visit = async (browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> => {
  // Without a graphics card each frame of a decoration that never rests is painted by the processor, in every tab.
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const seen = { faults: [], sockets: [], requests: [] };
  watch(page, seen);
  return { context, page, ...seen };
};

export const text = async (page: Page, id: string): Promise<string> => (await page.getByTestId(id).textContent()) ?? '';

/** Waits until an element says this. */
export const says = (page: Page, id: string, expected: string | RegExp): Promise<void> =>
  expect
    .poll(() => text(page, id), { timeout: PATIENCE_MS, interval: 100 })
    .toMatch(typeof expected === 'string' ? new RegExp(`^${expected.replaceAll('.', '\\.')}$`) : expected);

/** Waits until what is asked for satisfies the check. */
export const until = async <T>(ask: () => Promise<T>, enough: (value: T) => boolean): Promise<T> => {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await ask();
    if (enough(value)) return value;
    if (Date.now() > end) throw new Error(`it stayed ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};
