import { REPORT_STATUS } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { heldOf, report, TestDevice } from '../harness/device.ts';
import { afterwards, eventually, startGrid } from '../harness/grid.ts';

const { accepted, ticketNeeded } = REPORT_STATUS;

test('GW40: a second session of a device takes the place of the first, and gets its leases', async () => {
  const grid = await startGrid();
  await grid.rest.submit(1);
  const device = await grid.device();
  const [lease] = await device.work();
  const first = device.socket!;
  await device.signIn(grid.port);
  await eventually(() => expect(first.connected).toBe(false));
  expect(await grid.rest.json('GET', '/v1/grid')).toMatchObject({ sessions: 1 });
  expect((await device.work()).map(({ number }) => number)).toEqual([lease!.number]);
});

test('GW41: an exchange that was parked in a replaced session costs nobody a unit', async () => {
  const grid = await startGrid({ env: { GOSSAMER_HEARTBEAT_MS: '100000' } });
  const device = await grid.device();
  device.exchange().catch(() => undefined);
  await device.signIn(grid.port);
  const parked = device.exchange();
  await grid.rest.submit(1);
  expect((await parked).leases).toHaveLength(1);
});

test('GW42: a unit of a device that went away goes to another one, after the grace and not before', async () => {
  const grid = await startGrid({ env: { GOSSAMER_SESSION_GRACE_MS: '1500' } });
  const job = await grid.rest.submit(1);
  const [gone, other] = [await grid.device(), await grid.device()];
  await gone.work();
  const left = Date.now();
  gone.close();
  expect(await other.work()).toHaveLength(1);
  expect(Date.now() - left).toBeGreaterThan(1400);
  expect((await grid.rest.job(job.id)).attempts).toMatchObject({ abandoned: 1, expired: 0, leased: 1 });
});

test('GW43: a device that is back within the grace gets its lease again when it lost it, and keeps it when it did not', async () => {
  const grid = await startGrid({ env: { GOSSAMER_SESSION_GRACE_MS: '30000' } });
  const job = await grid.rest.submit(2);
  const device = await grid.device();
  const [lease, kept] = await device.work(2);
  device.close();
  await device.signIn(grid.port);
  const held = [{ lease: { epoch: kept!.epoch, number: kept!.number }, runMs: 10, ticket: new Uint8Array(0) }];
  const answer = await device.exchange({ slots: 1, held });
  expect(answer.cards).toHaveLength(1);
  expect(heldOf(answer)).toEqual([lease]);
  expect((await device.exchange({ slots: 0, reports: [report(lease!), report(kept!)] })).statuses).toEqual([
    accepted,
    accepted,
  ]);
  expect(await grid.rest.job(job.id)).toMatchObject({ state: 'completed', attempts: { abandoned: 0, expired: 0 } });
});

test('GW44: silence ends a lease even while the session lives', async () => {
  const grid = await startGrid({ env: { GOSSAMER_HEARTBEAT_MS: '200' } });
  const job = await grid.rest.submit(1);
  const [silent, other] = [await grid.device(), await grid.device()];
  await silent.work();
  expect(await other.work()).toHaveLength(1);
  expect((await grid.rest.job(job.id)).attempts).toMatchObject({ expired: 1 });
});

test('GW45: after a restart a lease is known by its ticket, and asked for one when it comes without', async () => {
  const before = await startGrid();
  const job = await before.rest.submit(2);
  const device = await before.device();
  const [lease] = await device.work();
  const epoch = device.welcome!.epoch;
  const grid = await before.restart();
  await device.signIn(grid.port);
  expect(device.welcome!.epoch).toBeGreaterThan(epoch);
  expect((await device.exchange({ slots: 0, reports: [report(lease!)] })).statuses).toEqual([ticketNeeded]);
  const late = report(lease!, undefined, { ticket: true });
  expect((await device.exchange({ slots: 0, reports: [late] })).statuses).toEqual([accepted]);
  expect((await device.exchange({ slots: 0, reports: [late] })).statuses).toEqual([accepted]);
  expect(await grid.rest.job(job.id)).toMatchObject({ units: { validated: 1 }, attempts: { valid: 1 } });
  expect((await grid.rest.unit(job.id, lease!.units[0]!)).attempts).toMatchObject([
    { id: `${lease!.epoch}.${lease!.number}.0` },
  ]);
});

/** Devices on one /24, on another one, and on loopback; each as its proxy names it. */
const behindProxy = async (env: Record<string, string>, forwarded: string[]) => {
  const grid = await startGrid({ env });
  const job = await grid.rest.submit(1, { policy: { kind: 'quorum', quorum: forwarded.length } });
  for (const address of forwarded) {
    const device = new TestDevice();
    afterwards(() => device.close());
    await device.signIn(grid.port, address === '' ? {} : { 'x-forwarded-for': address });
    const parked = device.exchange();
    const answer = await Promise.race([parked, new Promise<null>((resolve) => setTimeout(resolve, 500, null))]);
    if (answer === null) continue;
    await device.exchange({ slots: 0, reports: heldOf(answer).map((lease) => report(lease)) });
  }
  return (await grid.rest.job(job.id)).state;
};

test('GW50: behind a proxy two devices of one network do not verify each other; of two networks they do', async () => {
  const proxied = { GOSSAMER_TRUST_PROXY: '1' };
  expect(await behindProxy(proxied, ['203.0.113.7', '203.0.113.99'])).toBe('running');
  expect(await behindProxy(proxied, ['203.0.113.7', '198.51.100.1'])).toBe('completed');
  expect(await behindProxy(proxied, ['2001:db8:1:2::1', '2001:db8:1:ff::9'])).toBe('running');
  expect(await behindProxy(proxied, ['2001:db8:1:2::1', '2001:db8:2::9'])).toBe('completed');
});

test('GW51: what the client itself wrote into the header is not believed, with a proxy or without', async () => {
  const proxied = { GOSSAMER_TRUST_PROXY: '1' };
  expect(await behindProxy(proxied, ['1.1.1.1, 203.0.113.7', '2.2.2.2, 203.0.113.8'])).toBe('running');
  expect(
    await behindProxy({ GOSSAMER_TRUST_PROXY: '2' }, ['9.9.9.9, 203.0.113.7, 10.0.0.1', '203.0.113.8, 10.0.0.1']),
  ).toBe('running');
  // Without a proxy both are on loopback, which is no network.
  expect(await behindProxy({}, ['203.0.113.7', '203.0.113.8'])).toBe('completed');
});

test('GW52: loopback counts as no network; an address that cannot be read does not buy independence', async () => {
  const proxied = { GOSSAMER_TRUST_PROXY: '1' };
  expect(await behindProxy(proxied, ['', ''])).toBe('completed');
  expect(await behindProxy(proxied, ['127.0.0.1', '::1'])).toBe('completed');
  expect(await behindProxy(proxied, ['unknown', 'hidden'])).toBe('running');
  expect(await behindProxy(proxied, ['203.0.113.7:4000', '203.0.113.8:5000'])).toBe('running');
  expect(await behindProxy(proxied, ['203.0.113.7:4000', '[2001:db8::1]:5000'])).toBe('completed');
});
