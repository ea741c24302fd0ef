import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildPage } from '../../../../scripts/lib/page.mjs';
import { inspect } from './harness/axe.ts';
import { launch } from './harness/chromium.ts';
import type { Contrary } from './harness/contrary.ts';
import { startContrary, VIEW } from './harness/contrary.ts';
import type { Visitor } from './harness/tab.ts';
import { says, text, until, visit } from './harness/tab.ts';

/* States that a real coordinator seldom gives, and how each looks, light and dark, wide and narrow. */

const INSECURE_HOST = 'grid.example';

let browser: Browser;
let folder: string;
let server: Contrary;
let visitors: Visitor[] = [];

const arrive = async (url = server.url, bypassCSP = true): Promise<Visitor> => {
  const visitor = await visit(browser, { bypassCSP });
  visitors.push(visitor);
  await visitor.page.goto(url);
  return visitor;
};

beforeAll(async () => {
  folder = await buildPage('apps/volunteer');
  browser = await launch(`--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`);
}, 120_000);

afterAll(() => browser.close());

beforeEach(async () => {
  server = await startContrary(folder);
});

afterEach(async () => {
  for (const { context } of visitors) await context.close();
  visitors = [];
  await server.stop();
});

test('VS1: consent says who runs the grid, what would run and for whom; nothing is connected', async () => {
  const { page, sockets } = await arrive();
  await page.getByText('Drift search, field 12').waitFor();
  await page.getByText('for M. Oduya').waitFor();
  await page.getByText('run by the observatory of Reedham', { exact: true }).waitFor();
  await inspect(page, 'consent');
  expect(sockets).toEqual([]);
});

test('VS15: consent says what shared data a job reads, by name and size, before anything is fetched', async () => {
  const data = [
    { name: 'catalog', size: 73_400_320 },
    { name: 'model_of_the_beam', size: 2048 },
  ];
  server.behaviour.grid = { ...VIEW, jobs: VIEW.jobs.map((job, at) => (at === 0 ? { ...job, data } : job)) };
  const { page } = await arrive();
  const told = page.getByTestId('job-data');
  await told.waitFor();
  expect(await told.count()).toBe(1);
  expect(await told.textContent()).toContain('catalog (70.0 MiB), model_of_the_beam (2.0 KiB); together 70.0 MiB');
  await inspect(page, 'consent-data');
});

test('VS2: a grid without jobs says so, and can be joined all the same', async () => {
  server.behaviour.grid = { ...VIEW, jobs: [], about: '' };
  const { page } = await arrive();
  await page.getByText('No job waits for work at this moment.').waitFor();
  await inspect(page, 'consent-empty');
  await page.getByTestId('start').click();
  await says(page, 'connection', 'no work right now');
});

test('VS3: a coordinator that does not answer is an error in words, and can be asked again', async () => {
  server.behaviour.grid = null;
  const { page } = await arrive();
  await page.getByText('The coordinator does not answer').waitFor();
  await inspect(page, 'failed');
  server.behaviour.grid = VIEW;
  await page.getByText('Ask again').click();
  await page.getByTestId('start').waitFor();
});

test('VS4: all can be done by keyboard', async () => {
  const { page } = await arrive();
  await page.getByTestId('start').waitFor();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('slots');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await says(page, 'connection', 'no work right now');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Pause');
  await page.keyboard.press('Enter');
  await says(page, 'connection', 'paused');
  // The focus stays on the button that has become the other one.
  await page.keyboard.press('Enter');
  await says(page, 'connection', 'no work right now');
});

test('VS5: waiting for work, paused, left', async () => {
  const { page } = await arrive();
  await page.getByTestId('start').click();
  await says(page, 'connection', 'no work right now');
  await inspect(page, 'no-work');
  await page.getByTestId('pause').click();
  await says(page, 'connection', 'paused');
  await inspect(page, 'paused');
  await page.getByText('Leave this grid').click();
  await inspect(page, 'leave');
  await page.getByTestId('leave').click();
  await page.getByText('Thank you.').waitFor();
  await inspect(page, 'left');
});

test('VS6: a second tab', async () => {
  const { page, context } = await arrive();
  await page.getByTestId('start').click();
  await says(page, 'connection', 'no work right now');
  const second = await context.newPage();
  await second.goto(server.url);
  await says(second, 'connection', 'computing in another tab');
  await inspect(second, 'elsewhere');
  expect(server.hellos).toBe(1);
});

test('VS7: what one tab remembers the others follow', async () => {
  const { page, context } = await arrive();
  await page.getByTestId('start').click();
  await says(page, 'connection', 'no work right now');
  const second = await context.newPage();
  await second.goto(server.url);
  await says(second, 'connection', 'computing in another tab');
  await page.getByTestId('pause').click();
  await page.close();
  await says(second, 'connection', 'paused');
});

test('VS8: goodbye and a lost connection', async () => {
  const { page } = await arrive();
  await page.getByTestId('start').click();
  await says(page, 'connection', 'no work right now');
  server.sayLeaving();
  await says(page, 'connection', 'coordinator is restarting');
  await server.stop();
  await says(page, 'connection', 'reconnecting…');
  await inspect(page, 'disconnected');
});

test('VS9: on an insecure origin nothing can be started, and the page says why and how to get https', async () => {
  const { page, sockets } = await arrive(`http://${INSECURE_HOST}:${server.port}`);
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  expect(await text(page, 'insecure')).toContain('plain http');
  expect(await page.getByRole('link', { name: VIEW.publicUrl }).getAttribute('href')).toBe(VIEW.publicUrl);
  expect(await page.getByTestId('start').count()).toBe(0);
  await page.getByText('For the operator').click();
  await page.getByText('GOSSAMER_PUBLIC_URL').waitFor();
  await inspect(page, 'insecure');
  expect(sockets).toEqual([]);
});

test('VS10: a tab of another version is reloaded once, and then says so', async () => {
  const { page, requests } = await arrive();
  await page.getByTestId('start').waitFor();
  server.behaviour.refuse = 'protocol-mismatch';
  await page.getByTestId('start').click();
  await until(
    async () => requests.filter((path) => path === '/').length,
    (loads) => loads === 2,
  );
  await says(page, 'connection', 'another version');
  await page.waitForTimeout(1500);
  expect(requests.filter((path) => path === '/')).toHaveLength(2);
  expect(server.hellos).toBe(2);
  await inspect(page, 'mismatch');
  // Versions agree again: the button brings the tab back.
  server.behaviour.refuse = null;
  await page.getByRole('button', { name: 'Reload' }).click();
  await says(page, 'connection', 'no work right now');
});

test('VS11: before consent another version is met by a reload as well, once', async () => {
  server.behaviour.grid = { ...VIEW, protocol: VIEW.protocol + 1 };
  const { page, requests } = await arrive();
  await until(
    async () => requests.filter((path) => path === '/').length,
    (loads) => loads === 2,
  );
  await page.getByTestId('start').waitFor();
  await page.waitForTimeout(1500);
  expect(requests.filter((path) => path === '/')).toHaveLength(2);
});

test('VS12: a refusal is told with its reason, and not tried in a loop', async () => {
  server.behaviour.refuse = 'device-unproved';
  const { page } = await arrive();
  await page.getByTestId('start').click();
  await says(page, 'connection', 'refused');
  await page.getByText('The device did not prove its key').waitFor();
  await page.waitForTimeout(2000);
  expect(server.hellos).toBe(1);
  await inspect(page, 'refused');
});

test('VS13: a time to wait is honoured', async () => {
  server.behaviour.retryAfterMs = 2500;
  const { page } = await arrive();
  await page.getByTestId('start').click();
  await until(
    async () => server.asks.length,
    (asks) => asks >= 3,
  );
  for (let at = 1; at < 3; at++) expect(server.asks[at]! - server.asks[at - 1]!).toBeGreaterThanOrEqual(2500);
});

test('VS14: consent is asked again for another grid', async () => {
  const { page } = await arrive();
  await page.getByTestId('start').click();
  await says(page, 'connection', 'no work right now');
  server.behaviour.grid = { ...VIEW, operator: 'somebody else' };
  await page.reload();
  await page.getByText('run by somebody else', { exact: true }).waitFor();
  await page.getByTestId('start').waitFor();
  expect(server.hellos).toBe(1);
});
