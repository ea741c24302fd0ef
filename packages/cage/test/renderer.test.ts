import type { Browser, CDPSession } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from './suite/browser/wire.ts';
import type { Tab } from './suite/harness/browser.ts';
import { launch, openTab } from './suite/harness/browser.ts';
import type { Grid } from './suite/harness/grid.ts';
import { startGrid } from './suite/harness/grid.ts';
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

const renderers = async (): Promise<number[]> => {
  const { processInfo } = await root.send('SystemInfo.getProcessInfo');
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
};

/** Opens a cage on a host of its own and finds the process that came with it. */
const openApart = async (host: number): Promise<{ frame: number; process: number | undefined }> => {
  const before = new Set(await renderers());
  const { frame } = await tab.open(grid.cage(host));
  // A spare renderer may have been waiting: what a lease makes busy is the frame's.
  const busy = await tab.call<number>('engine.start', frame, {
    program: 'export const run = () => { for (;;); };',
    inputs: 1,
    deadlineMs: 600_000,
  });
  const cpu = async (): Promise<Map<number, number>> => {
    const { processInfo } = await root.send('SystemInfo.getProcessInfo');
    return new Map(processInfo.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => [id, cpuTime]));
  };
  await new Promise((resolve) => setTimeout(resolve, 500));
  const first = await cpu();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const second = await cpu();
  let best: number | undefined;
  let most = 0;
  for (const [id, time] of second) {
    const used = time - (first.get(id) ?? 0);
    if (used > most) [best, most] = [id, used];
  }
  await tab.call('engine.stop', busy);
  await tab.call('engine.wait', busy);
  expect(before.size).toBeGreaterThan(0);
  return { frame, process: best };
};

test('CG25: each cage host has a renderer of its own, apart from the page', async () => {
  const one = await openApart(11);
  const other = await openApart(12);
  expect(one.process).toBeDefined();
  expect(other.process).not.toBe(one.process);
  const { result } = await tab.cdp.send('Runtime.evaluate', { expression: '1 + 1' });
  expect(result.value).toBe(2);
});

test('CG26: a killed renderer is found by its heartbeat, and another host goes on', async () => {
  const { frame, process: id } = await openApart(13);
  const other = await tab.open(grid.cage(14));
  const lost = await tab.call<number>('engine.start', frame, {
    program: 'export const run = () => { for (;;); };',
    inputs: 1,
    deadlineMs: 600_000,
  });
  await new Promise((resolve) => setTimeout(resolve, 1000));
  process.kill(id!, 'SIGKILL');
  const begun = performance.now();
  const report = await tab.call<Report>('engine.wait', lost);
  expect(report.end).toEqual({ kind: 'dead' });
  // 4 s of silence and a tick; the rest is for a slow machine.
  expect(performance.now() - begun).toBeLessThan(12_000);
  expect(await tab.call('engine.dead')).toContain(frame);
  expect((await tab.run(frame, { program: HONEST, inputs: 1 })).end).toEqual({ kind: 'dead' });
  expect((await tab.run(other.frame, { program: HONEST, inputs: 1 })).end).toEqual({ kind: 'done' });
  const again = await tab.open(grid.cage(13));
  expect((await tab.run(again.frame, { program: HONEST, inputs: 1 })).end).toEqual({ kind: 'done' });
});
