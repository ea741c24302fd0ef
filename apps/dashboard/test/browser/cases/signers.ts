import type { CoordinatorKeys, DeviceView, JobView, Page, SignerView } from '@gossamer/protocol';
import type { Browser } from 'playwright-core';
import { expect, test } from 'vitest';
import { inspect } from '../harness/axe.ts';
import { startGrid } from '../harness/grid.ts';
import { go, signIn, textOf, until, visit } from '../harness/stage.ts';

export const signerCases = (browser: () => Browser): void => {
  test('DG1: a signer is granted tier, kinds and limits, and revoking it says first how many jobs that ends', async () => {
    const grid = await startGrid({ GOSSAMER_UNVETTED: 'playground' });
    const { page, faults, close } = await visit(browser(), grid.url);
    const { key, job } = await grid.signed('Ada Byron');
    const signer = async () => (await grid.read<Page<SignerView>>('/signers')).items[0]!;
    await signIn(page);
    await go(page, '#/signers');
    const row = page.locator(`[data-key="${key}"]`);
    await until(() => row.textContent()).toContain('nothing granted');
    await row.getByTestId('policy').click();
    await until(() => page.getByRole('dialog').textContent()).toContain((await signer()).fingerprint);
    await page.locator('[data-tier="public"]').check();
    await page.locator('[data-lane="wasm"]').uncheck();
    await page.getByTestId('policy-seconds').fill('90');
    await page.getByTestId('confirm').click();
    await until(() => row.textContent()).toContain('JavaScript, 90 s a unit');
    expect((await signer()).policy).toEqual({
      tier: 'public',
      lanes: ['js'],
      limits: { deadlineMs: 90_000, resultBytes: 1_073_741_824 },
    });
    expect((await grid.job(job.id)).tier).toBe('public');
    await row.getByTestId('revoke-signer').click();
    await until(() => textOf(page, 'revoke-cost')).toContain('1 open job is cancelled at once');
    expect((await grid.job(job.id)).state).toBe('running');
    await page.getByTestId('confirm').click();
    await until(() => row.textContent()).toContain('revoked');
    expect(await grid.read<JobView>(`/jobs/${job.id}`)).toMatchObject({ state: 'cancelled' });
    expect(faults).toEqual([]);
    await close();
    await grid.stop();
  });

  test('DG2: a device is set apart and put back from the list', async () => {
    const grid = await startGrid();
    await grid.device('Chrome 152 on Linux');
    const { page, close } = await visit(browser(), grid.url);
    const playground = async () => (await grid.read<Page<DeviceView>>('/devices')).items[0]!.playground;
    await signIn(page);
    await go(page, '#/devices');
    await page.getByTestId('set-apart').click();
    await until(() => page.getByTestId('device-row').textContent()).toContain('set apart, not opted in');
    expect(await playground()).toEqual({ apart: true, optedIn: false });
    await page.getByRole('button', { name: 'Put back' }).click();
    await until(async () => (await playground()).apart).toBe(false);
    await close();
    await grid.stop();
  });

  test('DG3: the coordinator’s key is shown, and replaced by one that it signs', async () => {
    const grid = await startGrid();
    const { page, close } = await visit(browser(), grid.url);
    const keys = () => grid.read<CoordinatorKeys>('/coordinator-keys');
    const { current } = await keys();
    await signIn(page);
    await go(page, '#/signers');
    await until(() => textOf(page, 'own-key')).toBe(current);
    await page.getByTestId('rotate').click();
    await page.getByTestId('confirm').click();
    await until(async () => (await keys()).chain.map(({ from }) => from)).toEqual([current]);
    await until(() => textOf(page, 'own-key')).toBe((await keys()).current);
    await close();
    await grid.stop();
  });

  test('DG4: programs that tabs refused are listed; the view passes axe and fits a narrow screen, light and dark', async () => {
    const grid = await startGrid();
    const { page, close } = await visit(browser(), grid.url, { bypassCSP: true });
    const { job } = await grid.signed('Ada Byron, Analytical Engine group');
    await grid.signed('Sophie Germain');
    const device = await grid.device('Chrome 152 on Linux');
    await device.refuse({
      job: job.number,
      reason: 'manifest',
      detail: 'its manifest is not the one that was admitted',
    });
    await signIn(page);
    await go(page, '#/signers');
    await until(() => page.getByTestId('refusal-row').textContent()).toContain('its manifest is not the one');
    await inspect(page, 'signers');
    await page.getByTestId('policy').first().click();
    await inspect(page, 'policy');
    await page.getByTestId('dismiss').click();
    await go(page, '#/devices');
    await page.getByTestId('set-apart').waitFor();
    await inspect(page, 'devices-playground');
    await close();
    await grid.stop();
  });
};
