import { startAttacker } from './attacker.ts';
import type { SuiteBrowser } from './page.ts';

/**
 * Throws where this browser reaches no attacker even if nothing holds it back: then it would prove nothing that none was
 * reached. The attacker is one of its own: what a browser asks for beside a page may come late.
 */
export const requireReachable = async (browser: SuiteBrowser): Promise<void> => {
  const attacker = await startAttacker();
  try {
    await (await browser.openPage(`${attacker.urls.http}/control`)).close();
    if (!attacker.take().includes('GET /control')) throw new Error('this browser reaches no attacker at all');
  } finally {
    await attacker.close();
  }
};
