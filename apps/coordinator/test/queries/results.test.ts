import { ENCODING, OUTCOME, REPORT_STATUS, resultOutcome, utf8 } from '@gossamer/protocol';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { openStores } from '../../src/start.ts';
import type { Held, TestDevice } from '../harness/device.ts';
import { heldOf, report } from '../harness/device.ts';
import { FaultyLog } from '../harness/faulty-log.ts';
import type { TestGrid } from '../harness/grid.ts';
import { eventually, startGrid } from '../harness/grid.ts';

/** Reports a lease; a unit that `outcome` speaks of may end otherwise than by its number doubled. */
const mixed = (lease: Held) => {
  const whole = report(lease);
  whole.attempts = whole.attempts.map((attempt, i) => {
    const unit = lease.units[i]!;
    if (unit % 5 === 3) return { ...attempt, outcome: OUTCOME.errored, body: utf8(`no luck with ${unit}`) };
    if (unit % 5 === 4) return { ...attempt, outcome: OUTCOME.bytes, body: Uint8Array.of(unit, 255) };
    return attempt;
  });
  return whole;
};

const unitsOf = (held: Held[]): number => held.reduce((sum, { units }) => sum + units.length, 0);

const computeAll = async (grid: TestGrid, device: TestDevice, id: string): Promise<void> => {
  let held: Held[] = [];
  while ((await grid.rest.job(id)).state === 'running') {
    const { leases, statuses } = await device.exchange({ slots: 4, reports: held.map(mixed) });
    expect(statuses.every((status) => status === REPORT_STATUS.accepted)).toBe(true);
    held = heldOf({ leases });
  }
};

const expected = (unit: number): object => {
  if (unit % 5 === 3) return { unit, error: expect.stringContaining(`no luck with ${unit}`) };
  if (unit % 5 === 4) return { unit, bytes: Buffer.of(unit, 255).toString('base64') };
  return { unit, output: unit * 2 };
};

test('QU1: pages of any size put together are the whole list, each result once, in the order of becoming final', async () => {
  const grid = await startGrid();
  const { id } = await grid.rest.submit(37, { limits: { maxErrors: 1 } });
  await computeAll(grid, await grid.device(), id);
  const whole = await grid.rest.allResults(id, 1000);
  expect(whole.map(({ unit }) => unit).sort((a, b) => a - b)).toEqual(Array.from({ length: 37 }, (_, unit) => unit));
  for (const result of whole) expect(result).toEqual({ cursor: result.cursor, ...expected(result.unit) });
  const facts = whole.map(({ cursor }) => cursor.split('.').map(Number));
  expect(facts).toEqual([...facts].sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!));
  for (const size of [1, 2, 5, 36, 37, 38]) expect(await grid.rest.allResults(id, size)).toEqual(whole);
  // Any result's cursor begins what follows it.
  for (const [i, { cursor }] of whole.entries()) {
    expect((await grid.rest.results(id, 1000, cursor)).items).toEqual(whole.slice(i + 1));
  }
});

test('QU2: a cursor that was never given out is refused', async () => {
  const grid = await startGrid();
  const { id } = await grid.rest.submit(1);
  for (const cursor of ['x', '1', '1.2.3', '-1.0', '1.%00', '9'.repeat(20)]) {
    const response = await grid.rest.call('GET', `/v1/jobs/${id}/results?after=${cursor}`);
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'cursor-invalid' }]);
  }
});

test.each(['kept', 'deleted'])(
  'QU3: after a restart with the read model %s the same results are listed, and new ones follow',
  async (model) => {
    // What nobody reported before the restart is given out again when its device has been away so long.
    const before = await startGrid({ env: { GOSSAMER_SESSION_GRACE_MS: '500' } });
    const { id } = await before.rest.submit(20, { limits: { maxErrors: 1 }, policy: { kind: 'quorum', quorum: 2 } });
    // The first device computes every unit, alone, so that errors are final; the second one some before the restart.
    const one = await before.device();
    for (let left = 20; left > 0;) {
      const held = await one.work();
      left -= unitsOf(held);
      await one.exchange({ slots: 0, reports: held.map(mixed) });
    }
    const two = await before.device();
    for (let done = 0; done < 5;) {
      const held = await two.work();
      done += unitsOf(held);
      await two.exchange({ slots: 0, reports: held.map(mixed) });
    }
    const early = await before.rest.allResults(id);
    const history = await before.rest.unitFacts(id, 7);
    expect(early.length).toBeGreaterThan(5);
    one.close();
    const grid = await before.restart(() => {
      if (model === 'deleted')
        for (const end of ['', '-wal', '-shm']) rmSync(join(before.data, `reads.db${end}`), { force: true });
    });
    expect(await grid.rest.allResults(id, 3)).toEqual(early);
    expect((await grid.rest.unitFacts(id, 7)).slice(0, history.length)).toEqual(history);
    await two.signIn(grid.port);
    await computeAll(grid, two, id);
    const whole = await grid.rest.allResults(id, 4);
    expect(whole.slice(0, early.length)).toEqual(early);
    expect(whole.map(({ unit }) => unit).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, unit) => unit));
    for (const result of whole) expect(result).toEqual({ cursor: result.cursor, ...expected(result.unit) });
  },
);

test('QU4: what a program calls JSON and is none is given as bytes; single results come with their media type', async () => {
  const grid = await startGrid();
  const { id } = await grid.rest.submit(3, { limits: { maxErrors: 1 } });
  const device = await grid.device();
  const held = await device.work(3);
  const bodies: Record<number, [number, string]> = {
    0: [OUTCOME.json, '{not json'],
    1: [OUTCOME.bytes, '\u00ff'],
    2: [OUTCOME.errored, 'no'],
  };
  const reports = held.map((lease) => {
    const [outcome, text] = bodies[lease.units[0]!]!;
    return { ...report(lease), attempts: [{ offset: 0, outcome, runMs: 1, body: utf8(text) }] };
  });
  await device.exchange({ slots: 0, reports: reports as ReturnType<typeof report>[] });
  const results = (await grid.rest.allResults(id)).sort((a, b) => a.unit - b.unit);
  expect(results).toMatchObject([
    { unit: 0, bytes: Buffer.from('{not json').toString('base64') },
    { unit: 1, bytes: Buffer.from('\u00ff').toString('base64') },
    { unit: 2, error: 'The program failed 1 time. Last error: no' },
  ]);
  const single = async (unit: number) => grid.rest.call('GET', `/v1/jobs/${id}/units/${unit}/result`);
  const bytes = await single(1);
  expect([bytes.headers.get('content-type'), await bytes.text()]).toEqual(['application/octet-stream', '\u00ff']);
  expect((await single(0)).headers.get('content-type')).toContain('application/json');
  expect(await (await single(2)).json()).toMatchObject({ code: 'result-pending' });
});

test('TA4: a typed array comes with its type; one that is not whole is given as bytes', async () => {
  const grid = await startGrid();
  const { id } = await grid.rest.submit(2);
  const device = await grid.device();
  const outcome = resultOutcome(ENCODING.float64);
  const body = (unit: number) => new Uint8Array(unit === 0 ? 16 : 9).fill(1);
  for (let left = 2; left > 0;) {
    const held = await device.work();
    left -= unitsOf(held);
    await device.exchange({ slots: 0, reports: held.map((lease) => report(lease, body, { outcome })) });
  }
  const results = (await grid.rest.allResults(id)).sort((a, b) => a.unit - b.unit);
  const base64 = (unit: number) => Buffer.from(body(unit)).toString('base64');
  expect(results.map(({ bytes, type }) => [bytes, type])).toEqual([
    [base64(0), 'float64'],
    [base64(1), undefined],
  ]);
  const single = async (unit: number) => grid.rest.call('GET', `/v1/jobs/${id}/units/${unit}/result`);
  expect((await single(0)).headers.get('content-type')).toBe('application/octet-stream; type=float64');
  expect((await single(1)).headers.get('content-type')).toBe('application/octet-stream');
});

test('QU5: a page of large results is shorter than asked for, and nothing is left out', async () => {
  // What a lease brings back here goes in one frame.
  const grid = await startGrid({ env: { GOSSAMER_LEASE_UNITS: '4' } });
  const bytes = 900_000;
  const { id } = await grid.rest.submit(24, { limits: { resultBytes: 1_000_000 } });
  const device = await grid.device();
  const large = (unit: number) => new Uint8Array(bytes).fill(unit);
  for (let left = 24; left > 0;) {
    const held = await device.work();
    left -= unitsOf(held);
    const outcome = OUTCOME.bytes;
    await device.exchange({ slots: 0, reports: held.map((lease) => report(lease, large, { outcome })) });
  }
  const first = await grid.rest.results(id, 1000);
  expect(first.items.length).toBeLessThan(24);
  expect(first.next).toBe(first.items.at(-1)!.cursor);
  const all = await grid.rest.allResults(id, 1000);
  expect(all.map(({ unit }) => unit).sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, unit) => unit));
  for (const { unit, bytes: text } of all) expect(text).toBe(Buffer.from(large(unit)).toString('base64'));
});

test('QU6: units are listed by state without a look at those that were never cut', async () => {
  const grid = await startGrid();
  const { id } = await grid.rest.submit(4_000_000_000);
  const device = await grid.device();
  const [lease] = await device.work();
  await device.exchange({ slots: 0, reports: [report(lease!)] });
  const list = async (query: string) =>
    grid.rest.json<{ items: { index: number }[]; next: string | null }>('GET', `/v1/jobs/${id}/units?limit=3&${query}`);
  const started = performance.now();
  expect(await list('state=validated')).toMatchObject({ items: [{ index: 0, state: 'validated' }], next: null });
  expect(await list('state=failed')).toEqual({ items: [], next: null });
  expect((await list('state=pending')).items.map(({ index }) => index)).toEqual([1, 2, 3]);
  expect((await list('state=pending&after=3999999997')).items.map(({ index }) => index)).toEqual([
    3_999_999_998, 3_999_999_999,
  ]);
  await grid.rest.json('POST', `/v1/jobs/${id}/cancel`);
  expect((await list('state=cancelled&after=3000000000')).items).toHaveLength(3);
  expect(await list('state=pending')).toEqual({ items: [], next: null });
  // Four thousand million looks would take minutes, and nothing else would be answered meanwhile.
  expect(performance.now() - started).toBeLessThan(30_000);
});

test('QU7: who saw the job complete finds all of its results, in pages and in the stream', async () => {
  const open = async (config: Config) => {
    const log = new FaultyLog(await openStores(config));
    log.delayMs = 200;
    return log.stores;
  };
  const grid = await startGrid({ open });
  for (let round = 0; round < 2; round++) {
    const { id } = await grid.rest.submit(6);
    const device = await grid.device();
    const headers = { accept: 'application/x-ndjson', authorization: 'Bearer operator-key-of-these-tests' };
    const followed = fetch(`${grid.rest.url}/v1/jobs/${id}/results?follow=true`, { headers }).then((response) =>
      response.text(),
    );
    const held: Held[] = [];
    while (unitsOf(held) < 6) held.push(...(await device.work(6 - unitsOf(held))));
    const last = device.exchange({ slots: 0, reports: held.map((lease) => report(lease)) });
    await eventually(async () => expect((await grid.rest.job(id)).state).toBe('completed'));
    expect((await grid.rest.results(id, 100)).items).toHaveLength(6);
    await last;
    expect((await followed).trim().split('\n')).toHaveLength(6);
    device.close();
  }
});
