import type { JobRetried, JobView, Problem, ResultView } from '@gossamer/protocol';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TestGrid } from '../harness/grid.ts';
import { eventually, startGrid } from '../harness/grid.ts';
import { grant, signed, Submitter } from '../harness/signing.ts';
import { ANY, register } from '../webhooks/hook.ts';
import { openReceiver } from '../webhooks/receiver.ts';
import { compute } from './failing.ts';

const isThird = (unit: number): boolean => unit % 3 === 0;
const HASTY = { limits: { maxErrors: 1 } };

const retry = (grid: TestGrid, id: string): Promise<JobRetried> => grid.rest.json('POST', `/v1/jobs/${id}/retry`);

/** A job of 10 units, of which 0, 3, 6 and 9 have failed. */
const failed = async (grid: TestGrid): Promise<JobView> => {
  const job = await grid.rest.submit(10, HASTY);
  await compute(grid, job.id, isThird);
  return job;
};

const lines = async (grid: TestGrid, id: string, query = ''): Promise<ResultView[]> => {
  const response = await fetch(`${grid.rest.url}/v1/jobs/${id}/results${query}`, {
    headers: { authorization: 'Bearer operator-key-of-these-tests', accept: 'application/x-ndjson' },
  });
  return (await response.text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ResultView);
};

test('RF13: what failed of a complete job is computed once more, and the job completes again', async () => {
  const grid = await startGrid();
  const { id } = await failed(grid);
  const before = await grid.rest.job(id);
  expect(before).toMatchObject({ state: 'completed', units: { validated: 6, failed: 4 } });
  const { job, retried } = await retry(grid, id);
  expect([retried, job]).toMatchObject([4, { state: 'running', completedAt: null, units: { failed: 0, pending: 4 } }]);
  expect(await grid.rest.unit(id, 3)).toMatchObject({ state: 'pending', reason: null, errors: 0 });
  await compute(grid, id);
  const after = await grid.rest.job(id);
  expect(after).toMatchObject({ state: 'completed', units: { validated: 10, failed: 0 } });
  expect(after.completedAt).toBeGreaterThanOrEqual(before.completedAt!);
  const history = await grid.rest.unitFacts(id, 3);
  expect(history.map(({ kind }) => kind)).toEqual(['errored', 'failed', 'retried', 'returned', 'judged']);
  expect(await (await grid.rest.call('GET', `/v1/jobs/${id}/units/3/result`)).json()).toBe(6);
});

test.each(['kept', 'deleted'])(
  'RF9: the list of results only grows: failures stay at their cursors and are superseded, what came of the units follows; over a start with the read model %s, too',
  async (model) => {
    const first = await startGrid();
    const { id } = await failed(first);
    const early = await first.rest.allResults(id);
    expect(early.filter(({ error }) => error !== undefined).map(({ unit }) => unit)).toEqual([0, 3, 6, 9]);
    await retry(first, id);
    const between = await first.rest.allResults(id, 3);
    expect(between.map(({ superseded: _, ...line }) => line)).toEqual(early);
    for (const { error, superseded } of between) expect(superseded).toBe(error === undefined ? undefined : true);
    await compute(first, id, (unit) => unit === 9);
    const grid = await first.restart(() => {
      if (model === 'deleted')
        for (const end of ['', '-wal', '-shm']) rmSync(join(first.data, `reads.db${end}`), { force: true });
    });
    const all = await grid.rest.allResults(id, 3);
    expect(all.slice(0, 10)).toEqual(between);
    const later = (await grid.rest.results(id, 100, early.at(-1)!.cursor)).items;
    expect(all.slice(10)).toEqual(later);
    expect(later.map(({ unit, output, error, superseded }) => [unit, output ?? error, superseded])).toEqual(
      expect.arrayContaining([
        [0, 0, undefined],
        [3, 6, undefined],
        [6, 12, undefined],
        [9, expect.stringContaining('no luck with 9'), undefined],
      ]),
    );
    // The last failure of a unit is the one that stands, until it is retried, too.
    expect(await lines(grid, id)).toEqual(all);
    expect((await retry(grid, id)).retried).toBe(1);
    expect((await grid.rest.allResults(id)).filter(({ unit }) => unit === 9).map((line) => line.superseded)).toEqual([
      true,
      true,
    ]);
  },
);

test('RF14: when nothing has failed nothing changes', async () => {
  const grid = await startGrid();
  const { id } = await grid.rest.submit(2);
  const { fact } = await grid.rest.job(id);
  expect(await retry(grid, id)).toMatchObject({ retried: 0, job: { fact, state: 'running' } });
  await compute(grid, id);
  expect(await retry(grid, id)).toMatchObject({ retried: 0, job: { state: 'completed' } });
});

test('RF15: a cancelled job and one whose signer was revoked are refused, and nothing is opened', async () => {
  const grid = await startGrid();
  const job = await grid.rest.submit(3, HASTY);
  await grid.rest.json('POST', `/v1/jobs/${job.id}/cancel`);
  const refused = await grid.rest.call('POST', `/v1/jobs/${job.id}/retry`);
  expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'job-cancelled' }]);
  const sue = await Submitter.join(grid);
  const pair = await sue.signer();
  await grant(grid, pair);
  const { body } = await sue.submit<JobView>(await signed(pair), HASTY);
  await compute(grid, body.id, () => true);
  await sue.call('DELETE', `/v1/signers/${pair.key}`);
  const { status, body: problem } = await sue.call<Problem>('POST', `/v1/jobs/${body.id}/retry`);
  expect([status, problem.code]).toEqual([403, 'signer-revoked']);
  expect(await grid.rest.job(body.id)).toMatchObject({ state: 'completed', units: { failed: 3 } });
});

test('RF10: webhooks are told what comes after a retry, and once more that the job is complete, each with what it was complete with', async () => {
  const grid = await startGrid({ env: ANY, limits: { webhooks: { retriesMs: [300, 300, 300, 300, 300, 300] } } });
  const receiver = await openReceiver();
  const hook = await register(grid.rest, receiver.url);
  const { id } = await failed(grid);
  await eventually(() => expect(receiver.of('job.completed')).toHaveLength(1));
  expect(receiver.of('job.completed')[0]!.data.units).toEqual({ total: 10, validated: 6, failed: 4 });
  // From here on it hears of nothing for a while: what is to be told waits in the log.
  await hook.patch({ active: false });
  await retry(grid, id);
  await compute(grid, id, (unit) => unit === 9);
  await hook.patch({ active: true });
  await eventually(() => expect(receiver.of('job.completed')).toHaveLength(2));
  const { items } = await grid.rest.json<{ items: { id: string; type: string }[] }>('GET', `${hook.path}/deliveries`);
  const first = items.filter(({ type }) => type === 'job.completed').at(-1)!;
  await grid.rest.json('POST', `${hook.path}/deliveries/${first.id}/redeliver`);
  await eventually(() => expect(receiver.of('job.completed')).toHaveLength(3));
  expect(receiver.of('job.completed').map(({ data }) => data.units.validated)).toEqual([6, 9, 6]);
  const bodies = receiver.received.filter((received) => received.id === first.id).map(({ body }) => body);
  expect(new Set(bodies).size).toBe(1);
  const told = receiver.of('results.added').flatMap(({ data }) => data.results.map(({ unit }) => unit));
  expect(told).toEqual((await grid.rest.allResults(id)).map(({ unit }) => unit));
});

test('RF10: so they are when the retry, the results or the end came while no coordinator ran that could tell', async () => {
  const first = await startGrid({ env: ANY });
  const receiver = await openReceiver();
  const hook = await register(first.rest, receiver.url);
  const { id } = await failed(first);
  await eventually(() => expect(receiver.of('job.completed')).toHaveLength(1));
  await hook.patch({ active: false });
  await retry(first, id);
  await compute(first, id);
  const grid = await first.restart();
  await grid.rest.json('PATCH', hook.path, { active: true });
  await eventually(() => expect(receiver.of('job.completed')).toHaveLength(2));
  expect(receiver.of('job.completed')[1]!.data.units).toEqual({ total: 10, validated: 10, failed: 0 });
  // And no more often, over another start.
  const last = await grid.restart();
  await grid.rest.call('GET', '/healthz').catch(() => undefined);
  const next = await last.rest.submit(1);
  await compute(last, next.id);
  await eventually(() => expect(receiver.of('job.completed').map(({ data }) => data.job)).toContain(next.id));
  expect(receiver.of('job.completed').filter(({ data }) => data.job === id)).toHaveLength(2);
});

test('RF11: the stream of events goes on for who comes back, and tells the second end', async () => {
  const grid = await startGrid();
  const { id } = await failed(grid);
  const { fact } = await grid.rest.job(id);
  const events = (last: number) =>
    fetch(`${grid.rest.url}/v1/jobs/${id}/events`, {
      headers: { authorization: 'Bearer operator-key-of-these-tests', 'last-event-id': String(last) },
    });
  expect((await events(fact)).status).toBe(204);
  await retry(grid, id);
  const stream = await events(fact);
  expect(stream.status).toBe(200);
  await compute(grid, id);
  const states = [...(await stream.text()).matchAll(/"state":"(\w+)"/g)].map(([, state]) => state);
  expect([states[0], states.at(-1)]).toEqual(['running', 'completed']);
});
