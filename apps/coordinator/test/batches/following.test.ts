import type { BatchCreated, BatchView, JobSpecInput, Page, FactView } from '@gossamer/protocol';
import { ENCODING, resultOutcome } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { openStores } from '../../src/start.ts';
import { report } from '../harness/device.ts';
import { FaultyLog } from '../harness/faulty-log.ts';
import type { TestGrid } from '../harness/grid.ts';
import { eventually, OPERATOR_KEY, PROGRAM, startGrid } from '../harness/grid.ts';
import { lend } from '../harness/lend.ts';
import { frames } from '../harness/sse.ts';
import { contentsOf } from '../../../../scripts/lib/zip.mjs';
import { lines } from '../harness/result-lines.ts';
import { settles } from '../runtime/world.ts';
import { compute } from '../upkeep/failing.ts';

const jobsOf = (program: string, count: number): JobSpecInput[] =>
  Array.from({ length: count }, (_, at) => ({
    name: `job ${at}`,
    program: program as JobSpecInput['program'],
    source: { kind: 'range', start: 0, stop: 3 + at },
    policy: { kind: 'quorum', quorum: 1 },
  }));

const make = async (grid: TestGrid, count: number, rest: object = {}): Promise<BatchCreated> => {
  const program = await grid.rest.upload(PROGRAM);
  return grid.rest.json('POST', '/v1/batches', { name: 'A batch', jobs: jobsOf(program, count), ...rest });
};

test('BA9: the archive of a batch has a folder for each job with all that is final, in their order, bytes as they are', async () => {
  const grid = await startGrid();
  const { batch, jobs } = await make(grid, 4);
  const [, bytes, gone, cancelled] = jobs as unknown as [string, string, string, string];
  const device = await grid.device();
  await grid.rest.json('POST', `/v1/jobs/${cancelled}/cancel`);
  await lend(
    device,
    async () => (await grid.rest.json<BatchView>('GET', `/v1/batches/${batch.id}`)).jobs.running === 0,
    (lease) => {
      const whole = report(lease);
      // The second job gives bytes.
      if (lease.job === 2)
        for (const attempt of whole.attempts)
          Object.assign(attempt, { outcome: resultOutcome(ENCODING.bytes), body: Uint8Array.of(0, 255) });
      return whole;
    },
  );
  await grid.rest.json('DELETE', `/v1/jobs/${gone}`);

  const response = await grid.rest.call('GET', `/v1/batches/${batch.id}/archive`);
  expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${batch.id}.zip"`);
  const found = await contentsOf(Buffer.from(await response.arrayBuffer()));
  expect(JSON.parse(found.get('batch.json')!.toString())).toMatchObject({
    id: batch.id,
    jobs: { total: 4, deleted: 1 },
  });
  const left = [jobs[0]!, bytes, cancelled];
  expect([...found.keys()].filter((name) => name.endsWith('job.json'))).toEqual(
    left.map((id) => `jobs/${id}/job.json`),
  );
  const counts = left.map((id) => lines(found.get(`jobs/${id}/results.ndjson`)!).length);
  expect(counts).toEqual([3, 4, 0]);
  expect([...found.keys()].filter((name) => name.includes('/outputs/'))).toHaveLength(4);
  expect(found.get(`jobs/${bytes}/outputs/3.bin`)).toEqual(Buffer.of(0, 255));
});

test('BA10: a batch is told of at each change, from the first state to its end, and the stream ends with its last job', async () => {
  const grid = await startGrid();
  const { batch, jobs } = await make(grid, 2);
  const response = await grid.rest.call('GET', `/v1/batches/${batch.id}/events`);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const stream = frames(response);
  const next = async (): Promise<BatchView | null> => {
    const frame = await stream.nextEvent();
    if (frame === null) return null;
    expect(frame.event).toBe('batch');
    return JSON.parse(frame.data!) as BatchView;
  };
  expect(await next()).toMatchObject({ jobs: { running: 2 }, units: { total: 7, validated: 0 } });
  for (const id of jobs) await compute(grid, id);
  let last: BatchView | null = null;
  while (last?.units.validated !== 7) last = await next();
  expect(last.jobs).toMatchObject({ running: 0, completed: 2 });
  expect(await next()).toBeNull();
  const again = frames(await grid.rest.call('GET', `/v1/batches/${batch.id}/events`));
  expect(await again.nextEvent()).toMatchObject({ event: 'batch' });
  expect(await again.next()).toBeNull();
});

test('BA10: a batch that stands still is silent, and goes on to be told of', async () => {
  const grid = await startGrid();
  const { batch } = await make(grid, 1);
  const stream = frames(await grid.rest.call('GET', `/v1/batches/${batch.id}/events`));
  await stream.nextEvent();
  await grid.rest.json('POST', `/v1/batches/${batch.id}/hold`);
  const held = JSON.parse((await stream.nextEvent())!.data!) as BatchView;
  expect(held.jobs).toMatchObject({ running: 0, held: 1 });
  await stream.cancel();
});

test('BA12: events of a batch have ids; who knows the present state is told of the next one, who knows the end gets 204', async () => {
  const grid = await startGrid();
  const { batch, jobs } = await make(grid, 2);
  const path = `/v1/batches/${batch.id}/events`;
  const open = (lastId: string | null): Promise<Response> => {
    const headers = {
      authorization: `Bearer ${OPERATOR_KEY}`,
      ...(lastId === null ? {} : { 'last-event-id': lastId }),
    };
    return fetch(grid.rest.url + path, { headers });
  };
  const first = frames(await open(null));
  const { id: known } = (await first.nextEvent())!;
  await first.cancel();
  expect(known).toMatch(/^0\.\d+$/);

  // Nothing has happened: the stream says nothing, and then what happens.
  const resumed = frames(await open(known));
  expect(await resumed.next()).toMatchObject({ event: null });
  await grid.rest.json('POST', `/v1/batches/${batch.id}/hold`, { reason: 'a look' });
  const held = (await resumed.nextEvent())!;
  await resumed.cancel();
  expect(held.id).not.toBe(known);
  expect(JSON.parse(held.data!)).toMatchObject({ jobs: { held: 2 } });
  // It has happened meanwhile: that is told at once. So it is to who knows what is none of ours.
  for (const lastId of [known, '9.9', 'x']) {
    const late = frames(await open(lastId));
    expect(await late.next()).toMatchObject({ event: 'batch', id: held.id });
    await late.cancel();
  }

  await grid.rest.json('POST', `/v1/batches/${batch.id}/cancel`);
  const last = frames(await open(held.id));
  const ended = (await last.nextEvent())!;
  expect(JSON.parse(ended.data!)).toMatchObject({ jobs: { cancelled: 2 } });
  expect(await last.next()).toBeNull();
  const over = await open(ended.id);
  expect([over.status, await over.text()]).toEqual([204, '']);
  // After a start it is the same state, and a job that goes makes it another one.
  const again = await grid.restart();
  const after = await fetch(again.rest.url + path, {
    headers: { authorization: `Bearer ${OPERATOR_KEY}`, 'last-event-id': ended.id! },
  });
  expect(after.status).toBe(204);
  await again.rest.json('DELETE', `/v1/jobs/${jobs[0]}`);
  const fewer = await fetch(again.rest.url + path, {
    headers: { authorization: `Bearer ${OPERATOR_KEY}`, 'last-event-id': ended.id! },
  });
  expect(await frames(fewer).nextEvent()).toMatchObject({ id: expect.stringMatching(/^1\./) });
});

test('BA17: an event shows no more than its id says, and who comes back while the end is written is told of it', async () => {
  let log: FaultyLog | undefined;
  const grid = await startGrid({
    open: async (config: Config) => (log = new FaultyLog(await openStores(config))).stores,
  });
  const { batch } = await make(grid, 2);
  const path = `${grid.rest.url}/v1/batches/${batch.id}/events`;
  const headers = { authorization: `Bearer ${OPERATOR_KEY}` };
  const first = frames(await fetch(path, { headers }));
  const { id: known } = (await first.nextEvent())!;
  await first.cancel();
  log!.holding = true;
  const cancelled = grid.rest.json('POST', `/v1/batches/${batch.id}/cancel`);
  await eventually(() => expect(log!.held.length).toBeGreaterThan(0));
  const asked = Promise.all([
    fetch(path, { headers: { ...headers, 'last-event-id': known! } }),
    fetch(path, { headers }),
  ]);
  // Both streams begin at once, and tell nothing yet.
  await settles(asked, 1000);
  log!.flow();
  await cancelled;
  const answers = await asked;
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  const streams = answers.map(frames);
  const ids = [];
  for (const stream of streams) {
    const { id, data } = (await stream.nextEvent())!;
    expect(JSON.parse(data!)).toMatchObject({ jobs: { cancelled: 2 } });
    ids.push(id!);
    expect(await stream.nextEvent()).toBeNull();
  }
  expect(ids[1]).toBe(ids[0]);
  expect(ids[0]).not.toBe(known);
  const over = await fetch(path, { headers: { ...headers, 'last-event-id': ids[0]! } });
  expect(over.status).toBe(204);
});

test('BA13: the archive of a batch that has ended has an ETag, which changes with its jobs’ histories and when one is deleted', async () => {
  const grid = await startGrid();
  const { batch, jobs } = await make(grid, 2);
  const path = `/v1/batches/${batch.id}/archive`;
  const get = async (etag?: string) => {
    const headers = {
      authorization: `Bearer ${OPERATOR_KEY}`,
      ...(etag === undefined ? {} : { 'if-none-match': etag }),
    };
    const response = await fetch(grid.rest.url + path, { headers });
    const body = Buffer.from(await response.arrayBuffer());
    return { status: response.status, etag: response.headers.get('etag'), body };
  };
  await grid.rest.json('POST', `/v1/jobs/${jobs[0]}/cancel`);
  expect(await get()).toMatchObject({ status: 200, etag: null });
  await compute(grid, jobs[1]!);
  const ended = await get();
  expect(ended).toMatchObject({ status: 200, etag: expect.stringMatching(/^W\/"0\.\d+"$/) });
  expect(await get(ended.etag!)).toMatchObject({ status: 304, etag: ended.etag, body: Buffer.alloc(0) });
  await grid.rest.json('DELETE', `/v1/jobs/${jobs[1]}`);
  const fewer = await get(ended.etag!);
  expect(fewer).toMatchObject({ status: 200, etag: expect.stringMatching(/^W\/"1\.\d+"$/) });
  expect([...(await contentsOf(fewer.body)).keys()].filter((name) => name.endsWith('job.json'))).toHaveLength(1);
});

test('BA11: of a batch that is made held nothing is given out, not after a start either, before it is released', async () => {
  const first = await startGrid();
  const { batch, jobs } = await make(first, 3, { held: true });
  expect(batch.jobs).toMatchObject({ total: 3, running: 0, held: 3 });
  const other = await first.rest.submit(1, { priority: -10 });
  const [lease] = await (await first.device()).work(1);
  expect(lease!.job).toBe(other.number);
  for (const id of jobs) {
    const { items } = await first.rest.json<Page<FactView>>('GET', `/v1/jobs/${id}/facts`);
    // One cause, and so one write: a crash leaves no job that is there and not held.
    expect(items.map(({ fact, kind }) => [fact, kind])).toEqual([
      [1, 'created'],
      [2, 'held'],
    ]);
    expect(items[1]!.cause).toBe(items[0]!.cause);
  }
  const grid = await first.restart();
  expect(await grid.rest.json('GET', `/v1/batches/${batch.id}`)).toMatchObject({ jobs: { held: 3 } });
  expect(await grid.rest.job(jobs[0]!)).toMatchObject({ state: 'held', reason: 'its batch was made held' });
  await grid.rest.json('POST', `/v1/batches/${batch.id}/release`);
  for (const id of jobs) await compute(grid, id);
  await eventually(async () => {
    expect(await grid.rest.json('GET', `/v1/batches/${batch.id}`)).toMatchObject({ units: { validated: 12 } });
  });
});

test('RS10: a job that waits behind others names no time; what it did before says nothing of that', async () => {
  const grid = await startGrid();
  const { id } = await grid.rest.submit(4000);
  const device = await grid.device();
  const [lease] = await device.work(1);
  await device.exchange({ slots: 1, reports: [report(lease!)] });
  expect(await grid.rest.job(id)).toMatchObject({ waiting: null, estimate: { leftMs: expect.any(Number) } });
  device.close();
  const waits = await eventually(async () => {
    const view = await grid.rest.job(id);
    expect(view.waiting).not.toBeNull();
    return view;
  });
  expect(waits.estimate).toMatchObject({ leftMs: null, attemptsPerUnit: 1 });
});
