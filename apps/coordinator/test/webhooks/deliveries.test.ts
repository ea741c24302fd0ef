import type { JobView } from '@gossamer/protocol';
import { OUTCOME } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import type { TestGrid } from '../harness/grid.ts';
import { eventually, startGrid } from '../harness/grid.ts';
import { lend } from '../harness/lend.ts';
import type { TestDevice } from '../harness/device.ts';
import { report } from '../harness/device.ts';
import { ANY, register, verify } from './hook.ts';
import type { Receiver } from './receiver.ts';
import { openReceiver } from './receiver.ts';

const upTo = (units: number): number[] => Array.from({ length: units }, (_, unit) => unit);

const ended = async (grid: TestGrid, ...jobs: JobView[]): Promise<boolean> => {
  const views = await Promise.all(jobs.map(({ id }) => grid.rest.job(id)));
  return views.every(({ state }) => state === 'completed');
};

const compute = async (grid: TestGrid, slots: number, ...jobs: JobView[]): Promise<void> =>
  lend(await grid.device(), () => ended(grid, ...jobs), undefined, slots);

/** What a device gets for two slots; gives the units. */
const computeSome = async (device: TestDevice): Promise<number[]> => {
  const held = await device.work(2);
  await device.exchange({ slots: 0, reports: held.map((lease) => report(lease)) });
  return held.flatMap(({ units }) => units);
};

const types = (receiver: Receiver): string[] => receiver.received.map(({ event }) => event.type);

test('HK1: every final result of a job comes once, in the order of the list, then its end', async () => {
  const grid = await startGrid({ env: ANY });
  const receiver = await openReceiver();
  await register(grid.rest, receiver.url);
  const job = await grid.rest.submit(1000);
  await compute(grid, 50, job);
  await eventually(() => expect(types(receiver)).toContain('job.completed'));
  expect(receiver.units()).toEqual((await grid.rest.allResults(job.id)).map(({ unit }) => unit));
  expect(receiver.units().toSorted((a, b) => a - b)).toEqual(upTo(1000));
  expect(types(receiver).at(-1)).toBe('job.completed');
  expect(types(receiver).filter((type) => type === 'job.completed')).toHaveLength(1);
  for (const { data } of receiver.of('results.added')) {
    expect(data).toMatchObject({ job: job.id, jobName: 'A job' });
    for (const { unit, output } of data.results) expect(output).toBe(unit * 2);
  }
  expect(receiver.of('job.completed')[0]!.data).toMatchObject({
    job: job.id,
    units: { total: 1000, validated: 1000, failed: 0 },
  });
});

test('HK1: a job that is cancelled says so after its results, with the reason; what failed has its error', async () => {
  const grid = await startGrid({ env: ANY });
  const receiver = await openReceiver();
  await register(grid.rest, receiver.url);
  const job = await grid.rest.submit(3, { limits: { maxErrors: 1 } });
  const device = await grid.device();
  const [lease] = await device.work(1);
  const failed = report(lease!, () => 'no such table', { outcome: OUTCOME.errored });
  await device.exchange({ slots: 0, reports: [failed] });
  await grid.rest.json('POST', `/v1/jobs/${job.id}/cancel`, { reason: 'a wrong table' });
  await eventually(() => expect(types(receiver)).toContain('job.cancelled'));
  expect(types(receiver)).toEqual(['results.added', 'job.cancelled']);
  expect(receiver.of('results.added')[0]!.data.results).toMatchObject([
    { error: expect.stringContaining('no such table') },
  ]);
  expect(receiver.of('job.cancelled')[0]!.data).toMatchObject({ reason: 'a wrong table' });
});

test('HK2: each try has the same id and body and is signed anew, as the official library verifies', async () => {
  const grid = await startGrid({ env: ANY, limits: { webhooks: { retriesMs: [1200, 1200, 1200] } } });
  const receiver = await openReceiver();
  receiver.answer = (response) => response.writeHead(receiver.received.length < 3 ? 503 : 200).end();
  const { secret } = await register(grid.rest, receiver.url);
  const job = await grid.rest.submit(20);
  await compute(grid, 20, job);
  await eventually(() => expect(types(receiver)).toContain('job.completed'));
  const [first, second, third] = receiver.received;
  for (const again of [second!, third!]) expect([again.id, again.body]).toEqual([first!.id, first!.body]);
  const times = [first!, second!, third!].map(({ headers }) => headers['webhook-timestamp']);
  expect(new Set(times).size).toBe(3);
  for (const received of receiver.received) expect(verify(secret, received)).toEqual(received.event);
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(receiver.received.length - 2);
});

test('HK3: after a rotation both secrets verify what is sent', async () => {
  const grid = await startGrid({ env: ANY });
  const receiver = await openReceiver();
  const hook = await register(grid.rest, receiver.url);
  const { secret } = await grid.rest.json<{ secret: string }>('POST', `${hook.path}/rotate`);
  expect(secret).not.toBe(hook.secret);
  await grid.rest.json('POST', `${hook.path}/test`);
  await eventually(() => expect(receiver.received).toHaveLength(1));
  const [received] = receiver.received;
  expect([verify(secret, received!), verify(hook.secret, received!)]).toEqual([received!.event, received!.event]);
});

test('HK8: deliveries of one job come one after the other; HK9: of several jobs a bounded number at once', async () => {
  const grid = await startGrid({ env: ANY, limits: { webhooks: { concurrentPerWebhook: 3 } } });
  const receiver = await openReceiver();
  const open = new Map<string, number>();
  let most = 0;
  receiver.answer = (response, { event }) => {
    const { job } = event.data as { job: string };
    open.set(job, (open.get(job) ?? 0) + 1);
    most = Math.max(
      most,
      [...open.values()].reduce((sum, n) => sum + n, 0),
    );
    if (open.get(job)! > 1) throw new Error(`two deliveries of ${job} at once`);
    setTimeout(() => {
      open.set(job, open.get(job)! - 1);
      response.end();
    }, 20);
  };
  await register(grid.rest, receiver.url);
  const jobs = await Promise.all(upTo(8).map(() => grid.rest.submit(30)));
  await compute(grid, 10, ...jobs);
  await eventually(() => expect(receiver.of('job.completed')).toHaveLength(8));
  expect(receiver.units()).toHaveLength(8 * 30);
  expect(most).toBe(3);
});

test('HK9: a webhook whose receiver never answers holds up no other', async () => {
  const grid = await startGrid({
    env: ANY,
    limits: { webhooks: { concurrent: 6, concurrentPerWebhook: 2, timeoutMs: 600_000 } },
  });
  const hanging = await openReceiver();
  hanging.answer = () => undefined;
  const receiver = await openReceiver();
  await register(grid.rest, hanging.url);
  await register(grid.rest, hanging.url);
  await register(grid.rest, receiver.url);
  const jobs = await Promise.all(upTo(6).map(() => grid.rest.submit(20)));
  await compute(grid, 20, ...jobs);
  await eventually(() => expect(receiver.of('job.completed')).toHaveLength(6));
  expect(receiver.units()).toHaveLength(6 * 20);
  // Two each, and none of them was answered.
  expect(hanging.received).toHaveLength(4);
});

test('HK17: a large result is told by its size and where to read it, and a delivery is bounded', async () => {
  const grid = await startGrid({ env: ANY });
  const receiver = await openReceiver();
  receiver.answer = (response) => void holding.push(() => response.end());
  const holding: (() => void)[] = [];
  await register(grid.rest, receiver.url);
  const outputOf = (unit: number) => 'x'.repeat(unit === 7 ? 20_000 : unit < 60 ? 10_000 : 1);
  const job = await grid.rest.submit(400);
  await lend(
    await grid.device(),
    () => ended(grid, job),
    (lease) => report(lease, (unit) => JSON.stringify(outputOf(unit))),
    100,
  );
  await eventually(() => {
    for (const go of holding.splice(0)) go();
    expect(types(receiver)).toContain('job.completed');
  });
  expect(receiver.units().toSorted((a, b) => a - b)).toEqual(upTo(400));
  const batches = receiver.of('results.added').map(({ data }) => data.results);
  for (const batch of batches) {
    expect(batch.length).toBeLessThanOrEqual(200);
    expect(JSON.stringify(batch).length).toBeLessThan(300_000);
  }
  const large = batches.flat().find(({ unit }) => unit === 7)!;
  expect(large).toEqual({
    unit: 7,
    size: 20_002,
    href: `http://localhost:${grid.port}/v1/jobs/${job.id}/units/7/result`,
  });
  const read = await grid.rest.call('GET', new URL(large.href!).pathname);
  expect(await read.json()).toBe(outputOf(7));
  expect(batches.flat().find(({ unit }) => unit === 8)).toEqual({ unit: 8, output: outputOf(8) });
});

test('HK18: holding and releasing are told in their order among the results, with the reason', async () => {
  const grid = await startGrid({ env: ANY });
  const receiver = await openReceiver();
  const events = ['job.held', 'job.released', 'results.added', 'job.completed'] as const;
  await register(grid.rest, receiver.url, { events: [...events] });
  const job = await grid.rest.submit(4);
  const device = await grid.device();
  await computeSome(device);
  await grid.rest.json('POST', `/v1/jobs/${job.id}/hold`, { reason: 'look at “this”' });
  await grid.rest.json('POST', `/v1/jobs/${job.id}/release`, { reason: 'it is “that”' });
  while (!(await ended(grid, job))) await computeSome(device);
  await eventually(() => expect(types(receiver)).toContain('job.completed'));
  const order = types(receiver);
  expect(order.filter((type, i) => type !== order[i - 1])).toEqual([
    'results.added',
    'job.held',
    'job.released',
    'results.added',
    'job.completed',
  ]);
  expect(receiver.of('job.held')[0]!.data.reason).toBe('look at “this”');
  expect(receiver.of('job.released')[0]!.data.reason).toBe('it is “that”');
});

test('HK20: a webhook begins with what happens after it was registered, or on request with the beginning', async () => {
  const grid = await startGrid({ env: ANY });
  const done = await grid.rest.submit(5);
  await compute(grid, 5, done);
  const job = await grid.rest.submit(6);
  const device = await grid.device();
  const [lease] = await device.work(1);
  await device.exchange({ slots: 0, reports: [report(lease!)] });
  await eventually(async () => expect((await grid.rest.job(job.id)).units.validated).toBe(1));
  const [now, all, one] = [await openReceiver(), await openReceiver(), await openReceiver()];
  await register(grid.rest, now.url);
  await register(grid.rest, all.url, { from: 'start' });
  await register(grid.rest, one.url, { job: done.id, from: 'start' });
  await compute(grid, 5, job);
  await eventually(() => {
    for (const [receiver, jobs] of [
      [now, 1],
      [all, 2],
      [one, 1],
    ] as const) {
      expect(receiver.of('job.completed')).toHaveLength(jobs);
    }
  });
  const first = lease!.units[0]!;
  expect(now.units().toSorted((a, b) => a - b)).toEqual(upTo(6).filter((unit) => unit !== first));
  expect(all.units()).toHaveLength(5 + 6);
  expect(one.units()).toHaveLength(5);
  expect(one.of('job.completed')[0]!.data.job).toBe(done.id);
});

test('HK28: events that are added are told from the last one on that it was told of', async () => {
  const grid = await startGrid({ env: { ...ANY, GOSSAMER_LEASE_UNITS: '1' } });
  const receiver = await openReceiver();
  const hook = await register(grid.rest, receiver.url, { events: ['job.held'] });
  const job = await grid.rest.submit(8);
  const device = await grid.device();
  const before = await computeSome(device);
  await grid.rest.json('POST', `/v1/jobs/${job.id}/hold`, {});
  await grid.rest.json('POST', `/v1/jobs/${job.id}/release`);
  await eventually(() => expect(types(receiver)).toEqual(['job.held']));
  const after = [...(await computeSome(device)), ...(await computeSome(device))];
  await hook.patch({ events: ['results.added'] });
  await eventually(() => expect(receiver.units().toSorted((a, b) => a - b)).toEqual(after.toSorted((a, b) => a - b)));
  expect(receiver.units()).not.toContain(before[0]);
});
