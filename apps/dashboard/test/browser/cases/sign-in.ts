import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { layCable } from '../harness/cable.ts';
import type { Grid } from '../harness/grid.ts';
import { OPERATOR_KEY, startGrid, SUBMITTER_KEY } from '../harness/grid.ts';
import { signIn, textOf, until, visit } from '../harness/stage.ts';

export const signInCases = (browser: () => Browser): void => {
  describe('signing in', () => {
    let grid: Grid;
    beforeAll(async () => {
      grid = await startGrid();
    });
    afterAll(() => grid.stop());

    test('DS1: an operator signs in, stays so over a reload, and signs out for good', async () => {
      const { page, faults, close } = await visit(browser(), grid.url);
      await signIn(page);
      await until(() => textOf(page, 'connection')).toBe('Live');
      await until(() => page.title()).toMatch(/dashboard$/);
      await page.reload();
      await until(() => textOf(page, 'connection')).toBe('Live');
      await page.getByTestId('sign-out').click();
      await page.getByTestId('key-input').waitFor();
      expect(await page.context().cookies(`${grid.url}/v1`)).toEqual([]);
      await page.reload();
      await page.getByTestId('key-input').waitFor();
      expect(faults).toEqual([]);
      await close();
    });

    test('DS2: a wrong key and a key of a submitter are refused in words of their own, and leave no sign-in', async () => {
      const { page, close } = await visit(browser(), grid.url);
      await page.getByTestId('sign-in').click();
      await until(() => textOf(page, 'sign-in-error')).toContain('Paste the key');
      await signIn(page, 'a-key-that-nobody-was-given');
      await until(() => textOf(page, 'sign-in-error')).toContain('not known, was revoked, or has expired');
      await signIn(page, SUBMITTER_KEY);
      await until(() => textOf(page, 'sign-in-error')).toContain("a submitter's key");
      await until(() => page.context().cookies(`${grid.url}/v1`)).toEqual([]);
      await close();
    });

    test('DS3: signing in works by keyboard alone, and the key stands nowhere in the page afterwards', async () => {
      const { page, close } = await visit(browser(), grid.url);
      await page.getByTestId('key-input').waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.type(OPERATOR_KEY);
      await page.keyboard.press('Enter');
      await until(() => textOf(page, 'connection')).toBe('Live');
      const kept = await page.evaluate(() =>
        JSON.stringify([
          document.documentElement.outerHTML,
          Object.entries(localStorage),
          Object.entries(sessionStorage),
          document.cookie,
        ]),
      );
      expect(kept).not.toContain(OPERATOR_KEY);
      await close();
    });
  });

  test('DS4: too many sign-ins are told with the time to wait', async () => {
    const grid = await startGrid();
    const { page, close } = await visit(browser(), grid.url);
    await until(async () => {
      await signIn(page, 'a-key-that-nobody-was-given');
      return textOf(page, 'sign-in-error');
    }).toMatch(/^Too many sign-ins from this address\. Try again in \d+ (s|min)\.$/);
    await close();
    await grid.stop();
  });

  test('DS5: a coordinator that does not answer is told so, and the same page signs in when it does', async () => {
    const grid = await startGrid();
    const cable = await layCable(grid.port);
    const { page, close } = await visit(browser(), `http://localhost:${cable.port}`);
    await page.getByTestId('key-input').waitFor();
    await cable.cut();
    await signIn(page);
    await until(() => textOf(page, 'sign-in-error')).toContain('cannot be reached');
    await cable.mend();
    await signIn(page);
    await until(() => textOf(page, 'connection')).toBe('Live');
    await close();
    await cable.cut();
    await grid.stop();
  });
};
