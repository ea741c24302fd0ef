import { range } from '@gossamer/sdk/node';
import { SQUARE } from '../support/programs.ts';
import { expect, test } from '../support/test.ts';
import { gather } from '../support/wait.ts';

test('E1: nothing connects or computes before consent; then units are computed, verified and credited', async ({
  coordinator,
  openTab,
  lend,
}) => {
  const job = await coordinator.grid.map(range(1, 9), SQUARE, { name: 'Squares', quorum: 2, params: { work: 5 } });
  const tab = await openTab();
  await tab.visit(coordinator);
  await expect(tab.page.getByText('Squares', { exact: true })).toBeVisible();
  await expect(tab.page.getByTestId('start')).toBeVisible();
  // A second tab computes the whole of its share meanwhile: time enough for the first one to do what it must not.
  const other = await lend();
  await other.shows('units-waiting', 8);
  expect(tab.sockets).toEqual([]);
  expect(tab.requests.filter((path) => path.includes('engine') || path.includes('blobs'))).toEqual([]);
  expect((await coordinator.view()).sessions).toBe(1);
  expect((await job.view()).units.validated).toBe(0);

  await tab.lend();
  expect((await job.done()).units).toMatchObject({ total: 8, validated: 8, failed: 0 });
  const outputs = await gather(job.results({ ordered: true }));
  expect(outputs.map(({ input, output }) => [input, output])).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8].map((n) => [n, { square: n * n, spun: true }]),
  );
  for (const shown of [tab, other]) {
    await shown.shows('units-valid', 8);
    await shown.shows('credit', 8);
    await shown.shows('units-waiting', 0);
    await shown.shows('units-invalid', 0);
    await shown.says('connection', 'no work right now');
  }
  expect((await job.view()).attempts).toMatchObject({ valid: 16, invalid: 0, errored: 0 });
  expect(tab.sockets).toHaveLength(1);
});
