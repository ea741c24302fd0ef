import type { FactView, JobView, Page, UnitView } from '@gossamer/protocol';
import { StorageFull } from '@gossamer/store';
import { expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { openStores } from '../../src/start.ts';
import { report } from '../harness/device.ts';
import { FaultyLog } from '../harness/faulty-log.ts';
import { eventually, OPERATOR_KEY, startGrid } from '../harness/grid.ts';
import { frames } from '../harness/sse.ts';
import { settles } from './world.ts';

/** A job of one unit whose result was reported, and waits for its commit. */
const reported = async () => {
  let log: FaultyLog | undefined;
  const open = async (config: Config) => (log = new FaultyLog(await openStores(config))).stores;
  const grid = await startGrid({ open });
  const { id } = await grid.rest.submit(1);
  const device = await grid.device();
  const [lease] = await device.work(1);
  const headers = { authorization: `Bearer ${OPERATOR_KEY}` };
  const events = await fetch(`${grid.rest.url}/v1/jobs/${id}/events`, { headers });
  const stream = frames(events);
  const first = (await stream.nextEvent())!;
  expect(first.data).toContain('"state":"running"');
  log!.holding = true;
  const acknowledged = device.exchange({ slots: 0, reports: [report(lease!)] });
  await eventually(() => expect(log!.held).toHaveLength(1));
  return { ...grid, id, first, log: log!, stream, acknowledged };
};

test('RT34: what is not on disk yet is not told, neither in answers nor in events; then it is', async () => {
  const { rest, id, log, stream, acknowledged } = await reported();
  const asked = [
    rest.job(id),
    rest.unit(id, 0),
    rest.json('GET', '/v1/jobs'),
    rest.json('GET', '/v1/devices'),
  ] as const;
  const event = stream.nextEvent();
  expect(await settles(Promise.race([...asked, event, acknowledged]), 1000)).toBe(false);
  log.flow();
  expect(await asked[0]).toMatchObject({ state: 'completed' } satisfies Partial<JobView>);
  expect(await asked[1]).toMatchObject({ state: 'validated' } satisfies Partial<UnitView>);
  await Promise.all([asked[2], asked[3], acknowledged]);
  expect((await event)!.data).toContain('"state":"completed"');
});

test('RT34: what could not be written was never told', async () => {
  const { rest, id, log, acknowledged } = await reported();
  const asked = rest.call('GET', `/v1/jobs/${id}`);
  log.holding = false;
  log.held.splice(0).forEach(({ go }) => go({ kind: 'fail', error: new StorageFull('full'), written: false }));
  const answer = await asked;
  // Whoever asked before it failed is told to ask again, and sees what is true then.
  expect(answer.status === 503 || ((await answer.json()) as JobView).state === 'running').toBe(true);
  expect((await acknowledged).retryAfterMs).toBeGreaterThan(0);
  expect(await eventually(() => rest.job(id))).toMatchObject({ state: 'running' });
});

test('LI27: an event shows no more than its id says, and who comes back while the end is written is told of it', async () => {
  const { rest, id, first, log, stream, acknowledged } = await reported();
  const headers = { authorization: `Bearer ${OPERATOR_KEY}`, 'last-event-id': first.id! };
  const again = fetch(`${rest.url}/v1/jobs/${id}/events`, { headers });
  const anew = fetch(`${rest.url}/v1/jobs/${id}/events`, { headers: { authorization: headers.authorization } });
  // Both streams begin at once, and tell nothing yet.
  await settles(Promise.all([again, anew]), 1000);
  log.flow();
  await acknowledged;
  const { items } = await rest.json<Page<FactView>>('GET', `/v1/jobs/${id}/facts`);
  const last = String(items.at(-1)!.fact);
  expect((await again).status).toBe(200);
  for (const reader of [stream, frames(await again), frames(await anew)]) {
    const end = (await reader.nextEvent())!;
    expect(JSON.parse(end.data!)).toMatchObject({ state: 'completed', fact: Number(last) });
    expect(end.id).toBe(last);
    expect(await reader.nextEvent()).toBeNull();
  }
});

test('LI27: so it is while a job whose facts may not have been written cannot be taken up again', async () => {
  for (const written of [true, false]) {
    const { rest, id, first, log, acknowledged } = await reported();
    log.claimErrors.push(...Array.from({ length: 1000 }, () => new StorageFull('full')));
    log.holding = false;
    log.held.splice(0).forEach(({ go }) => go({ kind: 'fail', error: new StorageFull('full'), written }));
    await acknowledged;
    const view = await eventually(() => rest.job(id));
    const { items } = await rest.json<Page<FactView>>('GET', `/v1/jobs/${id}/facts`);
    expect(view).toMatchObject({ state: written ? 'completed' : 'running', fact: items.at(-1)!.fact });
    expect(view.fact > Number(first.id)).toBe(written);
    log.claimErrors.splice(0);
  }
});
