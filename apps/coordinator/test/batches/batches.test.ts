import type {
  BatchChanged,
  BatchCreated,
  BatchView,
  FactView,
  JobSpecInput,
  JobView,
  Page,
  Problem,
} from '@gossamer/protocol';
import { OutcomeUnknown, StorageFull } from '@gossamer/store';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chanceOfTest, pause } from '../harness/chance.ts';
import { withKey } from '../harness/child.ts';
import { heldOf, report } from '../harness/device.ts';
import type { TestGrid } from '../harness/grid.ts';
import { eventually, OPERATOR_KEY, PROGRAM, Rest, startGrid, temporaryDirectory } from '../harness/grid.ts';
import { Submitter } from '../harness/signing.ts';
import { compute } from '../upkeep/failing.ts';
import { failLast, faulty } from './doubt.ts';

const KILLS = Number(process.env['GOSSAMER_KILLS'] ?? 5);

const jobsOf = (program: string, count: number, units = 2): JobSpecInput[] =>
  Array.from({ length: count }, (_, at) => ({
    name: `job ${at}`,
    program: program as JobSpecInput['program'],
    source: { kind: 'range', start: 0, stop: units },
    policy: { kind: 'quorum', quorum: 1 },
  }));

const post = (rest: Rest, body: unknown, key?: string): Promise<Response> => {
  const headers: Record<string, string> = {
    authorization: `Bearer ${OPERATOR_KEY}`,
    'content-type': 'application/json',
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  };
  return fetch(`${rest.url}/v1/batches`, { method: 'POST', headers, body: JSON.stringify(body) });
};

const make = async (grid: TestGrid, count: number, units?: number): Promise<BatchCreated> => {
  const program = await grid.rest.upload(PROGRAM);
  const response = await post(grid.rest, { name: 'A batch', jobs: jobsOf(program, count, units) });
  expect(response.status).toBe(201);
  return (await response.json()) as BatchCreated;
};

const listed = async (rest: Rest, query = ''): Promise<JobView[]> =>
  (await rest.json<Page<JobView>>('GET', `/v1/jobs?limit=1000${query}`)).items;

const view = (grid: TestGrid, id: string): Promise<BatchView> => grid.rest.json('GET', `/v1/batches/${id}`);

const order = (grid: TestGrid, id: string, verb: string, reason?: string): Promise<BatchChanged> =>
  grid.rest.json('POST', `/v1/batches/${id}/${verb}`, reason === undefined ? undefined : { reason });

test('BA1: a thousand jobs are made by one request, each a job like any other, and computed', async () => {
  const grid = await startGrid();
  const { batch, jobs } = await make(grid, 1000, 1);
  expect(batch).toMatchObject({ name: 'A batch', jobs: { total: 1000, running: 1000 }, units: { total: 1000 } });
  expect(new Set(jobs).size).toBe(1000);
  const views = await listed(grid.rest, `&batch=${batch.id}`);
  expect(views.map(({ id }) => id).reverse()).toEqual(jobs);
  expect(views.map(({ name }) => name).reverse()).toEqual(Array.from({ length: 1000 }, (_, at) => `job ${at}`));
  for (const job of views.slice(0, 3)) expect(job).toMatchObject({ batch: batch.id, state: 'running', fact: 1 });
  const device = await grid.device();
  const [lease] = heldOf(await device.exchange({ slots: 1 }));
  await device.exchange({ slots: 0, reports: [report(lease!)] });
  expect((await view(grid, batch.id)).units.validated).toBe(lease!.units.length);
  const refused = await post(grid.rest, { name: 'B', jobs: jobsOf('0'.repeat(64), 1001) });
  expect([refused.status, ((await refused.json()) as Problem).code]).toEqual([400, 'request-invalid']);
});

test('BA1: so it is after a start', async () => {
  const first = await startGrid();
  const { batch, jobs } = await make(first, 5);
  const before = await listed(first.rest);
  const grid = await first.restart();
  expect(await listed(grid.rest)).toEqual(before);
  await compute(grid, jobs[2]!);
  expect(await view(grid, batch.id)).toMatchObject({ jobs: { total: 5 }, units: { total: 10 } });
  expect((await grid.rest.submit(1)).number).toBe(6);
});

test.each([
  ['a source without units', { source: { kind: 'range', start: 5, stop: 5 } }, 422, 'source-empty'],
  ['a program that is not there', { program: '0'.repeat(64) }, 404, 'blob-unknown'],
  ['a policy that cannot be kept', { policy: { kind: 'check' } }, 422, 'program-exports'],
  ['a field that does not fit', { weight: -1 }, 400, 'request-invalid'],
])('BA2: with %s in one job none is made, and the place is told', async (_what, change, status, code) => {
  const grid = await startGrid();
  const program = await grid.rest.upload(PROGRAM);
  const jobs = jobsOf(program, 6);
  Object.assign(jobs[3]!, change);
  const response = await post(grid.rest, { name: 'A batch', jobs });
  const problem = (await response.json()) as Problem;
  expect([response.status, problem.code]).toEqual([status, code]);
  expect(`${problem.detail} ${problem.errors?.map(({ path }) => path).join()}`).toMatch(/jobs\.3/);
  expect(await listed(grid.rest)).toEqual([]);
  expect((await grid.rest.submit(1)).number).toBe(1);
});

test('BA2: a batch that is over a quota as a whole is refused as a whole', async () => {
  const grid = await startGrid();
  const sue = await Submitter.join(grid);
  await grid.rest.json('PATCH', `/v1/keys/${sue.key.id}`, { quota: { openJobs: 3 } });
  const program = await grid.rest.upload(PROGRAM);
  const spec = (count: number) => ({ name: 'B', jobs: jobsOf(program, count) });
  expect((await sue.call('POST', '/v1/batches', spec(4))).body.code).toBe('quota-exceeded');
  expect((await sue.call('POST', '/v1/batches', spec(3))).status).toBe(201);
  expect((await sue.call('POST', '/v1/batches', spec(1))).body.code).toBe('quota-exceeded');
  expect(await listed(grid.rest)).toHaveLength(3);
});

const segmentsOf = (data: string): number[] => {
  const database = new Database(join(data, 'log.db'), { readonly: true });
  try {
    return database.prepare('SELECT DISTINCT shard FROM segment ORDER BY shard').pluck().all() as number[];
  } finally {
    database.close();
  }
};

const FULL = { kind: 'fail', error: new StorageFull('no room'), written: false } as const;
const OK = { kind: 'ok' } as const;

// The appends of a batch: the numbers, the logs of the jobs (some at a time), that it is made.
test.each([0, 1, 2])(
  'BA3: where there is no room after %i appends all jobs are there or none, and nothing is left of those that are not',
  async (after) => {
    const { grid, log } = await faulty();
    const program = await grid.rest.upload(PROGRAM);
    log.faults.push(...Array.from({ length: after }, () => OK), FULL);
    const response = await post(grid.rest, { name: 'A batch', jobs: jobsOf(program, 20) });
    // Many logs may begin in one append or in some: then it is made.
    if (response.status !== 201) {
      expect([response.status, ((await response.json()) as Problem).code]).toEqual([507, 'storage-full']);
      expect(await listed(grid.rest)).toEqual([]);
      await eventually(() => expect(segmentsOf(grid.data)).toEqual([]));
      expect(await listed((await grid.restart()).rest)).toEqual([]);
    } else expect(await listed(grid.rest)).toHaveLength(20);
  },
);

test('BA3: what could not be cleared before the coordinator ended is passed over by the next start, and cleared', async () => {
  const { grid, log } = await faulty();
  const program = await grid.rest.upload(PROGRAM);
  const never = Array.from({ length: 1000 }, () => FULL);
  const response = await failLast(log, post(grid.rest, { name: 'B', jobs: jobsOf(program, 3) }), false, () =>
    log.faults.push(...never),
  );
  expect(response.status).toBe(503);
  await grid.coordinator.close();
  expect(segmentsOf(grid.data)).toHaveLength(3);
  const next = await startGrid({ data: grid.data });
  expect(await listed(next.rest)).toEqual([]);
  await eventually(() => expect(segmentsOf(grid.data)).toEqual([]));
  expect((await next.rest.submit(1)).number).toBe(4);
});

test('BA3: where it is not known whether it was made, that is found out before it is answered', async () => {
  for (const written of [true, false]) {
    const { grid, log } = await faulty();
    const program = await grid.rest.upload(PROGRAM);
    const response = await failLast(log, post(grid.rest, { name: 'A batch', jobs: jobsOf(program, 3) }), written);
    expect(response.status).toBe(written ? 201 : 503);
    expect(await listed(grid.rest)).toHaveLength(written ? 3 : 0);
    const next = await grid.restart();
    expect(await listed(next.rest)).toHaveLength(written ? 3 : 0);
    await eventually(() => expect(segmentsOf(grid.data)).toHaveLength(written ? 3 : 0));
  }
});

test('BA3: where that cannot be found out yet, its jobs are seen, or gone, with the batch when it can', async () => {
  for (const written of [true, false]) {
    const { grid, log } = await faulty();
    const program = await grid.rest.upload(PROGRAM);
    const asked = post(grid.rest, { name: 'A batch', jobs: jobsOf(program, 3) });
    // The first try to find it out fails, too.
    const response = await failLast(log, asked, written, () => log.claimErrors.push(new OutcomeUnknown('lost')));
    expect(response.status).toBe(503);
    expect(await listed(grid.rest)).toEqual([]);
    await eventually(() => grid.rest.json('POST', '/v1/keys', { role: 'submitter', name: 'New' }));
    await eventually(async () => expect(await listed(grid.rest)).toHaveLength(written ? 3 : 0));
    const { items } = await grid.rest.json<Page<BatchView>>('GET', '/v1/batches');
    expect(items.map(({ jobs }) => jobs.total)).toEqual(written ? [3] : []);
    await eventually(() => expect(segmentsOf(grid.data)).toHaveLength(written ? 3 : 0));
  }
});

test('BA4: a request that is sent again while it is not known what came of it makes one batch', async () => {
  for (const written of [true, false]) {
    const { grid, log } = await faulty();
    const program = await grid.rest.upload(PROGRAM);
    const body = { name: 'A batch', jobs: jobsOf(program, 3) };
    const asked = post(grid.rest, body, 'once');
    const response = await failLast(log, asked, written, () => log.claimErrors.push(new OutcomeUnknown('lost')));
    expect(response.status).toBe(503);
    expect((await post(grid.rest, body, 'once')).status).toBe(201);
    const { items } = await grid.rest.json<Page<BatchView>>('GET', '/v1/batches');
    expect(items.map(({ jobs }) => jobs.total)).toEqual([3]);
    expect(await listed(grid.rest)).toHaveLength(3);
  }
});

test('BA3: after kill -9 at any moment all of its jobs are there or none, and what is there goes on', async () => {
  const chance = chanceOfTest();
  const data = temporaryDirectory();
  const seen = { all: 0, none: 0 };
  let known = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const child = withKey(data);
    const rest = new Rest((await child.ready).port);
    const program = await rest.upload(PROGRAM);
    let isAnswered = false;
    const asked = post(rest, { name: `batch ${kill}`, jobs: jobsOf(program, 300) }).then(
      ({ status }) => (isAnswered = status === 201),
      () => undefined,
    );
    await pause(chance() * 150);
    await child.kill();
    await asked;
    const next = withKey(data);
    const again = new Rest((await next.ready).port);
    const { items } = await again.json<Page<BatchView>>('GET', '/v1/batches');
    const made = items.length - known;
    expect(made === 1 || (made === 0 && !isAnswered)).toBe(true);
    known = items.length;
    for (const { jobs } of items) expect(jobs).toMatchObject({ total: 300, running: 300 });
    expect(await listed(again, '&state=running')).toHaveLength(Math.min(1000, 300 * known));
    seen[made === 1 ? 'all' : 'none'] += 1;
    await next.kill();
  }
  expect(seen.all + seen.none).toBe(KILLS);
}, 400_000);

test('BA4: the same request under the same key makes one batch, at once and over a start, and another one under it is refused', async () => {
  const first = await startGrid();
  const program = await first.rest.upload(PROGRAM);
  const spec = { name: 'Once', jobs: jobsOf(program, 3) };
  const both = await Promise.all([post(first.rest, spec, 'k'), post(first.rest, spec, 'k')]);
  const [one, other] = (await Promise.all(both.map((response) => response.json()))) as [BatchCreated, BatchCreated];
  expect(other).toEqual(one);
  expect(both.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(1);
  const grid = await first.restart();
  expect(await (await post(grid.rest, spec, 'k')).json()).toMatchObject({
    batch: { id: one.batch.id },
    jobs: one.jobs,
  });
  expect(await listed(grid.rest)).toHaveLength(3);
  const changed = await post(grid.rest, { ...spec, name: 'Twice' }, 'k');
  expect([changed.status, ((await changed.json()) as Problem).code]).toEqual([422, 'idempotency-key-reused']);
});

test('BA5: its view counts jobs by state and their units, and those that were deleted', async () => {
  const grid = await startGrid();
  const { batch, jobs } = await make(grid, 5);
  const other = await make(grid, 2);
  const alone = await grid.rest.submit(1);
  await grid.rest.json('POST', `/v1/jobs/${jobs[0]}/hold`);
  await grid.rest.json('POST', `/v1/jobs/${jobs[1]}/cancel`);
  await grid.rest.json('POST', `/v1/jobs/${jobs[2]}/cancel`);
  await grid.rest.json('DELETE', `/v1/jobs/${jobs[2]}`);
  expect(await view(grid, batch.id)).toMatchObject({
    jobs: { total: 5, running: 2, held: 1, cancelled: 1, completed: 0, deleted: 1 },
    units: { total: 8, pending: 6, cancelled: 2 },
  });
  expect((await listed(grid.rest, `&batch=${batch.id}&state=held`)).map(({ id }) => id)).toEqual([jobs[0]]);
  expect(await listed(grid.rest, `&batch=${other.batch.id}`)).toHaveLength(2);
  expect((await grid.rest.job(alone.id)).batch).toBeNull();
  const page = await grid.rest.json<Page<BatchView>>('GET', '/v1/batches?limit=1');
  expect(page.items.map(({ id }) => id)).toEqual([other.batch.id]);
  const rest = await grid.rest.json<Page<BatchView>>('GET', `/v1/batches?limit=1&after=${page.next}`);
  expect([rest.items[0]!.id, rest.next]).toEqual([batch.id, null]);
});

test('BA6: orders reach all jobs that have not ended, at once, and say how many changed', async () => {
  const grid = await startGrid();
  const { batch, jobs } = await make(grid, 4);
  await grid.rest.json('POST', `/v1/jobs/${jobs[0]}/cancel`);
  expect(await order(grid, batch.id, 'hold', 'a look')).toMatchObject({ changed: 3, batch: { jobs: { held: 3 } } });
  expect(await order(grid, batch.id, 'hold')).toMatchObject({ changed: 0 });
  expect(await grid.rest.job(jobs[1]!)).toMatchObject({ state: 'held', reason: 'a look' });
  expect(await order(grid, batch.id, 'release', 'seen')).toMatchObject({ changed: 3, batch: { jobs: { running: 3 } } });
  const { items } = await grid.rest.json<Page<FactView>>('GET', `/v1/jobs/${jobs[2]}/facts`);
  expect(items.at(-1)).toMatchObject({ kind: 'released', text: 'The job was released: seen' });
  const device = await grid.device();
  const [lease] = await device.work(1);
  expect(await order(grid, batch.id, 'cancel', 'enough')).toMatchObject({
    changed: 3,
    batch: { jobs: { cancelled: 4 } },
  });
  // Its tab is told.
  await eventually(() => expect(device.heard('revoke').length).toBeGreaterThan(0));
  expect(lease).toBeDefined();
  expect(await order(grid, batch.id, 'cancel')).toMatchObject({ changed: 0 });
  expect(await (await grid.restart()).rest.json('GET', `/v1/batches/${batch.id}`)).toMatchObject({
    jobs: { cancelled: 4 },
  });
});

test('BA7: a submitter sees and orders its own batches only, an operator all', async () => {
  const grid = await startGrid();
  const [sue, otto] = [await Submitter.join(grid), await Submitter.join(grid, 'Otto')];
  const program = await grid.rest.upload(PROGRAM);
  const { body } = await sue.call<BatchCreated>('POST', '/v1/batches', { name: 'B', jobs: jobsOf(program, 2) });
  const { id } = body.batch;
  for (const [method, path] of [
    ['GET', `/v1/batches/${id}`],
    ['POST', `/v1/batches/${id}/cancel`],
    ['GET', `/v1/jobs?batch=${id}`],
  ] as const) {
    expect(await otto.call(method, path)).toMatchObject({ status: 404, body: { code: 'batch-unknown' } });
  }
  expect((await otto.call<Page<BatchView>>('GET', '/v1/batches')).body.items).toEqual([]);
  expect((await sue.call<Page<BatchView>>('GET', '/v1/batches')).body.items).toHaveLength(1);
  expect((await view(grid, id)).jobs.running).toBe(2);
});
