import { test } from 'vitest';
import { launch } from './harness/chromium.ts';
import { buildPage } from './harness/build.ts';
import { startGrid } from './harness/grid.ts';
import { SQUARE } from './harness/programs.ts';

test('x', async () => {
  await buildPage();
  const grid = await startGrid();
  const job = await grid.submit(SQUARE, { source: { kind: 'range', start: 0, stop: 6 }, params: { steps: 10, ms: 20 } });
  const browser = await launch();
  const page = await browser.newPage();
  page.on('console', (m) => console.log('CONSOLE', m.text()));
  page.on('pageerror', (m) => console.log('ERR', m));
  page.on('websocket', (m) => console.log('WS', m.url()));
  await page.goto(grid.url);
  await page.screenshot({ path: '/tmp/v1.png', fullPage: true });
  await page.getByTestId('start').click();
  await page.waitForTimeout(4000);
  await page.screenshot({ path: '/tmp/v2.png', fullPage: true });
  console.log(await page.getByTestId('connection').textContent());
  await page.waitForTimeout(6000);
  console.log(await page.getByTestId('connection').textContent(), await page.getByTestId('units-valid').textContent());
  await page.screenshot({ path: '/tmp/v3.png', fullPage: true });
  console.log(JSON.stringify((await grid.job(job.id)).units), JSON.stringify(await grid.results(job.id)).slice(0, 300));
  await browser.close();
  await grid.stop();
}, 120000);
