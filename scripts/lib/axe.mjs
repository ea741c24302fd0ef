import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds wrong in the page as it is now, a line each. Only what is wrong crosses over from the browser, and axe
 * is read once per document: to carry everything, each time, costs several times as much as the looking itself. The
 * page's frames are left out: the cage is nowhere to be seen.
 */
export const violations = async (page) => {
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(`${SOURCE}; undefined`);
  const options = { resultTypes: ['violations'], iframes: false };
  const { wrong, passed } = await page.evaluate(`axe.run(document, ${JSON.stringify(options)}).then((seen) => ({
    wrong: seen.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ' ' + html)),
    passed: seen.passes.length,
  }))`);
  if (passed <= 10) throw new Error(`axe found only ${passed} rules to apply: is the page there?`);
  return wrong;
};

/**
 * Looks at the page in light and dark, at each width, and tells all that is wrong: what axe finds, and whatever is
 * wider than the screen. With GOSSAMER_SHOTS=FOLDER pictures are kept.
 */
export const complaints = async (page, view, widths) => {
  const folder = process.env.GOSSAMER_SHOTS;
  const wrong = [];
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      const place = `${view}, ${colorScheme}, ${width}`;
      const found = await violations(page);
      wrong.push(...found.map((line) => `${place}: ${line}`));
      const wide = await page.evaluate('document.documentElement.scrollWidth');
      if (wide > width) wrong.push(`${place}: it is ${wide} wide`);
      if (folder === undefined) continue;
      await mkdir(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `${view}-${colorScheme}-${width}.png`), fullPage: true });
    }
  }
  await page.setViewportSize({ width: widths[0], height: 900 });
  return wrong;
};
