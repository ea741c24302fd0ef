import type { SuiteBrowser } from '../harness/page.ts';
import { openChromium } from './chromium.ts';
import { openFirefox } from './firefox.ts';

export const openBrowser = (name: SuiteBrowser['name']): Promise<SuiteBrowser> =>
  name === 'firefox' ? openFirefox() : openChromium();
