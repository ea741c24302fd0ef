import type { Browser } from 'playwright-core';
import { expect, test } from 'vitest';
import { layCable } from '../harness/cable.ts';
import { startGrid } from '../harness/grid.ts';
import { signIn, textOf, until, visit } from '../harness/stage.ts';

export const connectionCases = (browser: () => Browser): void => {
  test('DN1: a lost connection is told with the time, what is shown stays, and it comes back by itself', async () => {
    const grid = await startGrid();
    const cable = await layCable(grid.port);
    const { page, faults, close } = await visit(browser(), `http://localhost:${cable.port}`);
    await signIn(page);
    const first = await grid.submit({ name: 'Seen before' });
    const row = (id: string) => page.locator(`[data-testid=job-row][data-job="${id}"]`);
    await row(first.id).waitFor();
    await cable.cut();
    await until(() => textOf(page, 'connection')).toMatch(/^Connection lost\. What you see is from \d\d:\d\d:\d\d;/);
    expect(await textOf(page, 'health')).toContain('out of touch');
    expect(await row(first.id).count()).toBe(1);
    const second = await grid.submit({ name: 'Submitted meanwhile' });
    await cable.mend();
    await until(() => textOf(page, 'connection')).toBe('Live');
    await row(second.id).waitFor();
    expect(faults).toEqual([]);
    await close();
    await cable.cut();
    await grid.stop();
  });

  test('DN2: after a restart, which ends every sign-in, the page says so and asks for the key', async () => {
    const grid = await startGrid();
    const { page, close } = await visit(browser(), grid.url);
    await signIn(page);
    await until(() => textOf(page, 'connection')).toBe('Live');
    await grid.stop();
    await until(() => textOf(page, 'connection')).toContain('Connection lost');
    const again = await startGrid({ GOSSAMER_PORT: String(grid.port) });
    await until(() => textOf(page, 'sign-in-error')).toContain('the coordinator was restarted');
    await signIn(page);
    await until(() => textOf(page, 'connection')).toBe('Live');
    await close();
    await again.stop();
  });

  test('DN3: a page that is opened while nobody answers waits, and goes on when somebody does', async () => {
    const grid = await startGrid();
    const cable = await layCable(grid.port);
    const { page, close } = await visit(browser(), `http://localhost:${cable.port}`);
    await signIn(page);
    await until(() => textOf(page, 'connection')).toBe('Live');
    // The page itself comes, its first question does not.
    await page.route('**/v1/me', async (route) => {
      await cable.cut();
      await route.continue();
    });
    await page.reload();
    await page.getByTestId('unreachable').waitFor();
    await page.unroute('**/v1/me');
    await cable.mend();
    await until(() => textOf(page, 'connection')).toBe('Live');
    await close();
    await cable.cut();
    await grid.stop();
  });
};
