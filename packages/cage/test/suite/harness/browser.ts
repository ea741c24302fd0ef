import type { Browser, CDPSession } from 'playwright-core';
import { chromium } from 'playwright-core';
import { chromiumArgs, ensureChromium, ignoredDefaultArgs } from '../../../../../scripts/lib/chromium.mjs';
import type { OpenedPage } from './page.ts';
import type { Tab } from './tab.ts';
import { tabOf } from './tab.ts';

/** A page of Chromium, with its raw protocol. */
export interface ChromiumPage extends OpenedPage {
  cdp: CDPSession;
  browser: Browser;
}

/** A tab of Chromium, for tests that ask the browser itself. */
export interface ChromiumTab extends Tab {
  cdp: CDPSession;
  browser: Browser;
}

export const launch = async (): Promise<Browser> => {
  const { path } = await ensureChromium();
  return chromium.launch({ executablePath: path, args: chromiumArgs(), ignoreDefaultArgs: ignoredDefaultArgs });
};

/** Scripts go by the raw protocol: the page's CSP forbids `eval`. */
export const evaluatorOf =
  (cdp: CDPSession) =>
  async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = await cdp.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value as T;
  };

/** Opens a page in a context of its own. */
export const openPage = async (browser: Browser, url: string): Promise<ChromiumPage> => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  const cdp = await context.newCDPSession(page);
  return { cdp, browser, evaluate: evaluatorOf(cdp), close: () => context.close() };
};

/** Opens the test's page. */
export const openTab = async (browser: Browser, url: string): Promise<ChromiumTab> => {
  const page = await openPage(browser, url);
  return { ...(await tabOf(page)), cdp: page.cdp, browser };
};
