import { test } from 'vitest';
import { launch } from './harness/chromium.ts';
import { startGrid } from './harness/grid.ts';
import { SQUARE } from './harness/programs.ts';
test('x', async () => {
  const grid = await startGrid({});
  await grid.submit(SQUARE, { source: { kind: 'range', start: 0, stop: 20 }, params: { steps: 20, ms: 10 } });
  const browser = await launch();
  const page = await browser.newPage();
  page.on('request', (r) => console.log('REQ', Date.now() % 100000, r.url()));
  page.on('websocket', (w) => { console.log('WS', Date.now() % 100000); w.on('close', () => console.log('WSCLOSE', Date.now() % 100000)); });
  await page.goto(grid.url);
  await page.getByTestId('start').click();
  await page.waitForTimeout(3000);
  console.log('STOP', Date.now() % 100000);
  const stop = grid.stop().then(() => console.log('STOPPED', Date.now() % 100000));
  for (let i = 0; i < 10; i++) { await page.waitForTimeout(2000); console.log(await page.getByTestId('connection').textContent(), (process as any).getActiveResourcesInfo().join(' ')); }
  await browser.close();
  await stop;
}, 120000);
