import type { Browser, CDPSession } from '@playwright/test';
import { range } from '@gossamer/sdk/node';
import { LOOPS, SQUARE } from '../support/programs.ts';
import { expect, test } from '../support/test.ts';
import { until } from '../support/wait.ts';

/** CPU time of each renderer so far, s. */
const cpuTimes = async (root: CDPSession): Promise<Map<number, number>> => {
  const { processInfo } = await root.send('SystemInfo.getProcessInfo');
  return new Map(processInfo.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => [id, cpuTime]));
};

/** The one renderer that computes, once one stands out: no protocol tells which process a frame is in. */
const busyRenderer = async (browser: Browser): Promise<number> => {
  const root = await browser.newBrowserCDPSession();
  const found = await until(
    'one renderer computes',
    async () => {
      const before = await cpuTimes(root);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      const used = [...(await cpuTimes(root))].map(([id, time]) => ({ id, time: time - (before.get(id) ?? 0) }));
      const [first, second] = used.toSorted((a, b) => b.time - a.time);
      return first !== undefined && first.time > 0.3 && first.time > 4 * (second?.time ?? 0) ? first.id : null;
    },
    (id) => id !== null,
  );
  await root.detach();
  return found!;
};

test(
  'E26: when the browser kills a renderer its unit is computed elsewhere, and another job in the page goes on',
  { tag: '@long' },
  async ({ coordinator, openTab, lend, browser }, info) => {
    const limits = { deadlineMs: 900_000 };
    const lost = await coordinator.grid.map(range(0, 1), LOOPS, { name: 'Lost', quorum: 1, limits });
    const tab = await openTab();
    await tab.visit(coordinator, 2);
    await tab.lend();
    await tab.slot({ runs: 'Lost' });
    const victim = await busyRenderer(browser);
    const [first] = (await lost.unit(0)).attempts;

    const work = { work: 12_000 };
    const beside = await coordinator.grid.map(range(4, 5), SQUARE, { name: 'Beside', quorum: 1, limits, params: work });
    await until(
      'both run in one page',
      () => beside.view(),
      ({ attempts }) => attempts.leased === 1,
    );
    await lend();
    const killedAt = Date.now();
    process.kill(victim, 'SIGKILL');
    await until(
      'the lost unit was given back',
      () => lost.view(),
      ({ attempts }) => attempts.abandoned === 1,
    );
    info.annotations.push({ type: 'noticed after', description: `${Date.now() - killedAt} ms` });
    // Playwright takes the whole page for crashed when one of its renderers is: from here on the coordinator tells.
    await until(
      'the unit runs again',
      () => lost.unit(0),
      ({ attempts }) => attempts.some(({ id, state }) => id !== first!.id && state === 'leased'),
    );
    await lost.cancel('its way back was seen');

    expect((await beside.done()).units.validated).toBe(1);
    expect((await beside.unit(0)).attempts).toHaveLength(1);
    const after = await coordinator.grid.map(range(5, 8), SQUARE, { quorum: 1, params: { work: 1 } });
    expect((await after.done()).units.validated).toBe(3);
  },
);
