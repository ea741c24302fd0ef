import { launch, openPage } from '../harness/browser.ts';
import type { SuiteBrowser } from '../harness/page.ts';

export const openChromium = async (): Promise<SuiteBrowser> => {
  const browser = await launch();
  return {
    name: 'chromium',
    version: browser.version(),
    openPage: (url) => openPage(browser, url),
    close: () => browser.close(),
  };
};
