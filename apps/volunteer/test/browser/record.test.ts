import type { DeviceView } from '@gossamer/protocol';
import Database from 'better-sqlite3';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inspect } from './harness/axe.ts';
import { type Grid, startGrid } from './harness/grid.ts';
import { SQUARE } from './harness/programs.ts';
import { completed, sharedBrowser } from './harness/shared.ts';
import type { Visitor } from './harness/tab.ts';
import { says, visit } from './harness/tab.ts';

/* What a volunteer may ask of the grid about itself: to be told all, and to be forgotten. */

const browser = sharedBrowser();
let grid: Grid;
let visitors: Visitor[] = [];
let data: string;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'gossamer-record-'));
  grid = await startGrid({ data });
});

afterEach(async () => {
  for (const { context } of visitors) await context.close();
  visitors = [];
  await grid.stop();
  await rm(data, { recursive: true, force: true });
});

/** A browser that has computed a job's eight units, with its ways out open. */
const lend = async (bypassCSP = true): Promise<Visitor> => {
  const job = await grid.submit(SQUARE, {});
  const visitor = await visit(browser(), { bypassCSP, acceptDownloads: true });
  visitors.push(visitor);
  const { page } = visitor;
  await page.goto(grid.url);
  await page.getByTestId('start').click();
  await completed(grid, job.id);
  await says(page, 'units-valid', '8');
  await page.getByText('Leave this grid').click();
  return visitor;
};

test('PV34: the key by which the grid knows this browser cannot leave it: no script of the page can read or export it', async () => {
  const { page } = await lend();
  const kept = await page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error!);
      });
    const database = await settled(indexedDB.open('gossamer-device'));
    const pairs = database.transaction('keys').objectStore('keys');
    const { privateKey } = (await settled(pairs.get('key'))) as CryptoKeyPair;
    const formats = ['pkcs8', 'jwk', 'raw'] as const;
    const exported = await Promise.all(
      formats.map((format) => crypto.subtle.exportKey(format, privateKey).then(Boolean, () => false)),
    );
    return { extractable: privateKey.extractable, type: privateKey.type, usages: privateKey.usages, exported };
  });
  expect(kept).toEqual({ extractable: false, type: 'private', usages: ['sign'], exported: [false, false, false] });
});

test('PV30: the button saves all that the grid keeps of this browser as a file', async () => {
  // Under the page's own policy: what is saved comes from no address that it would have to allow.
  const { page, faults } = await lend(false);
  await page.getByTestId('record').focus();
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  expect(download.suggestedFilename()).toBe('gossamer-this-browser.json');
  const [device] = (await grid.devices()) as [DeviceView];
  const told = JSON.parse(await readFile(await download.path(), 'utf8')) as Record<string, unknown>;
  const { id, number, platform, firstSeen, credit } = device;
  expect(told).toMatchObject({ id, number, platform, firstSeen, credit, valid: 8, network: null });
  expect(told['attempts']).toHaveLength(8);
  expect(told).not.toHaveProperty('next');
  expect(String(told['publicKey'])).toMatch(/^[\w-]{87}$/);
  await says(page, 'record-said', /Saved as/);
  expect(faults).toEqual([]);
});

test('PV31: who has itself forgotten is told that the grid did so; it is gone there, and here', async () => {
  const { page } = await lend();
  expect(await grid.devices()).toHaveLength(1);
  await inspect(page, 'record');
  await page.getByTestId('forget').click();
  await says(page, 'forgotten', /^The grid has forgotten this browser/);
  expect(await grid.devices()).toEqual([]);
  await inspect(page, 'forgotten');
  const left = await page.evaluate(async () => ({
    memory: localStorage.length,
    keys: await new Promise((resolve, reject) => {
      const opening = indexedDB.open('gossamer-device');
      opening.addEventListener('error', () => reject(opening.error!));
      opening.addEventListener('success', () => {
        const counting = opening.result.transaction('keys').objectStore('keys').count();
        counting.addEventListener('success', () => resolve(counting.result));
      });
    }),
  }));
  expect(left).toEqual({ memory: 0, keys: 0 });
});

test('PV31: where the grid has accepted that and is erasing still, as while a backup reads its log, the page says so', async () => {
  const { page } = await lend();
  const reader = new Database(join(data, 'log.db'));
  try {
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM grid_segment').get();
    await page.getByTestId('forget').click();
    await says(page, 'forgotten', /^The grid is erasing what it knew of this browser/);
    await page.getByText('Unfinished work was given back.').waitFor();
    expect(await grid.devices()).toEqual([]);
    await inspect(page, 'erasing');
  } finally {
    reader.close();
  }
});

test('PV32: a second tab of the browser, which does not compute, can have it forgotten; the first one stops', async () => {
  const { page, context } = await lend();
  const second = await context.newPage();
  await second.goto(grid.url);
  await says(second, 'connection', 'computing in another tab');
  await second.getByText('Leave this grid').click();
  await second.getByTestId('forget').click();
  await says(second, 'forgotten', /^The grid has forgotten this browser/);
  await page.getByText('Thank you.').waitFor();
  expect(await grid.devices()).toEqual([]);
});

test('PV33: where the grid cannot be told, that is said, with the name that its operator can delete', async () => {
  const { page } = await lend();
  const [{ id }] = (await grid.devices()) as [DeviceView];
  await grid.stop();
  await says(page, 'connection', 'reconnecting…');
  expect(await page.getByTestId('record').isDisabled()).toBe(true);
  await page.getByTestId('forget').click();
  await says(page, 'forgotten', new RegExp(`could not be told.*${id}`));
  await inspect(page, 'forgotten-offline');
});
