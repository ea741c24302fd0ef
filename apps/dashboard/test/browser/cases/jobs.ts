import { wasmModule } from '@gossamer/program/testing';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Grid } from '../harness/grid.ts';
import { startGrid } from '../harness/grid.ts';
import type { Visit } from '../harness/stage.ts';
import { go, signIn, textOf, until, visit } from '../harness/stage.ts';

const rowOf = (page: Page, id: string): Locator => page.locator(`[data-testid=job-row][data-job="${id}"]`);

export const jobCases = (browser: () => Browser): void => {
  describe('jobs', () => {
    let grid: Grid;
    let seen: Visit;
    let page: Page;
    beforeAll(async () => {
      grid = await startGrid();
      seen = await visit(browser(), grid.url);
      page = seen.page;
      await signIn(page);
      await go(page, '#/jobs');
    });
    afterAll(async () => {
      expect(seen.faults).toEqual([]);
      await seen.close();
      await grid.stop();
    });

    test('DO1: a grid without jobs says how to submit one', async () => {
      await until(() => page.locator('.empty').textContent()).toMatch(/npm run demo.*gossamer map.*\/docs/);
    });

    test('DO2: a job appears by itself, is held with a reason, and released', async () => {
      const job = await grid.submit({ name: 'To be held' });
      const row = rowOf(page, job.id);
      await row.getByTestId('hold').click();
      await page.getByTestId('reason').fill('a mistake in row 14');
      await page.getByTestId('confirm').click();
      await until(() => row.textContent()).toContain('Held: a mistake in row 14');
      expect(await grid.job(job.id)).toMatchObject({ state: 'held', reason: 'a mistake in row 14' });
      await row.getByTestId('release').click();
      await until(async () => (await grid.job(job.id)).state).toBe('running');
      await row.getByTestId('hold').waitFor();
      await until(() => textOf(page, 'notice')).toContain('is released');
    });

    test('WA30: a job tells whether its program is JavaScript or WebAssembly', async () => {
      const job = await grid.submit({ name: 'In C' }, wasmModule());
      await go(page, `#/jobs/${job.id}`);
      await until(() => textOf(page, 'program')).toBe(`WebAssembly, ${job.program}`);
      const other = await grid.submit({ name: 'In TypeScript' });
      await go(page, `#/jobs/${other.id}`);
      await until(() => textOf(page, 'program')).toBe(`JavaScript, ${other.program}`);
      await go(page, '#/jobs');
    });

    test('DO3: cancelling says what it gives up, and is done only when it is confirmed', async () => {
      const job = await grid.submit({ name: 'To be cancelled' });
      const row = rowOf(page, job.id);
      await row.getByTestId('cancel').click();
      await until(() => page.getByRole('dialog').textContent()).toContain('8 units are given up for good');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await row.getByTestId('cancel').evaluate((button) => button === document.activeElement)).toBe(true);
      expect((await grid.job(job.id)).state).toBe('running');
      await row.getByTestId('cancel').click();
      await page.getByTestId('reason').fill('no longer needed');
      await page.getByTestId('confirm').click();
      await until(() => row.getAttribute('data-state')).toBe('cancelled');
      expect(await grid.job(job.id)).toMatchObject({ state: 'cancelled', reason: 'no longer needed' });
      expect(await row.getByRole('button').count()).toBe(0);
    });

    test('DO4: what the coordinator refuses is told in the dialog, which stays open', async () => {
      const job = await grid.submit({ name: 'Cancelled by another' });
      await rowOf(page, job.id).getByTestId('hold').click();
      await grid.post(`/jobs/${job.id}/cancel`, { reason: '' });
      await page.getByTestId('confirm').click();
      await until(() => page.getByRole('dialog').getByRole('alert').textContent()).toContain('The job was cancelled');
      await page.getByTestId('dismiss').click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    });

    test('DO5: a job that waits for a second device has the switch beside it, with what it gives up', async () => {
      await go(page, '#/');
      const job = await grid.submit({ name: 'Alone', source: { kind: 'range', start: 0, stop: 5 }, priority: 9 });
      const device = await grid.device('Chrome 152 on Linux');
      device.work((input) => input * input);
      const row = rowOf(page, job.id);
      await row.getByTestId('relax').waitFor();
      expect(await row.textContent()).toMatch(/stuck.*5 units wait for another, independent device/);
      expect(await textOf(page, 'health')).toContain('needs a look');
      await row.getByTestId('relax').click();
      await until(() => textOf(page, 'warning')).toContain('a device that is broken or lies will be believed');
      expect(
        await page
          .locator('[data-kin]')
          .evaluateAll((boxes) =>
            boxes.filter((box) => !(box as HTMLInputElement).checked).map((box) => (box as HTMLElement).dataset.kin),
          ),
      ).toEqual(['device']);
      await page.getByTestId('confirm').click();
      await until(async () => (await grid.job(job.id)).state).toBe('completed');
      expect((await grid.job(job.id)).independence).toEqual({ device: false, volunteer: true, prefix: true });
      device.leave();
    });

    test('DO6: independence is set back from the view of the job; without a change there is nothing to confirm', async () => {
      const job = await grid.submit({ name: 'Strict again', independence: { device: false } });
      await go(page, `#/jobs/${job.id}`);
      await page.getByTestId('independence').click();
      expect(await page.getByTestId('confirm').isDisabled()).toBe(true);
      await page.locator('[data-kin=device]').check();
      await page.getByTestId('confirm').click();
      await until(async () => (await grid.job(job.id)).independence.device).toBe(true);
    });

    test('DO7: jobs are filtered by state', async () => {
      await go(page, '#/jobs');
      await page.getByRole('button', { name: /^cancelled/ }).click();
      await until(() =>
        page.getByTestId('job-row').evaluateAll((rows) => rows.map((row) => row.dataset.state)),
      ).toEqual(['cancelled', 'cancelled']);
      await page.getByRole('button', { name: /^held/ }).click();
      await until(() => page.locator('.empty-title').textContent()).toBe('No job is held');
    });

    test('DO8: an address of a job that is none is told, and an unknown one leads home', async () => {
      await go(page, '#/jobs/job_01890000-0000-7000-8000-0123456789ab');
      await until(() => page.getByRole('alert').first().textContent()).toContain('There is no such job');
      await go(page, '#/nothing');
      await page.getByRole('link', { name: 'overview', exact: true }).click();
      await page.getByTestId('health').waitFor();
    });
  });

  describe('more jobs than the events tell of', () => {
    test('DV4: the overview judges by all that have not ended, and older rows of the list are read again', async () => {
      const grid = await startGrid();
      const seen = await visit(browser(), grid.url);
      const { page } = seen;
      const old = await grid.submit({ name: 'Long ago' });
      await grid.post(`/jobs/${old.id}/hold`, { reason: 'a question' });
      const { batch } = await grid.batch(
        'Many',
        Array.from({ length: 210 }, (_, n) => ({ name: `New ${n}` })),
      );
      await grid.post(`/batches/${batch.id}/cancel`, { reason: '' });
      await signIn(page);
      await until(() => page.getByTestId('stuck').textContent()).toContain('Long ago');
      await go(page, '#/jobs');
      const row = rowOf(page, old.id);
      expect(await row.count()).toBe(0);
      await page.getByRole('button', { name: 'Show older jobs' }).click();
      await until(() => row.getAttribute('data-state')).toBe('held');
      await grid.post(`/jobs/${old.id}/cancel`, { reason: 'no answer' });
      await until(() => row.getAttribute('data-state')).toBe('cancelled');
      expect(seen.faults).toEqual([]);
      await seen.close();
      await grid.stop();
    });
  });
};
