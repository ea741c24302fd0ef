import { encodeRequest, EVENTS } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { Meter } from '../../src/gateway/meter.ts';
import { counterAt } from '../harness/counter.ts';
import { report, TestDevice } from '../harness/device.ts';
import { FaultyLog } from '../harness/faulty-log.ts';
import { eventually, startGrid } from '../harness/grid.ts';
import { eventPacket, idleFrame, RawSocket, webSocketFrame } from '../harness/raw-socket.ts';
import { openStores } from '../../src/start.ts';

test('GW70: a meter lets a second of messages through at once, then as many a second, and forgets old debts', () => {
  let now = 500;
  const meter = new Meter(100, () => now);
  for (let n = 0; n < 100; n++) expect(meter.spend(1)).toBe(0);
  expect(meter.spend(1)).toBe(10);
  now += 10;
  expect(meter.spend(0)).toBe(0);
  now += 60_000;
  expect(meter.spend(100)).toBe(0);
  expect(meter.spend(1_000_000)).toBe(8000);
});

const RATE = 200;
/** What one read from a socket may hold beyond the meter's word: 64 KiB of the smallest exchanges. */
const ONE_READ = 1200;

test('GW70, GW77: a session that floods is heard at its rate; another one is answered meanwhile', async () => {
  const grid = await startGrid({ env: { GOSSAMER_SESSION_RATE: String(RATE) } });
  const honest = await grid.device();
  const raw = await RawSocket.open(grid.port);
  await raw.signIn(new TestDevice());
  const messages = Array.from({ length: 20_000 }, (_, at) =>
    webSocketFrame(eventPacket(at, EVENTS.exchange, idleFrame(at))),
  );
  const began = performance.now();
  raw.tcp.write(Buffer.concat(messages));
  for (let n = 0; n < 40; n++) {
    expect((await honest.exchange({ slots: 0 })).retryAfterMs).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const seconds = (performance.now() - began) / 1000;
  expect(raw.acknowledged.length).toBeGreaterThan(0);
  expect(raw.acknowledged.length).toBeLessThan(RATE * (seconds + 1) + ONE_READ);
  expect(raw.isClosed).toBe(false);
  expect(await counterAt(grid.port, 'gossamer_connections_rested_total')).toBeGreaterThan(0);
  // Its messages were not lost: they are heard one after the other.
  const heard = raw.acknowledged.length;
  await eventually(() => expect(raw.acknowledged.length).toBeGreaterThan(heard));
});

test('GW70: what costs more than a message counts as more: large frames, and many entries', async () => {
  const rate = 200;
  const grid = await startGrid({ env: { GOSSAMER_SESSION_RATE: String(rate) } });
  const answered = async (frame: Buffer, count: number): Promise<number> => {
    const raw = await RawSocket.open(grid.port);
    await raw.signIn(new TestDevice());
    const began = performance.now();
    for (let at = 0; at < count; at++) raw.send(eventPacket(at, EVENTS.exchange, frame));
    await eventually(() => expect(raw.acknowledged.length).toBe(count));
    return performance.now() - began;
  };
  const entries = 3200;
  const lease = { epoch: 1, number: 99, job: 1, units: Array.from({ length: entries }, () => 0), inputs: [] };
  const reports = [report({ ...lease, ticket: new Uint8Array(0) }, () => 1)];
  const many = Buffer.from(encodeRequest({ seq: 1, slots: 0, fresh: false, held: [], reports }));
  // Ten are 500 messages; those of a second come at once, and the last two, which one read may hold, are answered before
  // they are paid for.
  const costs = entries / 64;
  expect(await answered(many, 10)).toBeGreaterThan(((8 * costs - rate) / rate) * 1000);
  const large = Buffer.concat([idleFrame(1), Buffer.alloc(80 * 64 * 1024)]);
  expect(await answered(large, 6)).toBeGreaterThan(((5 * 80 - rate) / rate) * 1000);
});

test('GW71: of one session few exchanges are decided at once; the others are told to come again, and their results kept', async () => {
  let log: FaultyLog | null = null;
  const grid = await startGrid({
    limits: { gateway: { exchanges: 4 } },
    open: async (config) => {
      log = new FaultyLog(await openStores(config));
      return log.stores;
    },
  });
  const { id } = await grid.rest.submit(20);
  const device = await grid.device();
  const leases = [...(await device.work(8)), ...(await device.work(8))].slice(0, 8);
  log!.holding = true;
  const sent = leases.map((lease) => device.exchange({ slots: 0, reports: [report(lease)] }));
  const late = await Promise.all(sent.slice(4));
  for (const answer of late) expect(answer).toMatchObject({ statuses: [], leases: [] });
  for (const { retryAfterMs } of late) expect(retryAfterMs).toBeGreaterThan(0);
  log!.flow();
  for (const { statuses } of await Promise.all(sent.slice(0, 4))) expect(statuses).toEqual([1]);
  expect((await grid.rest.job(id)).units.validated).toBe(4);
  const again = await device.exchange({ slots: 0, reports: leases.slice(4).map((lease) => report(lease)) });
  expect(again.statuses).toEqual([1, 1, 1, 1]);
});
