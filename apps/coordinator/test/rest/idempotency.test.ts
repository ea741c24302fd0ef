import type { JobSpecInput, JobView, KeyCreated, Page, Problem } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { openStores } from '../../src/start.ts';
import { FaultyLog } from '../harness/faulty-log.ts';
import type { TestGrid } from '../harness/grid.ts';
import { eventually, OPERATOR_KEY, PROGRAM, startGrid } from '../harness/grid.ts';

const spec = async (grid: TestGrid, more: Partial<JobSpecInput> = {}): Promise<JobSpecInput> => ({
  name: 'A job',
  program: await grid.rest.upload(PROGRAM),
  source: { kind: 'range', start: 0, stop: 3 },
  ...more,
});

const submit = async (grid: TestGrid, body: JobSpecInput, idempotencyKey: string, apiKey: string = OPERATOR_KEY) => {
  const response = await fetch(`${grid.rest.url}/v1/jobs`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': idempotencyKey,
    },
    body: JSON.stringify(body),
  });
  const replayed = response.headers.get('idempotency-replayed') === 'true';
  const { id, code } = (await response.json()) as Partial<JobView & Problem>;
  return { status: response.status, replayed, id, code };
};

const jobs = async (grid: TestGrid): Promise<number> =>
  (await grid.rest.json<Page<JobView>>('GET', '/v1/jobs')).items.length;

test('IK1: the same request under the same key makes one job, also at once and over a start', async () => {
  const grid = await startGrid();
  const body = await spec(grid);
  const atOnce = await Promise.all(Array.from({ length: 5 }, () => submit(grid, body, 'a')));
  const [first] = atOnce;
  for (const { status, id } of atOnce) expect([status, id]).toEqual([201, first!.id]);
  expect(atOnce.filter(({ replayed }) => !replayed)).toHaveLength(1);
  const again = await grid.restart();
  expect(await submit(again, body, 'a')).toMatchObject({ status: 201, id: first!.id, replayed: true });
  expect(await submit(again, body, 'b')).toMatchObject({ status: 201, replayed: false });
  expect(await jobs(again)).toBe(2);
});

test('IK2: another request under the same key is refused, and makes no job', async () => {
  const grid = await startGrid();
  const body = await spec(grid);
  await submit(grid, body, 'a');
  const other = { ...body, source: { kind: 'range', start: 0, stop: 4 } } as const;
  expect(await submit(grid, other, 'a')).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
  const both = await Promise.all([submit(grid, body, 'b'), submit(grid, other, 'b')]);
  expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 422]);
  expect(await jobs(grid)).toBe(2);
  for (const key of ['', 'x'.repeat(201), 'a b']) {
    expect(await submit(grid, body, key)).toMatchObject({ status: 400, code: 'request-invalid' });
  }
});

test('IK3: a key is its caller’s own', async () => {
  const grid = await startGrid();
  const body = await spec(grid);
  const first = await submit(grid, body, 'a');
  const sue = await grid.rest.json<KeyCreated>('POST', '/v1/keys', { role: 'submitter', name: 'Sue' });
  const hers = await submit(grid, body, 'a', sue.secret);
  expect(hers).toMatchObject({ status: 201, replayed: false });
  expect(hers.id).not.toBe(first.id);
});

test('IK4: a request that failed may be sent again, whether its job was written or not', async () => {
  for (const [which, written] of [
    [0, false],
    [0, true],
    [1, false],
    [1, true],
  ] as const) {
    let log: FaultyLog | undefined;
    const open = async (config: Config) => (log = new FaultyLog(await openStores(config))).stores;
    const grid = await startGrid({ open });
    const body = await spec(grid);
    // The first write registers the number, the second one begins the job's own log.
    for (let at = 0; at < which; at++) log!.faults.push({ kind: 'ok' });
    log!.faults.push({ kind: 'fail', error: new Error('the disk said no'), written });
    expect((await submit(grid, body, 'a')).status).toBe(503);
    await eventually(async () => expect((await submit(grid, body, 'a')).status).toBe(201));
    expect(await jobs(grid)).toBe(1);
    expect((await submit(await grid.restart(), body, 'a')).replayed).toBe(true);
  }
});

test('IK4: a bad request takes no key', async () => {
  const grid = await startGrid();
  const body = await spec(grid);
  const empty = { ...body, source: { kind: 'range', start: 0, stop: 0 } } as const;
  expect(await submit(grid, empty, 'a')).toMatchObject({ code: 'source-empty' });
  expect(await submit(grid, body, 'a')).toMatchObject({ status: 201, replayed: false });
});
