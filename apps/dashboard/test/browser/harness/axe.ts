import { AxeBuilder } from '@axe-core/playwright';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const folder = process.env.GOSSAMER_SHOTS;

/**
 * Looks at the page as it is now, in light and dark, wide and narrow: axe finds nothing, and nothing is wider than the
 * screen. With GOSSAMER_SHOTS=FOLDER pictures are kept. The visit must bypass the policy.
 */
export const inspect = async (page: Page, view: string): Promise<void> => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of [1280, 360, 320]) {
      await page.setViewportSize({ width, height: 900 });
      const place = `${view}, ${colorScheme}, ${width}`;
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${place}: ${id} ${nodes[0]?.html}`)).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide, place).toBeLessThanOrEqual(width);
      if (folder === undefined) continue;
      await mkdir(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `dashboard-${view}-${colorScheme}-${width}.png`), fullPage: true });
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
};
