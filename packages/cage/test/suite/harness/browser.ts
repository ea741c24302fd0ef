import type { Browser, BrowserContext, CDPSession } from 'playwright-core';
import { chromium } from 'playwright-core';
import { chromiumArgs, ensureChromium, ignoredDefaultArgs } from '../../../../../scripts/lib/chromium.mjs';
import type { LeaseSpec, Report } from '../browser/wire.ts';

export interface Tab {
  cdp: CDPSession;
  browser: Browser;
  /** Calls an operation of the test's page (`open`) or engine (`engine.run`). */
  call<T>(name: string, ...args: unknown[]): Promise<T>;
  open(url: string): Promise<{ frame: number; ms: number }>;
  run(frame: number, spec: LeaseSpec): Promise<Report>;
  close(): Promise<void>;
}

export const launch = async (): Promise<Browser> => {
  const { path } = await ensureChromium();
  return chromium.launch({ executablePath: path, args: chromiumArgs(), ignoreDefaultArgs: ignoredDefaultArgs });
};

/** Opens the test's page in a context of its own. The raw protocol is used: the page's CSP forbids `eval`. */
export const openTab = async (browser: Browser, url: string): Promise<Tab> => {
  const context: BrowserContext = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  const cdp = await context.newCDPSession(page);
  const call = async <T>(name: string, ...args: unknown[]): Promise<T> => {
    const list = [name, ...args].map((arg) => JSON.stringify(arg) ?? 'undefined').join(',');
    const { result, exceptionDetails } = await cdp.send('Runtime.evaluate', {
      expression: `suite(${list})`,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value as T;
  };
  for (let tries = 0; ; tries++) {
    const { result } = await cdp.send('Runtime.evaluate', { expression: 'typeof suite' });
    if (result.value === 'function') break;
    if (tries > 200) throw new Error('the page did not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    cdp,
    browser,
    call,
    open: (address) => call('open', address),
    run: (frame, spec) => call('engine.run', frame, spec),
    close: () => context.close(),
  };
};
