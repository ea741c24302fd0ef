import type { BatchView, JobView, KeyView, Page } from '@gossamer/protocol';
import type { Browser } from 'playwright-core';
import { expect, test } from 'vitest';
import { inspect } from '../harness/axe.ts';
import { startGrid } from '../harness/grid.ts';
import { go, signIn, textOf, until, visit } from '../harness/stage.ts';

const LONG =
  'Narrow-band drift search in the band of neutral hydrogen around 1420.40575177 MHz, all nights of the spring';
const ONCE = { policy: { kind: 'quorum', quorum: 1 } } as const;

export const batchCases = (browser: () => Browser): void => {
  test('DM1: batches are listed with their jobs by state, newest first; an empty list says how to make one', async () => {
    const grid = await startGrid();
    const { page, faults, close } = await visit(browser(), grid.url, { bypassCSP: true });
    await signIn(page);
    await page.getByRole('link', { name: 'Batches', exact: true }).click();
    await until(() => page.locator('main').textContent()).toContain('gossamer batches create nights.ndjson');
    await inspect(page, 'batches-empty');
    const first = await grid.batch('Nights of March', [{}, {}]);
    const second = await grid.batch(LONG, [{}, {}, {}]);
    await grid.post(`/batches/${second.batch.id}/hold`, { reason: 'the telescope is down' });
    const rows = page.getByTestId('batch-row');
    await until(() => rows.evaluateAll((all) => all.map((row) => (row as HTMLElement).dataset['batch']))).toEqual([
      second.batch.id,
      first.batch.id,
    ]);
    await until(() => rows.first().textContent()).toContain('3 jobs: 3 held');
    expect(await rows.nth(1).textContent()).toContain('2 jobs: 2 running');
    await inspect(page, 'batches');
    expect(faults).toEqual([]);
    await close();
    await grid.stop();
  }, 240_000);

  test('DM2: one batch tells the states of its jobs, filtered by the address, and each leads to its job and back', async () => {
    const grid = await startGrid();
    const { page, close } = await visit(browser(), grid.url, { bypassCSP: true });
    const { batch, jobs } = await grid.batch(LONG, [
      ONCE,
      { ...ONCE, limits: { maxErrors: 1 } },
      { ...ONCE, priority: -10 },
      { ...ONCE, priority: -10 },
    ]);
    const [done, failing, held, cancelled] = jobs as unknown as [string, string, string, string];
    await grid.post(`/jobs/${held}/hold`, { reason: 'row 14 of the catalogue has a mistake' });
    await grid.post(`/jobs/${cancelled}/cancel`, { reason: 'cloudy' });
    await signIn(page);
    await go(page, `#/batches/${batch.id}`);
    const row = (id: string) => page.locator(`[data-testid="batch-job"][data-job="${id}"]`);
    await until(() => row(held).textContent()).toContain('Held: row 14');
    const device = await grid.device('Chrome 152 on Linux');
    device.work(async (input, unit) => {
      if (unit !== 3) return input;
      // The unit of one job fails.
      const { units } = await grid.job(failing);
      return units.failed === 0 ? 'RangeError: no such night' : input;
    });
    await until(() => row(done).getAttribute('data-state')).toBe('completed');
    await until(() => row(failing).getAttribute('data-state')).toBe('completed');
    const { units } = await grid.read<BatchView>(`/batches/${batch.id}`);
    expect(units).toMatchObject({ failed: 1, validated: 15 });
    await until(() => row(failing).textContent()).toContain('8 1 failed');
    expect(await row(done).textContent()).not.toContain('failed');
    await until(() => textOf(page, 'batch-words')).toContain('4 jobs: 1 held, 2 completed and 1 cancelled');
    await inspect(page, 'batch');
    await page.getByRole('navigation', { name: 'Jobs to show' }).getByRole('link', { name: 'cancelled 1' }).click();
    await until(() => page.getByTestId('batch-job').count()).toBe(1);
    expect(await row(cancelled).textContent()).toContain('Cancelled: cloudy');
    expect(new URL(page.url()).hash).toBe(`#/batches/${batch.id}?state=cancelled`);
    await page.getByRole('navigation', { name: 'Jobs to show' }).getByRole('link', { name: 'running 0' }).click();
    await until(() => page.locator('main').textContent()).toContain('No job of it is running');
    await inspect(page, 'batch-none');
    await page.getByRole('link', { name: 'Show all of its jobs' }).click();
    await row(done).getByRole('link').click();
    await page.getByTestId('of-batch').click();
    await page.getByTestId('batch').waitFor();
    await go(page, '#/batches/batch_017f22e2-79b0-7cc3-98c4-dc0c0c073990');
    await until(() => page.getByRole('alert').textContent()).toContain('batch');
    await inspect(page, 'batch-unknown');
    await close();
    await grid.stop();
  }, 300_000);

  test('DM3: holding and cancelling a batch say how many jobs they would touch, and are done only when confirmed', async () => {
    const grid = await startGrid();
    const { page, close } = await visit(browser(), grid.url, { bypassCSP: true });
    const { batch, jobs } = await grid.batch('Nights of March', [{}, {}, {}]);
    await grid.post(`/jobs/${jobs[0]}/cancel`, { reason: 'cloudy' });
    const view = () => grid.read<BatchView>(`/batches/${batch.id}`);
    await signIn(page);
    await go(page, `#/batches/${batch.id}`);
    await until(() => textOf(page, 'batch-words')).toContain('2 running');
    await page.getByTestId('cancel-batch').click();
    await until(() => textOf(page, 'touches')).toContain(
      '2 jobs of 3 would be cancelled, and 16 units given up for good',
    );
    await inspect(page, 'cancel-batch');
    await page.getByTestId('dismiss').click();
    expect((await view()).jobs).toMatchObject({ running: 2, cancelled: 1 });
    await page.getByTestId('hold-batch').click();
    await until(() => textOf(page, 'touches')).toContain('2 jobs of 3 would be held');
    await page.getByTestId('reason').fill('the telescope is down');
    await page.getByTestId('confirm').click();
    await until(() => textOf(page, 'notice')).toContain('2 jobs of “Nights of March” are held.');
    expect(await grid.job(jobs[1]!)).toMatchObject({ state: 'held', reason: 'the telescope is down' });
    await page.getByTestId('release-batch').click();
    await until(async () => (await view()).jobs.running).toBe(2);
    await page.getByTestId('cancel-batch').click();
    await page.getByTestId('confirm').click();
    await until(async () => (await view()).jobs.cancelled).toBe(3);
    await until(() => page.getByTestId('cancel-batch').count()).toBe(0);
    await close();
    await grid.stop();
  }, 240_000);

  test('DK4: the list of keys says what each has of what it may have, and where a quota is full', async () => {
    const grid = await startGrid();
    const { page, close } = await visit(browser(), grid.url, { bypassCSP: true });
    const { items } = await grid.read<Page<KeyView>>('/keys');
    const submitter = items.find(({ role }) => role === 'submitter')!;
    const quota = { openJobs: 1, units: 123_456_789, blobBytes: 73_400_320 };
    await grid.patch(`/keys/${submitter.id}`, { quota });
    await signIn(page);
    await go(page, '#/keys');
    const quotas = (name: string) => page.locator(`[data-key="${submitter.id}"] [data-quota="${name}"]`);
    await until(() => quotas('jobs').textContent()).toContain('0 of 1');
    await grid.submit();
    await until(() => quotas('jobs').textContent()).toBe('jobs: 1 of 1 full');
    expect(await quotas('units').textContent()).toBe('units: 8 of 123,456,789');
    expect(await quotas('blobs').textContent()).toMatch(/^blobs: \d+ bytes of 70\.0 MiB$/);
    await inspect(page, 'keys-quotas');
    await close();
    await grid.stop();
  }, 240_000);

  test('DO9 and DO10: a job says how long it is kept and when that ends, and what shared data its program reads', async () => {
    const grid = await startGrid();
    const { page, close } = await visit(browser(), grid.url, { bypassCSP: true });
    const catalog = await grid.upload(new Uint8Array(1536));
    const job: JobView = await grid.submit({
      retention: 30,
      data: { catalog, the_beam_of_the_telescope_at_1420_MHz: catalog },
    });
    await signIn(page);
    await go(page, `#/jobs/${job.id}`);
    await until(() => textOf(page, 'kept')).toContain('For 30 days after its end');
    const row = page.locator('[data-testid="data-row"][data-name="catalog"]');
    await until(() => row.textContent()).toContain('1.5 KiB');
    expect(await row.textContent()).toContain(catalog);
    expect(await textOf(page, 'shared-data')).toContain('3.0 KiB together');
    await inspect(page, 'job-data');
    await grid.post(`/jobs/${job.id}/cancel`, {});
    await until(() => textOf(page, 'kept')).toMatch(/^Until \d{4}-.*, in 30 days: then it is deleted/);
    await close();
    await grid.stop();
  }, 240_000);
};
