import { stat } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { startGrid } from '../harness/grid.ts';
import { go, PATIENCE, signIn, until, visit } from '../harness/stage.ts';

const MIB = 1024 * 1024;

export const largeResultCases = (browser: () => Browser): void => {
  test('LB60: the size of a result is told; a large one is offered as a file, and not opened', async () => {
    const grid = await startGrid();
    const seen = await visit(browser(), grid.url);
    try {
      const { page } = seen;
      await signIn(page);
      const policy = { kind: 'quorum', quorum: 1 } as const;
      const limits = { resultBytes: 4 * MIB };
      const job = await grid.submit({ name: 'Large', source: { kind: 'range', start: 0, stop: 2 }, policy, limits });
      const device = await grid.device('Chrome 160 on Linux', 1);
      device.work((_input, unit) => (unit === 0 ? new Uint8Array(2 * MIB) : 7));
      await vi.waitUntil(async () => (await grid.job(job.id)).units.validated === 2, {
        timeout: PATIENCE,
        interval: 200,
      });
      const link = page.getByRole('link', { name: 'Open its result' });
      await go(page, `#/jobs/${job.id}/units/1`);
      await until(() => link.textContent()).toBe('Open its result (1 byte)');
      expect(await link.getAttribute('download')).toBeNull();
      await go(page, `#/jobs/${job.id}/units/0`);
      await until(() => link.textContent()).toBe('Open its result (2,097,152 bytes)');
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      expect(download.suggestedFilename()).toMatch(/^unit-0/);
      expect((await stat(await download.path())).size).toBe(2 * MIB);
      expect(await page.getByTestId('fact-row').first().textContent()).toContain('returned 2097152 bytes');
    } finally {
      await seen.close();
      await grid.stop();
    }
  });
};
