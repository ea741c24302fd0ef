import { PROTOCOL_VERSION } from '@gossamer/protocol';
import { range } from '@gossamer/sdk/node';
import { violations } from '../../scripts/lib/axe.mjs';
import { DRAWS, SQUARE } from '../support/programs.ts';
import { expect, test } from '../support/test.ts';
import { until } from '../support/wait.ts';

test('E18: the page passes axe before consent, while it computes, and when it is paused, in either colour scheme', async ({
  coordinator,
  openTab,
}) => {
  await coordinator.grid.map(range(0, 50), DRAWS, { name: 'Squares', quorum: 1, params: { work: 400 } });
  const tab = await openTab();
  await tab.visit(coordinator);
  await expect(tab.page.getByTestId('start')).toBeVisible();
  // Without motion: in the middle of a transition from scheme to scheme, colours are those of neither.
  for (const colorScheme of ['light', 'dark'] as const) {
    await tab.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await violations(tab.page), `consent, ${colorScheme}`).toEqual([]);
  }
  await tab.lend();
  await tab.slot({ runs: 'Squares' });
  for (const colorScheme of ['light', 'dark'] as const) {
    await tab.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await violations(tab.page), `computing, ${colorScheme}`).toEqual([]);
  }
  await tab.page.getByTestId('pause').click();
  await tab.says('connection', 'paused');
  expect(await violations(tab.page), 'paused').toEqual([]);
});

test('E18: by the keyboard alone a volunteer starts, pauses, and resumes', async ({ coordinator, openTab }) => {
  const job = await coordinator.grid.map(range(0, 3), SQUARE, { quorum: 1, params: { work: 300 } });
  const tab = await openTab();
  await tab.visit(coordinator);
  const press = async (id: string): Promise<void> => {
    await expect(tab.page.getByTestId(id)).toBeVisible();
    const focused = () => tab.page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
    for (let stop = 0; stop < 20 && (await focused()) !== id; stop++) await tab.page.keyboard.press('Tab');
    expect(await focused()).toBe(id);
    await tab.page.keyboard.press('Enter');
  };
  await press('start');
  await tab.connected();
  await press('pause');
  await tab.says('connection', 'paused');
  // Paused work is given back: nothing of the job runs.
  await until(
    'it is given back',
    () => job.view(),
    ({ attempts }) => attempts.leased === 0,
  );
  await press('resume');
  expect((await job.done()).units.validated).toBe(3);
});

test('E19: what a program draws is seen on the page, and its unit is named', async ({ coordinator, lend }) => {
  await coordinator.grid.map(range(0, 20), DRAWS, { name: 'Halves', quorum: 1, params: { work: 600 } });
  const tab = await lend();
  const canvas = tab.page.getByTestId('picture');
  await expect(canvas).toHaveAttribute('aria-label', /^Picture of unit \d+ of Halves$/, { timeout: 60_000 });
  const colours = await canvas.evaluate((element: HTMLCanvasElement) => {
    const context = element.getContext('2d')!;
    const at = (x: number) => [...context.getImageData(x, element.height / 2, 1, 1).data];
    return { size: [element.width, element.height], left: at(0), right: at(element.width - 1) };
  });
  expect(colours).toEqual({ size: [64, 32], left: [200, 40, 20, 255], right: [10, 90, 220, 255] });
  await expect(canvas).toBeVisible();
});

test('E10: a page that learns of another version from the coordinator reloads once, not in a loop', async ({
  coordinator,
  openTab,
}) => {
  const tab = await openTab();
  await tab.page.route('**/v1/grid', async (route) => {
    const response = await route.fetch();
    const view = (await response.json()) as object;
    await route.fulfill({ response, json: { ...view, protocol: PROTOCOL_VERSION + 1 } });
  });
  await tab.visit(coordinator);
  await until(
    'it reloads',
    () => tab.loads,
    (loads) => loads === 2,
  );
  await expect(tab.page.getByTestId('start')).toBeVisible();
  const asked = () => tab.requests.filter((path) => path === '/v1/grid').length;
  await until('it asks again after the reload', asked, (count) => count === 2);
  await tab.page.waitForLoadState('networkidle');
  expect(tab.loads).toBe(2);
});

test('E10: an engine that the coordinator refuses for its version is told so; its page reloads once, then says it', async ({
  coordinator,
  openTab,
}) => {
  const job = await coordinator.grid.map(range(0, 2), SQUARE, { quorum: 1, params: { work: 1 } });
  const tab = await openTab();
  // To Chromium a rewritten script comes from nowhere, and may not reach this machine unless that is allowed.
  await tab.context.grantPermissions(['local-network-access']);
  let rewritten = 0;
  await tab.context.route('**/assets/engine-*.js', async (route) => {
    const response = await route.fetch();
    const text = await response.text();
    const other = text.replaceAll(new RegExp(`\\bprotocol:\\s*${PROTOCOL_VERSION}\\b`, 'g'), 'protocol:999');
    if (other !== text) rewritten++;
    await route.fulfill({ response, body: other });
  });
  await tab.visit(coordinator);
  await tab.page.getByTestId('start').click();
  await until(
    'it reloads',
    () => tab.loads,
    (loads) => loads === 2,
  );
  await tab.says('connection', 'another version');
  await expect(tab.page.getByRole('button', { name: 'Reload' })).toBeVisible();
  expect(rewritten).toBe(2);
  expect(tab.loads).toBe(2);
  expect((await coordinator.view()).sessions).toBe(0);
  expect(await coordinator.devices()).toEqual([]);

  // The right engine is served at last: one reload more and the tab is at work, without being asked anew.
  await tab.context.unroute('**/assets/engine-*.js');
  await tab.page.getByRole('button', { name: 'Reload' }).click();
  await tab.connected();
  expect((await job.done()).units.validated).toBe(2);
});
