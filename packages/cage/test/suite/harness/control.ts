import { CONTROL, startAttacker } from './attacker.ts';
import type { SuiteBrowser } from './page.ts';

const PATIENCE_MS = 20_000;
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

/**
 * Throws where this browser reaches no attacker even if nothing holds it back, or is not seen to look names up, for
 * themselves and for a connection ahead, or is in UTC: then it would prove nothing that none was reached, and that no zone
 * was seen. The attacker is one of its own: what a browser asks for beside a page may come late.
 */
export const requireReachable = async (browser: SuiteBrowser): Promise<void> => {
  const attacker = await startAttacker(browser.lookups);
  try {
    const page = await browser.openPage(attacker.urls.http + CONTROL);
    const missing = new Set([`GET ${CONTROL}`, 'DNS looked-up', 'DNS connected']);
    for (const until = performance.now() + PATIENCE_MS; missing.size > 0 && performance.now() < until; await pause()) {
      for (const hit of attacker.take()) missing.delete(hit.split('.', 1)[0]!);
    }
    const offset = await page.evaluate<number>('new Date(2000, 0, 1).getTimezoneOffset()');
    await page.close();
    if (offset === 0) throw new Error('this browser is in UTC: it could tell no other zone');
    if (missing.size > 0)
      throw new Error(`this browser is never seen to reach an attacker: ${[...missing].join(', ')}`);
  } finally {
    await attacker.close();
  }
};
