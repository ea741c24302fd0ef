import type { DeviceForgotten, DeviceRecord, DeviceView, Page } from '@gossamer/protocol';
import { EVENTS, REPORT_STATUS } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { report, TestDevice } from '../harness/device.ts';
import { bytesUnder } from '../harness/files.ts';
import type { TestGrid } from '../harness/grid.ts';
import { afterwards, eventually, startGrid } from '../harness/grid.ts';

const PLATFORM = 'Chrome 987 on a distinctive system';
const ENV = { GOSSAMER_TRUST_PROXY: '1' };
const QUORUM = { policy: { kind: 'quorum', quorum: 2 } } as const;

const from = (address: string) => ({ 'x-forwarded-for': address });

/** A device of the platform of these tests, signed in from an address. */
const join = async (grid: TestGrid, address: string, device = new TestDevice()): Promise<TestDevice> => {
  afterwards(() => device.close());
  await device.connect(grid.port, from(address));
  const { nonce } = (await device.hello({ platform: PLATFORM })) as { nonce: string };
  device.welcome = (await device.ask(EVENTS.proof, { signature: device.sign(nonce) })) as TestDevice['welcome'];
  return device;
};

const recordOf = async (device: TestDevice, after?: string): Promise<DeviceRecord> =>
  (await device.ask(EVENTS.record, after === undefined ? {} : { after })) as DeviceRecord;

const forget = async (device: TestDevice): Promise<DeviceForgotten> =>
  (await device.ask(EVENTS.forget, {})) as DeviceForgotten;

const devicesOf = async (grid: TestGrid): Promise<DeviceView[]> =>
  (await grid.rest.json<Page<DeviceView>>('GET', '/v1/devices')).items;

test('PV10: after a device had itself forgotten, no byte of the data directory tells its key, platform, id or network', async () => {
  const grid = await startGrid({ env: ENV });
  const job = await grid.rest.submit(3, QUORUM);
  const [one, other] = [await join(grid, '198.51.100.7'), await join(grid, '203.0.113.9')];
  const [lease] = await one.work();
  await one.exchange({ slots: 0, reports: [report(lease!)] });
  // It comes back from other networks: all are told of. The operator names it, too.
  const first = (await recordOf(one)).network!;
  for (const address of ['198.18.0.1', '100.64.9.9', '192.0.2.1']) {
    one.close();
    await join(grid, address, one);
  }
  const { id, publicKey, network } = await recordOf(one);
  await grid.rest.json('PATCH', `/v1/devices/${id}`, { apart: true });
  expect(network).not.toBe(first);
  const needles = [publicKey, id, PLATFORM, first, network!];
  const before = bytesUnder(grid.data);
  for (const needle of needles) expect([needle, before.includes(needle)]).toEqual([needle, true]);

  expect(await forget(one)).toEqual({ number: 1, released: 0, erased: true });
  const after = bytesUnder(grid.data);
  // The other one has the same platform.
  for (const needle of [publicKey, id, first, network!])
    expect([needle, after.includes(needle)]).toEqual([needle, false]);
  expect(after.includes(other.publicKey)).toBe(true);
  await forget(other);
  expect(bytesUnder(grid.data).includes(PLATFORM)).toBe(false);

  // What was computed stays, of nobody; also after a start.
  const next = await grid.restart();
  expect(await devicesOf(next)).toEqual([]);
  const units = await next.rest.json<Page<{ attempts: unknown[] }>>('GET', `/v1/jobs/${job.id}/units`);
  const attempts = units.items.flatMap((unit) => unit.attempts);
  expect(attempts.length).toBeGreaterThan(0);
  for (const attempt of attempts) expect(attempt).toMatchObject({ device: null, state: 'returned' });
  for (const needle of [...needles, other.publicKey]) expect(bytesUnder(next.data).includes(needle)).toBe(false);
});

test('PV17: in which networks a device was before is emptied at the next start; its last one stays, and so does the device', async () => {
  const grid = await startGrid({ env: ENV });
  const device = await join(grid, '198.51.100.7');
  const networks = [(await recordOf(device)).network!];
  for (const address of ['192.0.2.1', '203.0.113.9', '198.18.0.1']) {
    device.close();
    await join(grid, address, device);
    networks.push((await recordOf(device)).network!);
  }
  const told = (data: string) => networks.map((network) => bytesUnder(data).includes(network));
  expect(told(grid.data)).toEqual([true, true, true, true]);
  const next = await grid.restart();
  expect(told(next.data)).toEqual([false, false, false, true]);
  const again = await next.restart();
  await join(again, '198.18.0.1', device);
  expect(await recordOf(device)).toMatchObject({ number: 1, network: networks[3], platform: PLATFORM });
  expect(told(again.data)).toEqual([false, false, false, true]);
});

test('PV12: leases of a forgotten device go to others at once, its connection ends, and what it reports later is refused', async () => {
  const grid = await startGrid({ env: { ...ENV, GOSSAMER_SESSION_GRACE_MS: '600000' } });
  const { id } = await grid.rest.submit(1);
  const holder = await join(grid, '198.51.100.7');
  const [lease] = await holder.work();
  const gone = new Promise((resolve) => holder.socket!.once('disconnect', resolve));
  expect(await forget(holder)).toEqual({ number: 1, released: 1, erased: true });
  await gone;
  const other = await join(grid, '203.0.113.9');
  const [again] = await other.work();
  expect(again!.units).toEqual(lease!.units);
  // The same key is a new device: the ticket of the old one is none of its own.
  await join(grid, '198.51.100.7', holder);
  expect(await recordOf(holder)).toMatchObject({ number: 3, valid: 0, attempts: [] });
  const reports = [report(lease!, undefined, { ticket: true })];
  expect((await holder.exchange({ slots: 0, reports })).statuses).toEqual([REPORT_STATUS.refused]);
  await other.exchange({ slots: 0, reports: [report(again!)] });
  await eventually(async () => expect((await grid.rest.job(id)).state).toBe('completed'));
});

test('PV13: who had himself forgotten confirms no result of his own from the same network', async () => {
  const grid = await startGrid({ env: ENV });
  await grid.rest.submit(1, QUORUM);
  const liar = await join(grid, '198.51.100.7');
  const [lease] = await liar.work();
  await liar.exchange({ slots: 0, reports: [report(lease!, () => 666)] });
  await forget(liar);
  const again = await join(grid, '198.51.100.8');
  void again.exchange({ slots: 1 }).catch(() => undefined);
  // By the predicates of dispatch itself.
  await eventually(async () => expect((await devicesOf(grid))[0]!.idle).toMatch(/network/));
  const honest = await join(grid, '203.0.113.9');
  expect((await honest.work())[0]!.units).toEqual([0]);
});

test('PV14: a device is told of itself, in pages that together are what REST tells operators', async () => {
  const grid = await startGrid({ env: ENV });
  const job = await grid.rest.submit(1500);
  const device = await join(grid, '198.51.100.7');
  while ((await grid.rest.job(job.id)).units.validated < 1500) {
    const held = await device.work(8);
    await device.exchange({ slots: 0, reports: held.map((lease) => report(lease)) });
  }
  const own: DeviceRecord[] = [];
  for (let after: string | undefined; ;) {
    own.push(await recordOf(device, after));
    const { next } = own.at(-1)!;
    if (next === null) break;
    after = next;
  }
  expect(own.length).toBeGreaterThan(1);
  const attempts = own.flatMap((page) => page.attempts);
  expect(attempts.map(({ unit }) => unit).sort((a, b) => a - b)).toEqual(Array.from({ length: 1500 }, (_, i) => i));
  const [view] = await devicesOf(grid);
  expect(own[0]).toMatchObject({
    id: view!.id,
    number: view!.number,
    platform: PLATFORM,
    firstSeen: view!.firstSeen,
    publicKey: device.publicKey,
    valid: 1500,
    credit: view!.credit,
    trust: view!.trust,
  });
  for (const { unit, attempt, outcome } of [attempts[0]!, attempts[1499]!]) {
    const told = await grid.rest.unit(job.id, unit);
    expect(told.attempts).toContainEqual({ id: attempt, device: view!.id, state: outcome });
  }
  expect(await grid.rest.json('GET', `/v1/devices/${view!.id}/record`)).toEqual(own[0]);
  await expect(recordOf(device, 'x')).rejects.toMatchObject({ code: 'cursor-invalid' });
});

test('PV15: nobody is told of another device or has it forgotten: no message names one, and before the sign-in none is heard', async () => {
  const grid = await startGrid({ env: ENV });
  const victim = await join(grid, '198.51.100.7');
  const other = await join(grid, '203.0.113.9');
  const { id } = await recordOf(victim);
  await expect(other.ask(EVENTS.record, { id })).rejects.toMatchObject({ code: 'request-invalid' });
  await expect(other.ask(EVENTS.record, { device: 1 })).rejects.toMatchObject({ code: 'request-invalid' });
  await other.ask(EVENTS.forget, { id, device: 1 });
  expect(await devicesOf(grid)).toMatchObject([{ id }]);
  const stranger = new TestDevice();
  afterwards(() => stranger.close());
  await stranger.connect(grid.port);
  for (const event of [EVENTS.record, EVENTS.forget]) {
    await expect(stranger.ask(event, {})).rejects.toMatchObject({ code: 'session-unknown' });
  }
});

test('PV16: operators forget a device by its id, once: then there is none', async () => {
  const grid = await startGrid({ env: ENV });
  await grid.rest.submit(1);
  const device = await join(grid, '198.51.100.7');
  await device.work();
  const { id, publicKey } = await recordOf(device);
  const gone = new Promise((resolve) => device.socket!.once('disconnect', resolve));
  const answers = await Promise.all([1, 2].map(() => grid.rest.call('DELETE', `/v1/devices/${id}`)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 404]));
  const ok = answers.find(({ status }) => status === 200)!;
  expect(await ok.json()).toEqual({ number: 1, released: 1, erased: true });
  await gone;
  expect(bytesUnder(grid.data).includes(publicKey)).toBe(false);
  for (const [method, path] of [
    ['DELETE', `/v1/devices/${id}`],
    ['GET', `/v1/devices/${id}/record`],
  ] as const) {
    expect(await (await grid.rest.call(method, path)).json()).toMatchObject({ code: 'device-unknown' });
  }
});
