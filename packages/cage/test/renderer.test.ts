import type { Browser, CDPSession } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from './suite/browser/wire.ts';
import { launch, openTab } from './suite/harness/browser.ts';
import type { Grid } from './suite/harness/grid.ts';
import { startGrid } from './suite/harness/grid.ts';
import type { Tab } from './suite/harness/tab.ts';
import { HONEST } from './suite/harness/judge.ts';

let grid: Grid;
let browser: Browser;
let tab: Tab;
let root: CDPSession;
beforeAll(async () => {
  grid = await startGrid({});
  browser = await launch();
  tab = await openTab(browser, grid.page);
  root = await browser.newBrowserCDPSession();
});
afterAll(async () => {
  await browser?.close();
  await grid?.close();
});

const LOOP = { program: 'export const run = () => { for (;;); };', inputs: 1, deadlineMs: 600_000 };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const cpu = async (): Promise<Map<number, number>> => {
  const { processInfo } = await root.send('SystemInfo.getProcessInfo');
  return new Map(processInfo.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => [id, cpuTime]));
};

/** The renderers that compute, once just so many stand out: no protocol tells which process a frame is in. */
const busy = async (count: number): Promise<number[]> => {
  for (let tries = 0; tries < 20; tries++) {
    const first = await cpu();
    await pause(1200);
    const used = [...(await cpu())].map(([id, time]) => ({ id, time: time - (first.get(id) ?? 0) }));
    used.sort((a, b) => b.time - a.time);
    if ((used[count - 1]?.time ?? 0) > 4 * Math.max(used[count]?.time ?? 0, 0.02)) {
      return used.slice(0, count).map(({ id }) => id);
    }
  }
  throw new Error(`never were just ${count} renderers busy`);
};

/** Whether the renderers come to rest. */
const idle = async (): Promise<boolean> => {
  for (let tries = 0; tries < 10; tries++) {
    const first = await cpu();
    await pause(1200);
    const most = Math.max(...[...(await cpu())].map(([id, time]) => time - (first.get(id) ?? 0)));
    if (most < 0.15) return true;
  }
  return false;
};

test('CG25: each cage host has a renderer of its own, apart from the page', async () => {
  const one = await tab.open(grid.cage(11));
  const other = await tab.open(grid.cage(12));
  const runs = [
    await tab.call<number>('engine.start', one.frame, LOOP),
    await tab.call<number>('engine.start', other.frame, LOOP),
  ];
  expect(new Set(await busy(2)).size).toBe(2);
  const { targetInfos } = await root.send('Target.getTargets');
  const apart = targetInfos.filter(({ type, url }) => type === 'iframe' && /p1[12]\.cage/.test(url));
  expect(apart.length).toBe(2);
  for (const run of runs) await tab.call('engine.stop', run);
  // A loop that is only forgotten burns on.
  expect(await idle()).toBe(true);
});

test('CG26: a killed renderer is found by its heartbeat, and another host goes on', async () => {
  const { frame } = await tab.open(grid.cage(13));
  const other = await tab.open(grid.cage(14));
  const lost = await tab.call<number>('engine.start', frame, LOOP);
  const [id] = await busy(1);
  process.kill(id!, 'SIGKILL');
  const begun = performance.now();
  const report = await tab.call<Report>('engine.wait', lost);
  expect(report.end).toEqual({ kind: 'dead' });
  // 4 s of silence and a tick; the rest is for a slow machine.
  expect(performance.now() - begun).toBeLessThan(15_000);
  expect(await tab.call('engine.dead')).toContain(frame);
  expect((await tab.run(frame, { program: HONEST, inputs: 1 })).end).toEqual({ kind: 'dead' });
  expect((await tab.run(other.frame, { program: HONEST, inputs: 1 })).end).toEqual({ kind: 'done' });
  const again = await tab.open(grid.cage(13));
  expect((await tab.run(again.frame, { program: HONEST, inputs: 1 })).end).toEqual({ kind: 'done' });
});
