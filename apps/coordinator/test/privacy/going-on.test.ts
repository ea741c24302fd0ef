import type { DeviceForgotten } from '@gossamer/protocol';
import { EVENTS } from '@gossamer/protocol';
import { type LogStore, OutcomeUnknown, type Stores } from '@gossamer/store';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { openStores } from '../../src/start.ts';
import { pause } from '../harness/chance.ts';
import { FaultyLog } from '../harness/faulty-log.ts';
import { bytesUnder } from '../harness/files.ts';
import { afterwards, eventually, startGrid } from '../harness/grid.ts';

/* A deletion that was accepted is carried out, whatever comes between. */

const ENV = { GOSSAMER_TRUST_PROXY: '1' };
const from = (address: string) => ({ 'x-forwarded-for': address });

/** Stores whose overwriting fails as long as `fails.now`. */
const failing =
  (fails: { now: boolean }) =>
  async (config: Config): Promise<Stores> => {
    const stores = await openStores(config);
    const log = new Proxy(stores.log, {
      get: (target, name) => {
        if (name === 'overwrite' && fails.now) return () => Promise.reject(new Error('the disk is gone'));
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
      },
    }) satisfies LogStore;
    return { ...stores, log };
  };

/** A grid whose appends the test holds back, or makes fail. */
const faultyGrid = async () => {
  let log: FaultyLog | null = null;
  const open = async (config: Config) => {
    log = new FaultyLog(await openStores(config));
    return log.stores;
  };
  const grid = await startGrid({ env: ENV, open });
  return { grid, log: log as unknown as FaultyLog };
};

test('PV11: a deletion whose erasing fails is told as accepted, and gone on with until it is done', async () => {
  const fails = { now: true };
  const grid = await startGrid({ open: failing(fails) });
  const device = await grid.device();
  expect(await device.ask(EVENTS.forget, {})).toEqual({ number: 1, released: 0, erased: false });
  // There is no way back.
  expect(await grid.rest.json('GET', '/v1/devices')).toMatchObject({ items: [] });
  expect(bytesUnder(grid.data).includes(device.publicKey)).toBe(true);
  fails.now = false;
  // Nobody asks again.
  await eventually(() => expect(bytesUnder(grid.data).includes(device.publicKey)).toBe(false));
});

test('PV11: what a start could not carry out, it goes on with; and so does the next one', async () => {
  const fails = { now: true };
  const grid = await startGrid({ open: failing(fails) });
  const device = await grid.device();
  const isThere = () => bytesUnder(grid.data).includes(device.publicKey);
  expect(await device.ask(EVENTS.forget, {})).toMatchObject({ erased: false });
  const second = await grid.restart();
  expect(isThere()).toBe(true);
  fails.now = false;
  await eventually(() => expect(isThere()).toBe(false));
  const other = await second.device();
  fails.now = true;
  await other.ask(EVENTS.forget, {});
  // The fact is on disk, and no more of it.
  const third = await second.restart(() => (fails.now = false));
  expect(bytesUnder(third.data).includes(other.publicKey)).toBe(false);
});

test('PV11: where it is not known whether the fact is on disk, that is found out, and all of it carried out', async () => {
  const { grid, log } = await faultyGrid();
  const { id } = await grid.rest.submit(1);
  const device = await grid.device();
  await device.work();
  const gone = new Promise((resolve) => device.socket!.once('disconnect', resolve));
  log.faults.push({ kind: 'fail', error: new OutcomeUnknown('lost'), written: true });
  await expect(device.ask(EVENTS.forget, {})).rejects.toMatchObject({ code: 'unavailable' });
  await gone;
  await eventually(() => expect(bytesUnder(grid.data).includes(device.publicKey)).toBe(false));
  expect(await grid.rest.json('GET', '/v1/devices')).toMatchObject({ items: [] });
  // What it held goes to others.
  const other = await grid.device(from('203.0.113.9'));
  expect((await other.work())[0]!.units).toEqual([0]);
  expect((await grid.rest.job(id)).attempts.leased).toBe(1);
});

test('PV11: a deletion that was not written is not carried out, and can be asked for again', async () => {
  const { grid, log } = await faultyGrid();
  const device = await grid.device();
  log.faults.push({ kind: 'fail', error: new OutcomeUnknown('lost'), written: false });
  await expect(device.ask(EVENTS.forget, {})).rejects.toMatchObject({ code: 'unavailable' });
  await pause(1500);
  expect(await grid.rest.json('GET', '/v1/devices')).toMatchObject({ items: [{ id: device.welcome!.device }] });
  expect(await device.ask(EVENTS.forget, {})).toMatchObject({ erased: true });
  expect(bytesUnder(grid.data).includes(device.publicKey)).toBe(false);
});

test('PV19: while another program reads the log, a deletion is told as being carried out; afterwards it is, unasked', async () => {
  const grid = await startGrid();
  const device = await grid.device();
  const reader = new Database(join(grid.data, 'log.db'));
  afterwards(() => void reader.close());
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM grid_segment').get();
  expect(await device.ask(EVENTS.forget, {})).toEqual({ number: 1, released: 0, erased: false });
  // Others are served meanwhile, and forgotten.
  const other = await grid.device();
  expect(await other.ask(EVENTS.forget, {})).toMatchObject({ erased: false });
  expect(bytesUnder(grid.data).includes(device.publicKey)).toBe(true);
  reader.exec('COMMIT');
  await eventually(() => {
    const bytes = bytesUnder(grid.data);
    expect([device, other].filter(({ publicKey }) => bytes.includes(publicKey))).toEqual([]);
  });
});

test.each(['the deletion is written first', 'the move is written first'])(
  'PV18: a device that moves networks while it is forgotten leaves neither of them behind (%s)',
  async (order) => {
    const { grid, log } = await faultyGrid();
    const { rest, port, data } = grid;
    // What the other network is called here: of a device that came from it, and was forgotten.
    const scout = await grid.device(from('203.0.113.9'));
    const { network } = (await scout.ask(EVENTS.record, {})) as { network: string };
    await scout.ask(EVENTS.forget, {});
    expect(bytesUnder(data).includes(network)).toBe(false);

    const device = await grid.device(from('198.51.100.7'));
    const { device: id } = device.welcome!;
    log.holding = true;
    const forget = () => rest.json<DeviceForgotten>('DELETE', `/v1/devices/${id}`);
    device.close();
    const move = () => device.signIn(port, from('203.0.113.9')).catch(() => undefined);
    afterwards(() => device.close());
    const [first, second] = order.startsWith('the deletion') ? [forget, move] : [move, forget];
    const one = first();
    await eventually(() => expect(log.held).toHaveLength(1));
    const other = second();
    // Until the second is as far as it gets: answered, or in line behind the first.
    await Promise.race([other, pause(700)]);
    // The first is written, the second not before the first was answered.
    log.held.shift()!.go({ kind: 'ok' });
    await Promise.race([one, pause(3000)]);
    // Behind the deletion there is nothing of the device.
    if (first === forget) expect(log.held).toEqual([]);
    log.flow();
    await Promise.all([one, other]);
    expect(bytesUnder(data).includes(network)).toBe(false);
    expect(await rest.json('GET', '/v1/devices')).toMatchObject({ items: [] });
    // Nor is it in the memory of the running grid.
    await eventually(async () => expect(await rest.json('GET', '/v1/grid')).toMatchObject({ sessions: 0 }));
    const again = await grid.restart();
    expect(bytesUnder(again.data).includes(network)).toBe(false);
  },
);

test('PV18: a device that is about to be forgotten does not sign in meanwhile', async () => {
  const { grid, log } = await faultyGrid();
  const device = await grid.device(from('198.51.100.7'));
  const { device: id } = device.welcome!;
  log.holding = true;
  const forgotten = grid.rest.json('DELETE', `/v1/devices/${id}`);
  await eventually(() => expect(log.held).toHaveLength(1));
  device.close();
  await expect(device.signIn(grid.port, from('198.51.100.7'))).rejects.toMatchObject({ code: 'unavailable' });
  log.flow();
  await forgotten;
  device.close();
  await device.signIn(grid.port, from('198.51.100.7'));
  expect(await device.ask(EVENTS.record, {})).toMatchObject({ number: 2 });
});
