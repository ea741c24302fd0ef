import type { Browser } from 'playwright-core';
import { expect, test } from 'vitest';
import { OPERATOR_KEY, startGrid } from '../harness/grid.ts';
import { go, signIn, textOf, until, visit } from '../harness/stage.ts';

const statusOf = async (url: string, key: string): Promise<number> =>
  (await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${key}` } })).status;

export const keyCases = (browser: () => Browser): void => {
  test('DK1: a key is made, its secret is seen once, and after it is revoked it opens nothing', async () => {
    const grid = await startGrid();
    const { page, faults, close } = await visit(browser(), grid.url);
    await signIn(page);
    await go(page, '#/keys');
    await page.getByTestId('create-key').click();
    await until(() => page.locator('#key-trouble').textContent()).toContain('Give the key a name');
    await page.getByTestId('key-name').fill('Pulsar group');
    await page.getByTestId('create-key').click();
    const secret = await textOf(page, 'secret');
    expect(await statusOf(grid.url, secret)).toBe(200);
    const row = page.getByTestId('key-row').filter({ hasText: 'Pulsar group' });
    await until(() => row.textContent()).toContain('submitter');
    await page.getByRole('button', { name: 'I have kept it' }).click();
    expect(await page.content()).not.toContain(secret);
    await row.getByTestId('revoke').click();
    await page.getByTestId('confirm').click();
    await until(() => row.textContent()).toContain('revoked');
    expect(await statusOf(grid.url, secret)).toBe(401);
    expect(faults).toEqual([]);
    await close();
    await grid.stop();
  });

  test('DK3: a key that ends is made, and the table says when', async () => {
    const grid = await startGrid();
    const { page, close } = await visit(browser(), grid.url);
    await signIn(page);
    await go(page, '#/keys');
    await page.getByTestId('key-name').fill('Summer school');
    await page.getByTestId('key-ends').selectOption({ label: 'In 30 days' });
    const before = Date.now();
    await page.getByTestId('create-key').click();
    const secret = await textOf(page, 'secret');
    const keys = await fetch(`${grid.url}/v1/keys`, { headers: { authorization: `Bearer ${OPERATOR_KEY}` } });
    const { items } = (await keys.json()) as { items: { name: string; expiresAt: number | null }[] };
    const days = (items.find(({ name }) => name === 'Summer school')!.expiresAt! - before) / 86_400_000;
    expect(days).toBeGreaterThanOrEqual(30);
    expect(days).toBeLessThan(30.1);
    expect(await statusOf(grid.url, secret)).toBe(200);
    const row = page.getByTestId('key-row').filter({ hasText: 'Summer school' });
    await until(() => row.textContent()).toMatch(/\d{4}/);
    expect(await row.textContent()).not.toContain('when it is revoked');
    await close();
    await grid.stop();
  });

  test('DK2: revoking the key that one is signed in with is warned of, and ends the sign-in', async () => {
    const grid = await startGrid();
    const { page, close } = await visit(browser(), grid.url);
    await signIn(page);
    await go(page, '#/keys');
    const own = page.getByTestId('key-row').filter({ hasText: 'in use by you' });
    await own.getByTestId('revoke').click();
    await until(() => page.getByRole('dialog').textContent()).toContain('you will be signed out');
    await page.getByTestId('confirm').click();
    await until(() => textOf(page, 'sign-in-error')).toContain('The sign-in is over');
    await close();
    await grid.stop();
  });
};
