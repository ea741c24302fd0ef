import type { DeviceView, JobDeleted, JobView, Problem } from '@gossamer/protocol';
import { OutcomeUnknown, StorageFull } from '@gossamer/store';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { openStores } from '../../src/start.ts';
import { FaultyLog } from '../harness/faulty-log.ts';
import type { TestGrid } from '../harness/grid.ts';
import { eventually, startGrid } from '../harness/grid.ts';
import { Submitter } from '../harness/signing.ts';
import { ANY, register } from '../webhooks/hook.ts';
import { openReceiver } from '../webhooks/receiver.ts';
import { compute } from './failing.ts';

const remove = (grid: TestGrid, id: string): Promise<JobDeleted> => grid.rest.json('DELETE', `/v1/jobs/${id}`);

const codeOf = async (response: Response): Promise<[number, string]> => [
  response.status,
  ((await response.json()) as Problem).code,
];

const done = async (grid: TestGrid, units = 20): Promise<JobView> => {
  const { id } = await grid.rest.submit(units);
  await compute(grid, id);
  return grid.rest.job(id);
};

const devices = async (grid: TestGrid): Promise<object[]> => {
  const { items } = await grid.rest.json<{ items: DeviceView[] }>('GET', '/v1/devices');
  return items.map(({ number, credit, valid, invalid, waiting, errored, trust }) => ({
    number,
    credit,
    valid,
    invalid,
    waiting,
    errored,
    trust,
  }));
};

/** Rows of a job in the files of a data directory. */
const rowsOf = (data: string, job: number): Record<string, number> => {
  const count = (file: string, sql: string): number => {
    const database = new Database(join(data, file), { readonly: true });
    try {
      return (database.prepare(sql).get(job) as { rows: number }).rows;
    } finally {
      database.close();
    }
  };
  return {
    segments: count('log.db', 'SELECT count(*) AS rows FROM segment WHERE shard = ?'),
    results: count('reads.db', 'SELECT count(*) AS rows FROM result WHERE shard = ?'),
    facts: count('reads.db', 'SELECT count(*) AS rows FROM unit_fact WHERE shard = ?'),
    projected: count('reads.db', 'SELECT count(*) AS rows FROM cursor WHERE shard = ?'),
    cursors: count('webhooks.db', 'SELECT count(*) AS rows FROM cursor WHERE job = ?'),
    deliveries: count('webhooks.db', "SELECT count(*) AS rows FROM delivery WHERE json_extract(record, '$.job') = ?"),
  };
};

const NOTHING = { segments: 0, results: 0, facts: 0, projected: 0, cursors: 0, deliveries: 0 };

test('RN1: a job that was deleted is gone for all who ask, over a start, too, and its number is never used again', async () => {
  const first = await startGrid();
  const sue = await Submitter.join(first);
  const { body: job } = await sue.submit<JobView>(null);
  await compute(first, job.id);
  expect(await sue.call('DELETE', `/v1/jobs/${job.id}`)).toMatchObject({
    status: 200,
    body: { id: job.id, number: job.number, cleared: true },
  });
  const check = async (grid: TestGrid): Promise<void> => {
    for (const path of ['', '/results', '/units', '/units/0', '/facts', '/events', '/archive', '/units/0/result']) {
      expect(await codeOf(await grid.rest.call('GET', `/v1/jobs/${job.id}${path}`))).toEqual([410, 'job-deleted']);
    }
    for (const verb of ['cancel', 'retry', 'hold'])
      expect(await codeOf(await grid.rest.call('POST', `/v1/jobs/${job.id}/${verb}`))).toEqual([410, 'job-deleted']);
    expect(await codeOf(await grid.rest.call('DELETE', `/v1/jobs/${job.id}`))).toEqual([410, 'job-deleted']);
    expect((await grid.rest.json<{ items: unknown[] }>('GET', '/v1/jobs')).items.length).toBeLessThan(2);
  };
  await check(first);
  const grid = await first.restart();
  await check(grid);
  expect((await grid.rest.submit(1)).number).toBe(job.number + 1);
});

test('RN1: whose it was is told so, and to others there never was such a job', async () => {
  const grid = await startGrid();
  const [sue, otto] = [await Submitter.join(grid), await Submitter.join(grid, 'Otto')];
  const { body: job } = await sue.submit<JobView>(null);
  await sue.call('POST', `/v1/jobs/${job.id}/cancel`);
  expect((await otto.call('DELETE', `/v1/jobs/${job.id}`)).body.code).toBe('job-unknown');
  expect((await sue.call('DELETE', `/v1/jobs/${job.id}`)).status).toBe(200);
  expect((await sue.call('GET', `/v1/jobs/${job.id}`)).body.code).toBe('job-deleted');
  expect((await otto.call('GET', `/v1/jobs/${job.id}`)).body.code).toBe('job-unknown');
});

test('RN2: a job that has not ended is refused, and goes on', async () => {
  const grid = await startGrid();
  const { id } = await grid.rest.submit(3);
  expect(await codeOf(await grid.rest.call('DELETE', `/v1/jobs/${id}`))).toEqual([409, 'job-open']);
  await grid.rest.json('POST', `/v1/jobs/${id}/hold`);
  expect(await codeOf(await grid.rest.call('DELETE', `/v1/jobs/${id}`))).toEqual([409, 'job-open']);
  await grid.rest.json('POST', `/v1/jobs/${id}/release`);
  await compute(grid, id);
  expect((await remove(grid, id)).cleared).toBe(true);
});

test('RN3: what devices have earned stays theirs, over starts, too', async () => {
  const first = await startGrid();
  const [one, other] = [await done(first, 30), await done(first, 7)];
  const before = await devices(first);
  expect(before).toMatchObject([{ credit: 30 }, { credit: 7 }]);
  await remove(first, one.id);
  expect(await devices(first)).toEqual(before);
  const second = await first.restart();
  expect(await devices(second)).toEqual(before);
  await remove(second, other.id);
  expect(await devices(await second.restart())).toEqual(before);
});

test('RN4: nothing of it is left in the log, the tables and the webhooks; other jobs are untouched', async () => {
  const grid = await startGrid({ env: ANY });
  const receiver = await openReceiver();
  await register(grid.rest, receiver.url);
  const [gone, stays] = [await done(grid), await done(grid)];
  for (const { id } of [gone, stays]) await grid.rest.allResults(id);
  await eventually(() => expect(receiver.of('job.completed')).toHaveLength(2));
  const before = rowsOf(grid.data, stays.number);
  for (const rows of Object.values(rowsOf(grid.data, gone.number))) expect(rows).toBeGreaterThan(0);
  await remove(grid, gone.id);
  expect(rowsOf(grid.data, gone.number)).toEqual(NOTHING);
  expect(rowsOf(grid.data, stays.number)).toEqual(before);
  expect(await grid.rest.allResults(stays.id)).toHaveLength(20);
});

test('RN4: what a webhook has not been told of it is told no more', async () => {
  const grid = await startGrid({ env: ANY });
  const receiver = await openReceiver();
  receiver.answer = (response) => response.writeHead(503).end();
  await register(grid.rest, receiver.url);
  const gone = await done(grid);
  await eventually(() => expect(receiver.received.length).toBeGreaterThan(0));
  await remove(grid, gone.id);
  const tries = receiver.received.length;
  receiver.answer = (response) => response.writeHead(204).end();
  const next = await done(grid);
  await eventually(() => expect(receiver.of('job.completed').map(({ data }) => data.job)).toContain(next.id));
  expect(receiver.received.slice(tries).every(({ event }) => 'job' in event.data && event.data.job === next.id)).toBe(
    true,
  );
  expect(rowsOf(grid.data, gone.number)).toEqual(NOTHING);
});

test('RN5: a result that comes late for a deleted job is refused, and costs its tab nothing else', async () => {
  const grid = await startGrid();
  const { id } = await grid.rest.submit(1);
  const device = await grid.device();
  const [lease] = await device.work();
  await grid.rest.json('POST', `/v1/jobs/${id}/cancel`);
  await remove(grid, id);
  const { report } = await import('../harness/device.ts');
  const answer = await device.exchange({ slots: 0, reports: [report(lease!, undefined, { ticket: true })] });
  expect(answer.statuses).toHaveLength(1);
  const next = await grid.rest.submit(1);
  await compute(grid, next.id);
});

/** A grid whose appends the test makes fail. */
const faulty = async (data?: string) => {
  let log: FaultyLog | null = null;
  const open = async (config: Config) => {
    log = new FaultyLog(await openStores(config));
    return log.stores;
  };
  const grid = await startGrid({ open, ...(data === undefined ? {} : { data }) });
  return { grid, log: log as unknown as FaultyLog };
};

const FULL = { kind: 'fail', error: new StorageFull('no room'), written: false } as const;
const OK = { kind: 'ok' } as const;

test('RN12: what failed of a job is not retried while its deletion is being written, and may be when it was not', async () => {
  const { grid, log } = await faulty();
  const fails = (unit: number): boolean => unit === 1;
  const { id } = await grid.rest.submit(3, { limits: { maxErrors: 1 } });
  await compute(grid, id, fails);
  const other = await done(grid);
  const retry = () => grid.rest.call('POST', `/v1/jobs/${id}/retry`);

  log.faults.push(FULL);
  expect((await grid.rest.call('DELETE', `/v1/jobs/${id}`)).status).toBe(507);
  // It is known soon that it was not written.
  await eventually(async () => expect((await retry()).status).toBe(200));
  await compute(grid, id, fails);

  log.holding = true;
  const removing = remove(grid, id);
  await eventually(() => expect(log.held.length).toBeGreaterThan(0));
  expect(await codeOf(await retry())).toEqual([410, 'job-deleted']);
  log.flow();
  expect(await removing).toMatchObject({ id, cleared: true });
  expect(await remove(grid, other.id)).toMatchObject({ cleared: true });
});

// The appends of a deletion: that it is accepted, what is kept of it, that it is cleared.
test.each([
  [1, 'what devices have earned could not be written'],
  [2, 'that nothing is left could not be written'],
])('RN6: what was accepted is carried out by itself when, after %i appends, %s', async (after) => {
  const { grid, log } = await faulty();
  const job = await done(grid);
  const before = await devices(grid);
  log.faults.push(...Array.from({ length: after }, () => OK), FULL, FULL);
  expect(await remove(grid, job.id)).toMatchObject({ cleared: false });
  expect(await codeOf(await grid.rest.call('GET', `/v1/jobs/${job.id}`))).toEqual([410, 'job-deleted']);
  expect(await devices(grid)).toEqual(before);
  await eventually(() => expect(rowsOf(grid.data, job.number)).toEqual(NOTHING));
  expect(await devices(await grid.restart())).toEqual(before);
});

test.each([1, 2])('RN6: and by the next start, when the coordinator dies after %i appends', async (after) => {
  const { grid, log } = await faulty();
  const job = await done(grid);
  const before = await devices(grid);
  log.faults.push(...Array.from({ length: after }, () => OK), ...Array.from({ length: 1000 }, () => FULL));
  await remove(grid, job.id);
  await grid.coordinator.close();
  const { grid: next } = await faulty(grid.data);
  expect(await devices(next)).toEqual(before);
  await eventually(() => expect(rowsOf(next.data, job.number)).toEqual(NOTHING));
  expect(await codeOf(await next.rest.call('GET', `/v1/jobs/${job.id}`))).toEqual([410, 'job-deleted']);
  expect(await devices(await next.restart())).toEqual(before);
});

test('RN6: one that could not be written is not accepted; where that is not known, it is found out', async () => {
  const { grid, log } = await faulty();
  const job = await done(grid);
  log.faults.push(FULL);
  expect(await codeOf(await grid.rest.call('DELETE', `/v1/jobs/${job.id}`))).toEqual([507, 'storage-full']);
  expect(await grid.rest.job(job.id)).toMatchObject({ state: 'completed' });
  log.faults.push({ kind: 'fail', error: new OutcomeUnknown('lost'), written: true });
  expect(await codeOf(await grid.rest.call('DELETE', `/v1/jobs/${job.id}`))).toEqual([503, 'unavailable']);
  await eventually(async () => {
    expect(await codeOf(await grid.rest.call('GET', `/v1/jobs/${job.id}`))).toEqual([410, 'job-deleted']);
    expect(rowsOf(grid.data, job.number)).toEqual(NOTHING);
  });
  expect(await devices(grid)).toMatchObject([{ credit: 20 }]);
});

test('RN8: the request that made a deleted job, sent again, makes no other one', async () => {
  const grid = await startGrid();
  const program = await grid.rest.upload('export const run = (x) => x;');
  const spec = { name: 'Once', program, source: { kind: 'range', start: 0, stop: 1 } };
  const headers = {
    authorization: 'Bearer operator-key-of-these-tests',
    'content-type': 'application/json',
    'idempotency-key': 'once',
  };
  const send = () => fetch(`${grid.rest.url}/v1/jobs`, { method: 'POST', body: JSON.stringify(spec), headers });
  const { id } = (await (await send()).json()) as JobView;
  await grid.rest.json('POST', `/v1/jobs/${id}/cancel`);
  await remove(grid, id);
  expect(await codeOf(await send())).toEqual([410, 'job-deleted']);
});
