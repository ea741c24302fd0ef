import type { Browser } from 'playwright-core';
import { expect, test } from 'vitest';
import { inspect } from '../harness/axe.ts';
import { startGrid } from '../harness/grid.ts';
import { go, signIn, textOf, until, visit } from '../harness/stage.ts';

const range = (stop: number) => ({ kind: 'range', start: 0, stop }) as const;
const LONG = 'Narrow-band drift search in the band of neutral hydrogen around 1420.40575177 MHz';

export const lookCases = (browser: () => Browser): void => {
  test('DL1: every view of an empty grid passes axe and fits a narrow screen, light and dark', async () => {
    const grid = await startGrid();
    const { page, close } = await visit(browser(), grid.url, { bypassCSP: true });
    await page.getByTestId('key-input').waitFor();
    await signIn(page, 'a-key-that-nobody-was-given');
    await until(() => textOf(page, 'sign-in-error')).not.toBe('');
    await inspect(page, 'sign-in');
    await signIn(page);
    await until(() => page.getByTestId('chart-queue').locator('.legend dd').first().textContent()).toMatch(/\d/);
    await inspect(page, 'empty-overview');
    for (const view of ['jobs', 'batches', 'devices', 'signers', 'keys', 'nothing']) {
      await go(page, `#/${view}`);
      await until(() => page.locator('main .loading').count()).toBe(0);
      await inspect(page, `empty-${view}`);
    }
    await close();
    await grid.stop();
  }, 240_000);

  test('DL2: every view of a busy grid passes axe and fits a narrow screen, light and dark', async () => {
    const grid = await startGrid();
    const { page, close } = await visit(browser(), grid.url, { bypassCSP: true });
    await signIn(page);
    const one = await grid.device('Chrome 152 on Linux', 4);
    const failing = await grid.submit({
      name: 'Throws',
      source: range(3),
      policy: { kind: 'adaptive' },
      comparison: { kind: 'tolerance', absolute: 0.001, relative: 1e-9 },
      independence: { device: false },
      sameClass: true,
      limits: { maxErrors: 1, maxAttempts: 3 },
    });
    one.work((input, unit) => (unit === 1 ? 'RangeError: no such tone' : input));
    await until(async () => (await grid.job(failing.id)).state).toBe('completed');
    const stuck = await grid.submit({ name: LONG, source: range(40) });
    const held = await grid.submit({ name: 'Zeros of the zeta function', source: range(123_456) });
    await grid.post(`/jobs/${held.id}/hold`, { reason: 'the catalogue has a mistake in row 14' });
    await until(async () => (await grid.job(stuck.id)).waiting).toContain('independent device');
    await page.locator(`[data-job="${stuck.id}"]`).getByTestId('relax').waitFor();
    await page.getByTestId('device-row').waitFor();
    await inspect(page, 'overview');
    await go(page, '#/jobs');
    await inspect(page, 'jobs');
    await go(page, '#/devices');
    await inspect(page, 'devices');
    await go(page, `#/jobs/${failing.id}`);
    await page.getByTestId('unit-row').first().waitFor();
    await page.getByTestId('warning').waitFor();
    await page.getByTestId('evidence').waitFor();
    await inspect(page, 'job');
    await go(page, `#/jobs/${failing.id}/units/1`);
    await page.getByTestId('fact-row').first().waitFor();
    await inspect(page, 'unit');
    await go(page, `#/jobs/${stuck.id}`);
    await page.getByTestId('relax').click();
    await inspect(page, 'relax');
    await page.getByTestId('dismiss').click();
    await page.getByTestId('cancel').click();
    await inspect(page, 'cancel');
    await page.getByTestId('dismiss').click();
    await go(page, '#/keys');
    await page.getByTestId('key-name').fill('Pulsar group');
    await page.getByTestId('create-key').click();
    await page.getByTestId('secret').waitFor();
    await inspect(page, 'keys');
    await grid.stop();
    await go(page, '#/');
    await until(() => textOf(page, 'connection')).toContain('Connection lost');
    await inspect(page, 'lost');
    await close();
  }, 300_000);

  test('DL3: a view that is come to takes the focus and names the window; motion is asked for by nobody who refuses it', async () => {
    const grid = await startGrid();
    const { page, close } = await visit(browser(), grid.url);
    await signIn(page);
    await page.getByRole('link', { name: 'Devices', exact: true }).press('Enter');
    await until(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Devices');
    await until(() => page.title()).toBe('Devices, Skylark dashboard');
    expect(await page.getByRole('link', { name: 'Devices', exact: true }).getAttribute('aria-current')).toBe('page');
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll('*')].filter((element) => {
          const { transitionDuration, animationName } = getComputedStyle(element);
          return transitionDuration !== '0s' || animationName !== 'none';
        }).length,
    );
    expect(moving).toBe(0);
    await close();
    await grid.stop();
  });
};
