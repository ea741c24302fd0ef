import { range } from '@gossamer/sdk/node';
import type { Browser } from '@playwright/test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SQUARE } from '../support/programs.ts';
import { expect, test } from '../support/test.ts';
import { gather, until } from '../support/wait.ts';

/** Millions of steps: a second or more, so that a test has time to interfere. */
const LONG = 1200;
/** So many that a tab that is closed at once has not come to the end, however long the closing takes. */
const LONGER = 6000;
/** On a machine with much else to do, that second may take a minute. */
const limits = { deadlineMs: 600_000 };

test.describe('with a short grace', () => {
  test.use({ settings: { GOSSAMER_SESSION_GRACE_MS: '500' } });

  test('E3: a tab closed in the middle of a unit: the unit goes to another tab and the job completes', async ({
    coordinator,
    lend,
  }) => {
    const job = await coordinator.grid.map(range(3, 4), SQUARE, {
      name: 'Long',
      quorum: 1,
      params: { work: LONGER },
      limits,
    });
    const gone = await lend();
    await gone.slot({ runs: 'Long' });
    expect((await job.unit(0)).attempts).toMatchObject([{ device: gone.device, state: 'leased' }]);
    await gone.close();
    const heir = await lend();
    expect((await job.done()).units).toMatchObject({ validated: 1, failed: 0 });
    expect((await gather(job.results({ ordered: true }))).map(({ output }) => output)).toEqual([
      { square: 9, spun: true },
    ]);
    expect((await job.view()).attempts).toMatchObject({ valid: 1, abandoned: 1, expired: 0, errored: 0 });
    expect((await job.unit(0)).attempts.filter(({ state }) => state === 'valid')).toMatchObject([
      { device: heir.device },
    ]);
  });
});

test('E48: who leaves by the page gives back what runs, at once', async ({ coordinator, lend }) => {
  const job = await coordinator.grid.map(range(3, 4), SQUARE, {
    name: 'Long',
    quorum: 1,
    params: { work: LONGER },
    limits,
  });
  const tab = await lend();
  await tab.slot({ runs: 'Long' });
  await tab.page.getByText('Leave this grid').click();
  await tab.page.getByTestId('leave').click();
  await tab.page.getByText('Unfinished work was given back.').waitFor();
  expect((await job.unit(0)).attempts).toEqual([]);
  expect((await job.view()).attempts).toMatchObject({ abandoned: 1, expired: 0 });
  await job.cancel('nobody is left');
});

test('E8: of two tabs of one browser one computes; the other says so, and takes over when the first closes', async ({
  coordinator,
  openTab,
  lend,
}) => {
  const job = await coordinator.grid.map(range(0, 8), SQUARE, { name: 'Shared', quorum: 1, params: { work: 150 } });
  const first = await lend();
  const second = await openTab(first.context);
  await second.visit(coordinator);
  await second.says('connection', 'computing in another tab');
  await second.says('elsewhere', /One tab of a browser computes at a time/);
  await first.slot({ runs: 'Shared' });
  expect(second.sockets).toEqual([]);
  expect((await coordinator.view()).sessions).toBe(1);

  await until(
    'some are done',
    () => job.view(),
    ({ units }) => units.validated > 0,
  );
  await first.page.close();
  await second.connected();
  expect((await job.done()).units).toMatchObject({ validated: 8, failed: 0 });
  const next = await coordinator.grid.map(range(0, 2), SQUARE, { quorum: 1, params: { work: 1 } });
  await next.done();
  expect(second.sockets).toHaveLength(1);
  expect((await coordinator.devices()).map(({ id, valid }) => ({ id, valid }))).toEqual([
    { id: first.device, valid: 10 },
  ]);
});

test('E9: a reload goes on without new consent, as the same device, with the work that it had', async ({
  coordinator,
  lend,
}) => {
  const job = await coordinator.grid.map(range(0, 2), SQUARE, {
    name: 'Again',
    quorum: 1,
    params: { work: LONG / 2 },
    limits,
  });
  const tab = await lend();
  await tab.slot({ runs: 'Again' });
  await tab.page.reload();
  await tab.connected();
  expect((await job.done()).units).toMatchObject({ validated: 2, failed: 0 });
  expect((await coordinator.devices()).map(({ id, credit }) => ({ id, credit }))).toEqual([
    { id: tab.device, credit: 2 },
  ]);
  await tab.shows('credit', 2);
  // The lease was taken up again, neither lost nor given to somebody else.
  expect((await job.view()).attempts).toMatchObject({ valid: 2, abandoned: 0, expired: 0 });
});

/** Stops all that the browser's pages run in, as a machine that sleeps does, and lets it go on after `ms`. */
const standStill = async (browser: Browser, ms: number): Promise<void> => {
  const root = await browser.newBrowserCDPSession();
  const { processInfo } = await root.send('SystemInfo.getProcessInfo');
  await root.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  for (const id of renderers) process.kill(id, 'SIGSTOP');
  try {
    await sleep(ms);
  } finally {
    for (const id of renderers) process.kill(id, 'SIGCONT');
  }
};

test('E44: a tab that stands still for longer than its unit may run goes on with it afterwards', async ({
  coordinator,
  lend,
  browser,
}) => {
  const deadlineMs = 10_000;
  const job = await coordinator.grid.map(range(3, 4), SQUARE, {
    name: 'Asleep',
    quorum: 1,
    params: { work: LONG },
    limits: { deadlineMs },
  });
  const tab = await lend();
  await tab.slot({ runs: 'Asleep' });
  await tab.page.evaluate(() => {
    const ticks = { longest: 0, last: performance.now() };
    Object.assign(globalThis, { ticks });
    setInterval(() => {
      const now = performance.now();
      ticks.longest = Math.max(ticks.longest, now - ticks.last);
      ticks.last = now;
    }, 100);
  });
  expect((await job.view()).attempts).toMatchObject({ leased: 1, valid: 0 });
  await standStill(browser, deadlineMs + 3000);
  // Otherwise the test would prove nothing: under a driver pages run on where a browser would freeze them.
  await until(
    'the page has seen that it stood still',
    () => tab.page.evaluate(() => (globalThis as unknown as { ticks: { longest: number } }).ticks.longest),
    (longest) => longest > deadlineMs,
  );
  expect((await job.done()).units).toMatchObject({ validated: 1, failed: 0 });
  expect((await job.unit(0)).attempts).toMatchObject([{ device: tab.device, state: 'valid' }]);
  // It was silent for so long that its lease may have ended: then its late result was welcome.
  expect((await job.view()).attempts).toMatchObject({ valid: 1, errored: 0, abandoned: 0 });
});
