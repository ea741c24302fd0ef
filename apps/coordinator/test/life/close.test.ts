import { EVENTS, REPORT_STATUS } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { openStores } from '../../src/start.ts';
import { withKey } from '../harness/child.ts';
import { report, TestDevice } from '../harness/device.ts';
import { FaultyLog } from '../harness/faulty-log.ts';
import { afterwards, eventually, OPERATOR_KEY, Rest, startGrid, temporaryDirectory } from '../harness/grid.ts';

/** A shutdown that waits for something that does not come is ended after 15 s. */
const SECONDS = 10_000;

test('LI20: a graceful close answers every parked exchange, says goodbye, and ends within seconds, streams or not', async () => {
  const grid = await startGrid();
  const job = await grid.rest.submit(1, { policy: { kind: 'quorum', quorum: 16 } });
  const devices = await Promise.all(Array.from({ length: 10 }, () => grid.device()));
  await grid.rest.json('POST', `/v1/jobs/${job.id}/hold`);
  const parked = devices.map((device) => device.exchange());
  const headers = { authorization: `Bearer ${OPERATOR_KEY}` };
  const stream = await fetch(`${grid.rest.url}/v1/jobs/${job.id}/events`, { headers });
  const lines = await fetch(`${grid.rest.url}/v1/jobs/${job.id}/results?follow=true`, {
    headers: { ...headers, accept: 'application/x-ndjson' },
  });
  await eventually(async () => expect(await grid.rest.json('GET', '/v1/grid')).toMatchObject({ sessions: 10 }));
  const started = performance.now();
  await grid.coordinator.close();
  expect(performance.now() - started).toBeLessThan(SECONDS);
  for (const answer of await Promise.all(parked)) expect(answer).toMatchObject({ leases: [], retryAfterMs: 0 });
  for (const device of devices) await eventually(() => expect(device.heard(EVENTS.leaving)).toHaveLength(1));
  for (const device of devices) await eventually(() => expect(device.socket!.connected).toBe(false));
  await Promise.all([stream.text(), lines.text()]);
});

test('LI21: what is being written when the close begins is written, and its reporter is told', async () => {
  let log: FaultyLog | null = null;
  const before = await startGrid({
    open: async (config) => {
      log = new FaultyLog(await openStores(config));
      return log.stores;
    },
  });
  const { id } = await before.rest.submit(1);
  const device = await before.device();
  const [lease] = await device.work();
  log!.holding = true;
  const reported = device.exchange({ slots: 0, reports: [report(lease!)] });
  await eventually(() => expect(log!.held).toHaveLength(1));
  const closed = before.coordinator.close();
  await new Promise((resolve) => setTimeout(resolve, 100));
  log!.flow();
  expect((await reported).statuses).toEqual([REPORT_STATUS.accepted]);
  await closed;
  const grid = await before.restart();
  expect((await grid.rest.job(id)).state).toBe('completed');
});

test('LI22: SIGTERM ends the process with 0 within seconds, with volunteers connected', async () => {
  const child = withKey(temporaryDirectory());
  const { port } = await child.ready;
  const rest = new Rest(port);
  const { id } = await rest.submit(3);
  const devices = [new TestDevice(), new TestDevice()];
  afterwards(() => devices.forEach((device) => device.close()));
  for (const device of devices) await device.signIn(port);
  await devices[0]!.work(3);
  const parked = devices[1]!.exchange();
  const headers = { authorization: `Bearer ${OPERATOR_KEY}` };
  const stream = await fetch(`${rest.url}/v1/jobs/${id}/events`, { headers });
  const started = performance.now();
  expect(await child.kill('SIGTERM')).toBe(0);
  expect(performance.now() - started).toBeLessThan(SECONDS);
  expect((await parked).leases).toEqual([]);
  await stream.text();
});

test('LI23: the process makes no unhandled rejections under a device that comes and goes in the middle of things', async () => {
  const child = withKey(temporaryDirectory(), { GOSSAMER_SESSION_GRACE_MS: '0' });
  const { port } = await child.ready;
  const rest = new Rest(port);
  const { id } = await rest.submit(500, { policy: { kind: 'quorum', quorum: 2 }, limits: { maxAttempts: 1000 } });
  for (let i = 0; i < 30; i++) {
    const device = new TestDevice();
    await device.signIn(port);
    void device.exchange({ slots: 4 }).catch(() => undefined);
    void device.exchange({ slots: 4 }).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, i % 7));
    device.close();
  }
  await rest.json('POST', `/v1/jobs/${id}/cancel`);
  expect((await rest.job(id)).state).toBe('cancelled');
  await eventually(async () => expect((await rest.job(id)).attempts.leased).toBe(0));
  expect(await child.kill('SIGTERM')).toBe(0);
  expect(child.stderr).toBe('');
});
