import { AxeBuilder } from '@axe-core/playwright';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const folder = process.env.GOSSAMER_SHOTS;

const shot = async (page: Page, name: string): Promise<void> => {
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
};

/**
 * Looks at the page as it is now, in light and dark, wide and narrow: axe finds nothing, nothing is wider than the
 * screen. With GOSSAMER_SHOTS=FOLDER pictures are kept. The context must bypass the policy: axe is made of text.
 */
export const inspect = async (page: Page, state: string): Promise<void> => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 800 });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${state}, ${colorScheme}, ${width}: ${id} ${nodes[0]?.html}`)).toEqual(
        [],
      );
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await shot(page, `${state}-${colorScheme}-${width}`);
    }
  }
};
