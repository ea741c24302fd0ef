import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inspect } from './harness/axe.ts';
import type { Grid } from './harness/grid.ts';
import { startGrid } from './harness/grid.ts';
import { LOOPS, REVERSE, SQUARE, THROWS, WATERFALL } from './harness/programs.ts';
import { completed, sharedBrowser, SLOW } from './harness/shared.ts';
import type { Visitor } from './harness/tab.ts';
import { says, text, until, visit } from './harness/tab.ts';

/* A real coordinator, real Chromium, the built page. */

const browser = sharedBrowser();
let grid: Grid;
let visitors: Visitor[] = [];

const arrive = async (query = ''): Promise<Visitor> => {
  const visitor = await visit(browser());
  visitors.push(visitor);
  await visitor.page.goto(`${grid.url}/${query}`);
  return visitor;
};

const lend = async (query = ''): Promise<Visitor> => {
  const visitor = await arrive(query);
  await visitor.page.getByTestId('start').click();
  return visitor;
};

beforeEach(async () => {
  grid = await startGrid();
});

afterEach(async () => {
  const all = visitors;
  visitors = [];
  for (const { context } of all) await context.close();
  await grid.stop();
  // Whatever a test did: the page kept within its policy, and no error went uncaught.
  expect(all.flatMap(({ faults }) => faults)).toEqual([]);
});

test('VB1: before consent nothing connects and no engine is fetched; after it units are computed and verified', async () => {
  const job = await grid.submit(SQUARE, { credit: 2.5 });
  const { page, sockets, requests } = await arrive();
  await page.getByText('What would run now, and for whom').waitFor();
  await page.getByText('Squares', { exact: true }).waitFor();
  expect(sockets).toEqual([]);
  expect(requests.filter((path) => path.includes('engine'))).toEqual([]);
  expect((await page.context().cookies()).length).toBe(0);

  await page.getByTestId('start').click();
  await completed(grid, job.id);
  expect((await grid.results(job.id)).map(({ output }) => output)).toEqual([0, 1, 4, 9, 16, 25, 36, 49]);
  await says(page, 'units-valid', '8');
  await says(page, 'credit', '20');
  expect(await text(page, 'units-waiting')).toBe('0');
  expect(await text(page, 'units-invalid')).toBe('0');
  await says(page, 'connection', 'no work right now');
  expect(sockets).toHaveLength(1);
});

test('VB2: what a program draws is shown, with its unit named', async () => {
  await grid.submit(SQUARE, SLOW);
  const { page } = await lend();
  await says(page, 'connection', 'connected');
  const canvas = page.getByTestId('picture');
  await until(
    () => canvas.getAttribute('aria-label'),
    (label) => label === 'Picture of unit 0 of Squares',
  );
  expect([await canvas.getAttribute('width'), await canvas.getAttribute('height')]).toEqual(['64', '32']);
  const left = await page.evaluate(() => {
    const drawn = document.querySelector<HTMLCanvasElement>('[data-testid=picture]')!;
    return [...drawn.getContext('2d')!.getImageData(0, 0, 1, 1).data];
  });
  expect(left).toEqual([40, 190, 170, 255]);
  const progress = page.getByLabel('Progress of slot 1');
  await until(
    async () => Number(await progress.getAttribute('value')),
    (value) => value > 0 && value < 1,
  );
});

test('VB3: inputs that are blobs are fetched, checked, and travel as bytes', async () => {
  const bytes = 80 * 1024;
  const data = new Uint8Array(3 * bytes).map((_, at) => at % 251);
  const blob = await grid.upload(data);
  const job = await grid.submit(REVERSE, {
    name: 'Reverse',
    source: { kind: 'records', blob: blob as never, bytes },
    limits: { resultBytes: bytes },
  });
  const { requests } = await lend();
  await completed(grid, job.id);
  // The program, and one blob a unit; the whole file is not fetched.
  expect(requests.filter((path) => path.startsWith('/v1/blobs/'))).toHaveLength(4);
  expect(requests).not.toContain(`/v1/blobs/${blob}`);
});

test('VB4: a program that throws ends its unit with its message, and the slot goes on', async () => {
  const bad = await grid.submit(THROWS, {
    name: 'Bad',
    source: { kind: 'range', start: 0, stop: 1 },
    limits: { maxErrors: 2 },
  });
  const { page } = await lend('?slots=1');
  await until(
    () => grid.job(bad.id),
    ({ units }) => units.failed === 1,
  );
  expect(JSON.stringify(await grid.unit(bad.id, 0))).toContain('no such tone');
  await page.getByText('ended with an error of the program').waitFor();
  const good = await grid.submit(SQUARE, {});
  await completed(grid, good.id);
});

test('VB5: a program that loops for ever is ended at its deadline, and the slot goes on', async () => {
  const endless = await grid.submit(LOOPS, {
    name: 'Endless',
    source: { kind: 'range', start: 0, stop: 1 },
    limits: { deadlineMs: 500, maxErrors: 1, maxAttempts: 1 },
  });
  const { page } = await lend('?slots=1');
  await until(
    () => grid.job(endless.id),
    ({ units }) => units.failed === 1,
  );
  await page.getByText('ran too long').waitFor();
  const good = await grid.submit(SQUARE, {});
  await completed(grid, good.id);
});

test('VB6: a pause gives the work back at once, is remembered over a reload, and ends with resume', async () => {
  const job = await grid.submit(SQUARE, SLOW);
  const { page } = await lend();
  await until(
    () => grid.job(job.id),
    ({ attempts }) => attempts.leased > 0,
  );
  await page.getByTestId('pause').click();
  await says(page, 'connection', 'paused');
  await until(
    () => grid.job(job.id),
    ({ attempts }) => attempts.leased === 0,
  );
  await page.reload();
  await says(page, 'connection', 'paused');
  await page.waitForTimeout(1500);
  expect((await grid.job(job.id)).attempts.leased).toBe(0);
  await page.getByTestId('resume').click();
  await says(page, 'connection', 'connected');
  await until(
    () => grid.job(job.id),
    ({ attempts }) => attempts.leased > 0,
  );
});

test('VB7: a reload goes on without a new consent, with the same device and nothing lost', async () => {
  const job = await grid.submit(SQUARE, {
    source: { kind: 'range', start: 0, stop: 12 },
    params: { steps: 20, ms: 10 },
  });
  const { page } = await lend();
  await until(
    () => grid.job(job.id),
    ({ units }) => units.validated > 1,
  );
  await page.reload();
  await completed(grid, job.id);
  await says(page, 'units-valid', '12');
  expect((await grid.job(job.id)).attempts.expired).toBe(0);
});

test('VB8: of two tabs one computes; the other says so and takes over when the first is closed', async () => {
  const first = await lend();
  await says(first.page, 'connection', 'no work right now');
  const second = await first.context.newPage();
  await second.goto(grid.url);
  await says(second, 'connection', 'computing in another tab');
  expect(await text(second, 'elsewhere')).toContain('this one takes over');
  expect(await second.getByTestId('pause').count()).toBe(0);
  await first.page.close();
  await says(second, 'connection', 'no work right now');
  const job = await grid.submit(SQUARE, {});
  await completed(grid, job.id);
  await says(second, 'units-valid', '8');
});

test('VB9: slots are changed while computing', async () => {
  const job = await grid.submit(SQUARE, SLOW);
  const { page } = await lend('?slots=1');
  await until(
    () => grid.job(job.id),
    ({ attempts }) => attempts.leased === 1,
  );
  await page.getByTestId('slots').press('ArrowRight');
  await until(
    () => page.getByLabel(/slot \d/).count(),
    (count) => count === 2,
  );
  expect((await grid.job(job.id)).attempts.leased).toBe(2);
  await page.getByTestId('slots').press('ArrowLeft');
  await until(
    () => page.getByLabel(/slot \d/).count(),
    (count) => count === 1,
  );
  await until(
    () => grid.job(job.id),
    ({ attempts }) => attempts.leased === 1,
  );
});

test('VB10: a cancelled job is ended in the tab at once', async () => {
  const job = await grid.submit(SQUARE, SLOW);
  const { page } = await lend();
  await says(page, 'connection', 'connected');
  await page.getByLabel('Progress of slot 1').waitFor();
  await grid.cancel(job.id);
  await says(page, 'connection', 'no work right now');
  expect(await page.getByTestId('picture').getAttribute('class')).toBe('resting');
});

test('VB11: a coordinator that goes down and comes back gets every result, and nothing is computed twice for good', async () => {
  await grid.stop();
  const data = await mkdtemp(join(tmpdir(), 'volunteer-'));
  grid = await startGrid({ data });
  const { port } = grid.coordinator;
  const job = await grid.submit(SQUARE, {
    source: { kind: 'range', start: 0, stop: 20 },
    params: { steps: 20, ms: 10 },
  });
  const { page } = await lend();
  await until(
    () => grid.job(job.id),
    ({ units }) => units.validated > 2,
  );
  await grid.stop();
  await says(page, 'connection', 'reconnecting…');
  grid = await startGrid({ data, port });
  await completed(grid, job.id);
  await says(page, 'units-valid', '20');
  await says(page, 'connection', 'no work right now');
  expect((await grid.results(job.id)).map(({ output }) => output)).toEqual(Array.from({ length: 20 }, (_, n) => n * n));
  await rm(data, { recursive: true, force: true });
});

test('VB12: who leaves is asked again; who is forgotten is another device afterwards', async () => {
  const job = await grid.submit(SQUARE, {});
  const { page } = await lend();
  await completed(grid, job.id);
  await says(page, 'units-valid', '8');
  await page.getByText('Leave this grid').click();
  await page.getByTestId('leave').click();
  await page.getByText('Thank you.').waitFor();
  await page.reload();
  await page.getByTestId('start').click();
  await says(page, 'units-valid', '8');
  await page.getByText('Leave this grid').click();
  await page.getByTestId('forget').click();
  await page.getByText('Thank you.').waitFor();
  await page.getByText('Back to the start').click();
  await page.getByTestId('start').click();
  await says(page, 'connection', 'no work right now');
  await says(page, 'units-valid', '0');
});

test('VB13: two devices make a quorum; what waits for the other one is said to wait', async () => {
  const job = await grid.submit(SQUARE, { policy: { kind: 'quorum', quorum: 2 } });
  const one = await lend();
  await says(one.page, 'units-waiting', '8');
  expect(await text(one.page, 'units-valid')).toBe('0');
  const two = await lend();
  await completed(grid, job.id);
  await says(one.page, 'units-valid', '8');
  await says(one.page, 'units-waiting', '0');
  await says(two.page, 'units-valid', '8');
});

test('VB14: while it computes the page passes axe, light and dark, wide and narrow', async () => {
  const { id } = await grid.submit(WATERFALL, {
    name: 'Drift search, field 12',
    // More units than can be computed while axe looks, but small ones, in one slot: axe needs the computer, too.
    source: { kind: 'range', start: 0, stop: 100_000 },
    params: { work: 200_000 },
    credit: 4,
  });
  const visitor = await visit(browser(), { bypassCSP: true });
  visitors.push(visitor);
  await visitor.page.goto(`${grid.url}/?slots=1`);
  await visitor.page.getByTestId('start').click();
  await until(
    () => text(visitor.page, 'units-valid'),
    (count) => Number(count) > 0,
  );
  await until(
    () => visitor.page.getByTestId('picture').getAttribute('class'),
    (state) => state !== 'resting',
  );
  await inspect(visitor.page, 'computing');
  expect((await grid.job(id)).state).toBe('running');
});

test('VB15: bytes that are not those of their name are not run; the work is given back with the reason', async () => {
  const job = await grid.submit(SQUARE, {});
  const visitor = await arrive();
  await visitor.page.route('**/v1/blobs/*', (route) =>
    route.fulfill({ body: SQUARE.replace('input * input', 'input + input') }),
  );
  await visitor.page.getByTestId('start').click();
  await visitor.page.getByText('its bytes are not those of its manifest').first().waitFor();
  expect((await grid.job(job.id)).units.validated).toBe(0);
  await visitor.page.unroute('**/v1/blobs/*');
  await completed(grid, job.id);
  expect((await grid.results(job.id)).map(({ output }) => output)).toEqual([0, 1, 4, 9, 16, 25, 36, 49]);
});
