import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from './suite/browser/wire.ts';
import { launch, openTab } from './suite/harness/browser.ts';
import type { Grid } from './suite/harness/grid.ts';
import { startGrid } from './suite/harness/grid.ts';
import type { Tab } from './suite/harness/tab.ts';

// A worker whose boot was taken over says what it likes: the engine must end it and go on.
let grid: Grid;
let browser: Browser;
let tab: Tab;
beforeAll(async () => {
  grid = await startGrid({}, { boot: 'boot-taken-over.ts' });
  browser = await launch();
  tab = await openTab(browser, grid.page);
});
afterAll(async () => {
  await browser?.close();
  await grid?.close();
});

const attack = async (program: string): Promise<Report> => {
  const { frame } = await tab.open(grid.cage(1));
  const report = await tab.run(frame, { program, inputs: 3, deadlineMs: 30_000 });
  expect(report.disorder).toEqual([]);
  expect(await tab.call('engine.running', frame)).toBe(0);
  for (const where of ['pollution', 'engine.pollution']) expect(await tab.call(where)).not.toContain('polluted');
  await tab.call('engine.close', frame);
  await tab.call('remove', frame);
  return report;
};

test('CG9: a worker that floods with 50,000 messages is ended', async () => {
  const report = await attack('flood');
  expect(report.end).toEqual({ kind: 'flooded', position: 0 });
  expect(report.progress.length).toBeGreaterThanOrEqual(20);
  expect(report.progress.length).toBeLessThan(5000);
});

for (const name of ['objects', 'pollute', 'unready', 'giant', 'empty', 'garbage']) {
  test(`CG10: a message that fits no schema ends its sender: ${name}`, async () => {
    const report = await attack(name);
    expect(report.end).toEqual({ kind: 'flooded', position: 0 });
    expect(report.outcomes).toEqual([null, null, null]);
  });
}

test('CG11: results beyond the batch are dropped with their worker', async () => {
  const report = await attack('surplus');
  expect([report.end, report.results]).toEqual([{ kind: 'done' }, 3]);
  const later = await attack('surplusLater');
  expect([later.end, later.results]).toEqual([{ kind: 'done' }, 3]);
});

test('CG12: a worker that dies of itself ends its lease as crashed', async () => {
  const { end } = await attack('dies');
  expect(end).toMatchObject({ kind: 'crashed', position: 0, message: expect.stringContaining('it dies') });
});
