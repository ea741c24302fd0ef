import { manifestOf, signManifest } from '@gossamer/program';
import { signerOf } from '@gossamer/program/node';
import type { CoordinatorKeys, DeviceView, JobSpecInput, Page, RefusalView } from '@gossamer/protocol';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inspect } from './harness/axe.ts';
import type { Grid, GridOptions } from './harness/grid.ts';
import { startGrid } from './harness/grid.ts';
import type { Meddle, Meddler } from './harness/meddler.ts';
import { startMeddler } from './harness/meddler.ts';
import { LOOPING_MODULE, LOOPS, SQUARE } from './harness/programs.ts';
import { completed, sharedBrowser, SLOW } from './harness/shared.ts';
import type { Visitor } from './harness/tab.ts';
import { says, until, visit } from './harness/tab.ts';

/* A real coordinator, somebody on the way who changes what it says, real Chromium, the built page. */

const browser = sharedBrowser();
let grid: Grid;
let meddler: Meddler;
let visitors: Visitor[] = [];

const start = async (options: GridOptions = {}): Promise<void> => {
  const env = { GOSSAMER_PUBLIC_URL: `http://localhost:${meddler.port}`, GOSSAMER_LOG_LEVEL: 'error', ...options.env };
  grid = await startGrid({ ...options, env });
  meddler.target = grid.coordinator.port;
};

const arrive = async (): Promise<Visitor> => {
  const visitor = await visit(browser());
  visitors.push(visitor);
  await visitor.page.goto(`http://localhost:${meddler.port}/`);
  return visitor;
};

const lend = async (): Promise<Visitor> => {
  const visitor = await arrive();
  await visitor.page.getByTestId('start').click();
  return visitor;
};

/** A job of a program that Ada has signed, with limits that leave room. */
const submitSigned = async (
  program: string | Uint8Array<ArrayBuffer>,
  spec: Partial<Omit<JobSpecInput, 'program'>> = {},
) => {
  const pair = await grid.signer('Ada Byron');
  await grid.call('PATCH', `/signers/${pair.key}`, { tier: 'public' });
  const bytes = typeof program === 'string' ? new TextEncoder().encode(program) : program;
  const limits = { deadlineMs: 60_000, resultBytes: 65_536 };
  const signature = await signManifest(signerOf(pair), await manifestOf(bytes, { name: 'Squarer', limits }));
  return { pair, job: await grid.submit(program, { signature, ...spec }) };
};

const refusals = async (): Promise<RefusalView[]> => (await grid.call<Page<RefusalView>>('GET', '/refusals')).items;
beforeEach(async () => {
  meddler = await startMeddler();
});

afterEach(async () => {
  const all = visitors;
  visitors = [];
  for (const { context } of all) await context.close();
  await meddler.stop();
  await grid.stop();
  expect(all.flatMap(({ faults }) => faults)).toEqual([]);
});

test('SG40: a signed program runs, and the page tells who signed it, what it may use, and its source as text', async () => {
  await start();
  const { job } = await submitSigned(`/* <img src=x onerror="document.title='run'"> */ ${SQUARE}`, SLOW);
  const { page } = await lend();
  const program = page.getByTestId('program');
  await program.locator('summary').click();
  await page.getByTestId('source').waitFor();
  const facts = await program.locator('dl').innerText();
  const sha256 = (await grid.job(job.id)).program;
  const { items } = await grid.call<Page<{ fingerprint: string }>>('GET', '/signers');
  for (const told of [
    'Ada Byron',
    items[0]!.fingerprint,
    sha256,
    'JavaScript',
    '60 s of one processor',
    '64.0 KiB',
    'Public',
  ]) {
    expect(facts).toContain(told);
  }
  const source = page.getByTestId('source');
  expect(await source.textContent()).toContain('<img src=x');
  expect(await source.locator('*').count()).toBe(0);
  expect(await page.title()).not.toBe('run');
  await inspect(page, 'a program is read');
});

test('SG40: of a module the page tells what it takes and gives, and offers its bytes as a file', async () => {
  await start();
  await submitSigned(LOOPING_MODULE, { source: SLOW.source });
  const { page } = await lend();
  const program = page.getByTestId('program');
  await program.locator('summary').click();
  const link = program.getByRole('link', { name: 'Download the module' });
  await link.waitFor();
  const facts = await program.locator('dl').innerText();
  for (const told of ['WebAssembly, 57 bytes', 'grid.memory', '192.0 KiB of memory']) expect(facts).toContain(told);
  const download = page.waitForEvent('download');
  await link.click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^[0-9a-f]{12}\.wasm$/);
  expect(await readFile(await file.path())).toEqual(LOOPING_MODULE);
  await inspect(page, 'a module is read');
});

test('VP10: what shared data a program reads is told with it, by name and size', async () => {
  await start();
  const catalog = await grid.upload(new Uint8Array(3 * 1024));
  await submitSigned(SQUARE, { ...SLOW, data: { catalog } });
  const { page } = await lend();
  await page.getByTestId('program').locator('summary').click();
  await page.getByTestId('source').waitFor();
  expect(await page.getByTestId('program').locator('dl').innerText()).toContain(
    'catalog (3.0 KiB). It is fetched when',
  );
  await inspect(page, 'a program that reads data');
});

/** The text of a card that says so; every byte of it travels as it is. */
const swap =
  (from: RegExp, to: (found: string) => string): Meddle =>
  (text) =>
    text.replace(from, to);
/** Changes the last but one character of what is found. */
const nudge = (found: string): string => {
  const at = found.length - 2;
  return found.slice(0, at) + (found[at] === 'A' ? 'B' : 'A') + found.slice(at + 1);
};

const CHANGES: [string, RefusalView['reason'], Meddle][] = [
  ['the name in the manifest', 'manifest', swap(/"name":"Squarer"/, () => '"name":"Squares"')],
  [
    'the deadline in the manifest',
    'manifest',
    swap(/"manifest":\{.*?"deadlineMs":60000/, (at) => `${at.slice(0, -5)}90000`),
  ],
  [
    'the size',
    'manifest',
    swap(/"size":\d+,"kind"/, (at) => at.replace(/\d,/, (digit) => (digit === '9,' ? '8,' : '9,'))),
  ],
  [
    'the signer’s signature',
    'signature',
    swap(/"signature":"[\w-]{86}","admission"/, (at) => at.replace(/[\w-]{86}/, nudge)),
  ],
  [
    'the admission’s signature',
    'admission',
    swap(/"key":"[\w-]{43}","signature":"[\w-]{86}"/, (at) => at.replace(/[\w-]{86}/, nudge)),
  ],
  ['the signer’s name', 'admission', swap(/Ada Byron/g, () => 'Eve Byron')],
  ['when it was admitted', 'admission', swap(/"issuedAt":\d/, () => '"issuedAt":9')],
  [
    'what the job may use',
    'limits',
    swap(/"limits":\{"deadlineMs":60000,"resultBytes":65536,"memoryBytes":\d+\}/, (at) => at.replace('60000', '90000')),
  ],
  ['the program', 'program', swap(/return input \* input/, () => 'return input + input')],
];

describe('whatever is changed on the way', () => {
  test.each(CHANGES)(
    'SG41: %s: it is refused before it runs, given back, reported, and told in words',
    async (_, reason, meddle) => {
      await start();
      const { job } = await submitSigned(SQUARE);
      meddler.meddle = meddle;
      const { page } = await lend();
      await page.getByTestId('refusals').getByText('Squares:').waitFor();
      const [refusal] = await until(refusals, (items) => items.length > 0);
      expect(refusal).toMatchObject({ job: job.id, reason });
      // Given back: neither a result nor an error counts, and nothing of it is held here for long.
      const { attempts, units } = await until(
        () => grid.job(job.id),
        ({ attempts: it }) => it.abandoned > 0,
      );
      expect([attempts.returned, attempts.errored, units.validated, units.failed]).toEqual([0, 0, 0, 0]);
      // While a program's bytes are on the way its cage is opened, but nothing is in it.
      if (reason !== 'program') expect(page.frames()).toHaveLength(1);
      meddler.meddle = null;
      await page.reload();
      await completed(grid, job.id);
      expect((await grid.results(job.id)).map(({ output }) => output)).toEqual([0, 1, 4, 9, 16, 25, 36, 49]);
    },
  );
});

describe('the coordinator’s key', () => {
  const key = async (): Promise<CoordinatorKeys> => grid.call('POST', '/coordinator-keys');

  test('SG42: a rotated key is accepted by its chain: work that runs goes on, and a reload knows the new one', async () => {
    await start();
    const { page } = await lend();
    await completed(grid, (await submitSigned(SQUARE)).job.id);
    await key();
    await key();
    await completed(grid, (await submitSigned(SQUARE)).job.id);
    await key();
    await page.reload();
    await completed(grid, (await submitSigned(SQUARE)).job.id);
    expect(await refusals()).toEqual([]);
  });

  test('SG42: with one changed byte in the chain the key is refused, told, and accepted once the chain is whole', async () => {
    await start();
    const { page } = await lend();
    await completed(grid, (await submitSigned(SQUARE)).job.id);
    await key();
    meddler.meddle = swap(/("issuedAt":\d+,"signature":")([\w-]{86})"\}\]/, (at) => at.replace(/[\w-]{86}/, nudge));
    const { job } = await submitSigned(SQUARE);
    await page.getByTestId('refusals').getByText('does not follow from').waitFor();
    const [refusal] = await until(refusals, (items) => items.length > 0);
    expect(refusal).toMatchObject({ job: job.id, reason: 'coordinator-key' });
    expect((await grid.job(job.id)).units.validated).toBe(0);
    meddler.meddle = null;
    await completed(grid, job.id);
  });

  test('SG42: a grid that was set up anew has another key: the browser refuses it until it is told to forget', async () => {
    await start();
    const { page } = await lend();
    await completed(grid, (await submitSigned(SQUARE)).job.id);
    await grid.stop();
    await start();
    const { job } = await submitSigned(SQUARE);
    await page.getByTestId('refusals').getByText('does not follow from').waitFor();
    await page.reload();
    await page.getByTestId('refusals').getByText('does not follow from').waitFor();
    expect((await grid.job(job.id)).units.validated).toBe(0);
    await page.getByText('Leave this grid').click();
    await page.getByTestId('forget').click();
    await page.goto(`http://localhost:${meddler.port}/`);
    await page.getByTestId('start').click();
    await completed(grid, job.id);
  });
});

test('SG43: a browser that cannot verify signatures says so and takes no work', async () => {
  await start();
  const { job } = await submitSigned(SQUARE);
  const visitor = await arrive();
  const LACKS = `{ const { importKey } = SubtleCrypto.prototype;
    SubtleCrypto.prototype.importKey = function (...all) {
      return all[2] === 'Ed25519' ? Promise.reject(new DOMException('', 'NotSupportedError')) : importKey.apply(this, all);
    }; }`;
  await visitor.context.route('**/assets/engine-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: LACKS + (await response.text()) });
  });
  await visitor.page.getByTestId('start').click();
  await says(visitor.page, 'connection', 'cannot verify programs');
  expect(visitor.sockets).toEqual([]);
  expect((await grid.job(job.id)).attempts.leased).toBe(0);
});

describe('the playground', () => {
  const device = async (): Promise<DeviceView> => (await grid.call<Page<DeviceView>>('GET', '/devices')).items[0]!;
  const setApart = (id: string): Promise<DeviceView> => grid.call('PATCH', `/devices/${id}`, { apart: true });

  test('SG44: opting in is off at first, is remembered, and counts with the operator’s word only', async () => {
    await start({ env: { GOSSAMER_UNVETTED: 'playground' } });
    const job = await grid.submit(SQUARE, {});
    const { page } = await lend();
    await says(page, 'connection', 'no work right now');
    expect(await page.getByTestId('playground').isChecked()).toBe(false);
    const { id } = await setApart((await device()).id);
    await until(
      () => grid.job(job.id),
      ({ waiting }) => waiting?.includes('has not opted in') === true,
    );
    await page.getByTestId('playground').check();
    await completed(grid, job.id);
    await page.reload();
    await until(device, ({ connected, playground }) => connected && playground.optedIn);
    expect(await page.getByTestId('playground').isChecked()).toBe(true);
    expect((await device()).id).toBe(id);
  });

  test('SG44: who opts out is rid of such programs at once', async () => {
    await start({ env: { GOSSAMER_UNVETTED: 'playground' } });
    const job = await grid.submit(LOOPS, { limits: { deadlineMs: 600_000 } });
    const visitor = await arrive();
    await visitor.page.getByTestId('playground').check();
    await visitor.page.getByTestId('start').click();
    await setApart((await until(device, (it) => it?.connected)).id);
    await until(
      () => grid.job(job.id),
      ({ attempts }) => attempts.leased > 0,
    );
    await visitor.page.getByTestId('playground').uncheck();
    await until(
      () => grid.job(job.id),
      ({ attempts }) => attempts.leased === 0,
    );
    await says(visitor.page, 'connection', 'no work right now');
  });
});

test('SG45: when a signer is revoked its running programs end at once', async () => {
  await start();
  const { job, pair } = await submitSigned(LOOPS, { limits: { deadlineMs: 60_000 } });
  const { page } = await lend();
  await page.locator('.slot.running').first().waitFor();
  await grid.call('DELETE', `/signers/${pair.key}`);
  await says(page, 'connection', 'no work right now');
  expect(await page.locator('.slot.running').count()).toBe(0);
  expect(await grid.job(job.id)).toMatchObject({ state: 'cancelled', attempts: { errored: 0 } });
});
