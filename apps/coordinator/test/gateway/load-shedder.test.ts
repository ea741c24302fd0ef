import { REPORT_STATUS } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import type { Admitted } from '../../src/gateway/load-shedder.ts';
import { LoadShedder } from '../../src/gateway/load-shedder.ts';
import type { FaultyLog as Log } from '../harness/faulty-log.ts';
import { FaultyLog } from '../harness/faulty-log.ts';
import type { TestDevice } from '../harness/device.ts';
import { heldOf, report } from '../harness/device.ts';
import { eventually, startGrid } from '../harness/grid.ts';
import { openStores } from '../../src/start.ts';

/** A clock that the test moves. */
const clocked = () => {
  const clock = { now: 1000 };
  return { clock, shedder: new LoadShedder(() => clock.now) };
};

const fill = (shedder: LoadShedder, count: number, bytes = 100): (Admitted | null)[] =>
  Array.from({ length: count }, () => shedder.enter(bytes));

/** An exchange without content, after a while; resolves when it is answered. */
const tryLater = async (device: TestDevice, ms: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, ms));
  await device.exchange({ slots: 0 }).catch(() => undefined);
};

test('GW60: exchanges are let in while those under way are young; when the oldest is late, no more', () => {
  const { clock, shedder } = clocked();
  expect(fill(shedder, 2000)).not.toContain(null);
  clock.now += 600;
  expect(shedder.enter(100)).toBeNull();
  expect(shedder.refusals).toBe(1);
});

test('GW60: few exchanges are let in however long they take', () => {
  const { clock, shedder } = clocked();
  fill(shedder, 10);
  clock.now += 60_000;
  expect(shedder.enter(100)).not.toBeNull();
});

test('GW60: what left makes room, and the next oldest counts', () => {
  const { clock, shedder } = clocked();
  const early = fill(shedder, 100);
  clock.now += 400;
  fill(shedder, 100);
  clock.now += 200;
  expect(shedder.enter(1)).toBeNull();
  for (const admitted of early) shedder.leave(admitted!);
  expect(shedder.enter(1)).not.toBeNull();
});

test('GW61: the frames that are held are bounded in bytes; leaving twice frees them once', () => {
  const { shedder } = clocked();
  const MiB = 2 ** 20;
  const held = fill(shedder, 64, MiB);
  expect(held).not.toContain(null);
  expect(shedder.enter(1)).toBeNull();
  shedder.leave(held[0]!);
  shedder.leave(held[0]!);
  expect(shedder.enter(MiB)).not.toBeNull();
  expect(shedder.enter(MiB)).toBeNull();
});

test('GW62: the more are refused, the later they come again; when the load is gone, soon', () => {
  const { clock, shedder } = clocked();
  fill(shedder, 100);
  clock.now += 600;
  const few = fill(shedder, 50) && shedder.retryAfterMs;
  fill(shedder, 950);
  const many = shedder.retryAfterMs;
  expect(many).toBeGreaterThan(2 * few);
  fill(shedder, 100_000);
  expect(shedder.retryAfterMs).toBeLessThanOrEqual(30_000);
  const { shedder: quiet } = clocked();
  expect(quiet.retryAfterMs).toBeLessThan(500);
});

test('GW63: a coordinator that cannot keep up tells devices to come again, keeps their leases, and loses nothing', async () => {
  let log: Log | null = null;
  const grid = await startGrid({
    env: { GOSSAMER_HEARTBEAT_MS: '1000' },
    open: async (config) => {
      log = new FaultyLog(await openStores(config));
      return log.stores;
    },
  });
  const DEVICES = 80;
  const { id } = await grid.rest.submit(DEVICES + 1);
  const devices = await Promise.all(Array.from({ length: DEVICES + 1 }, () => grid.device()));
  const probes = await Promise.all(Array.from({ length: 10 }, () => grid.device()));
  const leases = await Promise.all(devices.map(async (device) => (await device.work(1))[0]!));
  log!.holding = true;
  const reporting = devices
    .slice(0, DEVICES)
    .map((device, at) => device.exchange({ slots: 0, reports: [report(leases[at]!)] }));
  await eventually(() => expect(log!.held.length).toBeGreaterThan(0));
  // One that is let in waits with the others; when one is answered, the others have become late.
  await Promise.race([...probes.keys()].map((at) => tryLater(probes[at]!, at * 200)));
  const last = devices[DEVICES]!;
  // Refused, its lease outlives many silences: each frame is a sign of life.
  const began = Date.now();
  let refused = await last.exchange({ slots: 0, reports: [report(leases[DEVICES]!)] });
  while (Date.now() - began < 5000) {
    refused = await last.exchange({ slots: 0, reports: [report(leases[DEVICES]!)] });
    expect(refused).toMatchObject({ statuses: [], leases: [] });
    expect(refused.retryAfterMs).toBeGreaterThan(0);
  }
  log!.flow();
  for (const answer of await Promise.all(reporting)) expect(answer.statuses).toEqual([REPORT_STATUS.accepted]);
  await eventually(async () => {
    const answer = await last.exchange({ slots: 0, reports: [report(leases[DEVICES]!)] });
    expect(answer.statuses).toEqual([REPORT_STATUS.accepted]);
    expect(heldOf(answer)).toEqual([]);
  });
  await eventually(async () => expect((await grid.rest.job(id)).state).toBe('completed'));
  expect((await grid.rest.job(id)).attempts).toMatchObject({ valid: DEVICES + 1, expired: 0 });
}, 120_000);

test('GW64: metrics tell of exchanges, results, units and commits', async () => {
  const grid = await startGrid();
  const { id } = await grid.rest.submit(5);
  const device = await grid.device();
  while ((await grid.rest.job(id)).state !== 'completed') {
    const held = await device.work(1);
    await device.exchange({ slots: 0, reports: held.map((lease) => report(lease)) });
  }
  const text = await (await fetch(`${grid.rest.url}/metrics`)).text();
  const value = (name: string): number => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
  expect(value('gossamer_results_returned_total')).toBe(5);
  expect(value('gossamer_units_validated_total')).toBe(5);
  expect(value('gossamer_sessions')).toBe(1);
  expect(value('gossamer_jobs_open')).toBe(0);
  expect(value('gossamer_exchange_duration_seconds_count')).toBeGreaterThan(2);
  expect(value('gossamer_commits_total')).toBeGreaterThan(2);
  expect(value('gossamer_exchanges_refused_total')).toBe(0);
});
