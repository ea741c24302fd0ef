import { test } from 'vitest';
import { launch, openTab } from './suite/harness/browser.ts';
import { startGrid } from './suite/harness/grid.ts';
test('try', async () => {
  const grid = await startGrid({});
  const browser = await launch();
  try {
    const tab = await openTab(browser, grid.page);
    const { frame, ms } = await tab.open(grid.cage(1));
    console.log('ready', ms);
    console.log(JSON.stringify(await tab.run(frame, { program: 'export const run = (x, ctx) => { ctx.log("hi"); ctx.progress(0.5); return x + 1; }', inputs: 3 }), null, 1));
    for (let i = 0; i < 4; i++) {
    const r = await tab.run(frame, { program: 'export const run = (x, ctx) => x + 1', inputs: 4096, countOnly: true });
    console.log(r.results, r.ms, r.end, r.disorder);
    const one = await tab.run(frame, { program: 'export const run = (x, ctx) => x + 1', inputs: 1, countOnly: true });
    console.log('spawn', one.ms - 20);
    }
  } finally {
    await browser.close();
    await grid.close();
  }
});
