import { decodeTicket, encodeRequest, EVENTS, REPORT_STATUS } from '@gossamer/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { report, TestDevice } from '../harness/device.ts';
import type { TestGrid } from '../harness/grid.ts';
import { afterwards, startGrid } from '../harness/grid.ts';

const { accepted, refused } = REPORT_STATUS;

const stranger = async (grid: TestGrid): Promise<TestDevice> => {
  const device = new TestDevice();
  afterwards(() => device.close());
  await device.connect(grid.port);
  return device;
};

const nonceOf = async (device: TestDevice, fields: object = {}): Promise<string> =>
  ((await device.hello({ ...fields })) as { nonce: string }).nonce;

const unproved = { code: 'device-unproved' };

test("GW31: who claims another device's key and signs with its own is refused; that device keeps session and lease", async () => {
  const grid = await startGrid();
  await grid.rest.submit(1);
  const victim = await grid.device();
  const [lease] = await victim.work();
  const thief = await stranger(grid);
  const { publicKey } = victim;
  const nonce = await nonceOf(thief, { publicKey });
  await expect(thief.ask(EVENTS.proof, { signature: thief.sign(nonce) })).rejects.toMatchObject(unproved);
  await expect(thief.exchange({ slots: 0 })).rejects.toMatchObject({ code: 'session-unknown' });
  expect((await victim.exchange({ slots: 0, reports: [report(lease!)] })).statuses).toEqual([accepted]);
  expect(await grid.rest.json('GET', '/v1/grid')).toMatchObject({ sessions: 1 });
});

test('GW31: a proof counts on the socket whose challenge it answers, once: heard elsewhere or again it is none', async () => {
  const grid = await startGrid();
  const [victim, thief] = [await stranger(grid), await stranger(grid)];
  const { publicKey } = victim;
  // What the thief hears of the victim's own sign-in.
  const nonce = await nonceOf(victim);
  const signature = victim.sign(nonce);
  const own = await nonceOf(thief, { publicKey });
  expect(own).not.toBe(nonce);
  await expect(thief.ask(EVENTS.proof, { signature })).rejects.toMatchObject(unproved);
  await victim.ask(EVENTS.proof, { signature });
  await nonceOf(thief, { publicKey });
  await expect(thief.ask(EVENTS.proof, { signature })).rejects.toMatchObject(unproved);
  // The challenge of another socket, signed by the thief itself.
  await nonceOf(thief);
  await expect(thief.ask(EVENTS.proof, { signature: thief.sign(nonce) })).rejects.toMatchObject(unproved);
  expect(await grid.rest.json('GET', '/v1/grid')).toMatchObject({ sessions: 1 });
});

test('GW31: nobody signs in as a second device on one connection, nor without a network on its second try', async () => {
  const grid = await startGrid();
  const device = await grid.device();
  // socket.io's own goodbye leaves the connection open, unless we end it.
  const { engine } = device.socket!.io;
  const closed = new Promise((resolve) => engine.once('close', resolve));
  (device.socket as unknown as { packet(packet: object): void }).packet({ type: 1 });
  await closed;
});

test('GW31: tries on one connection are few', async () => {
  const grid = await startGrid();
  const device = await stranger(grid);
  const refusals = [];
  for (let tries = 0; tries < 30 && device.socket!.connected; tries++) {
    const proving = nonceOf(device).then(() => device.ask(EVENTS.proof, { signature: 'A'.repeat(86) }));
    const ended = new Promise((_, reject) => device.socket!.once('disconnect', () => reject(new Error('ended'))));
    refusals.push(await Promise.race([proving, ended]).catch((error: { code?: string }) => error.code ?? 'ended'));
  }
  expect(refusals.filter((code) => code === 'device-unproved').length).toBeLessThanOrEqual(20);
  expect(refusals.at(-1)).toBe('ended');
});

test('GW32: frames that are replayed, in their own session, in a later one and in that of another, count nothing twice', async () => {
  const grid = await startGrid();
  const job = await grid.rest.submit(2, { credit: 3 });
  const [device, other] = [await grid.device(), await grid.device()];
  const [lease] = await device.work();
  const reports = [report(lease!, undefined, { ticket: true })];
  const frame = Buffer.from(encodeRequest({ seq: 77, slots: 0, fresh: true, held: [], reports }));
  const send = (from: TestDevice) => from.ask(EVENTS.exchange, frame);
  const first = (await send(device)) as Buffer;
  for (let again = 0; again < 5; again++) expect(await send(device)).toEqual(first);
  await device.signIn(grid.port);
  expect(await send(device)).toEqual(first);
  expect(await send(other)).not.toEqual(first);
  const { items } = await grid.rest.json<{ items: object[] }>('GET', '/v1/devices');
  expect(items).toMatchObject([
    { credit: 3, valid: 1 },
    { credit: 0, valid: 0 },
  ]);
  expect((await grid.rest.job(job.id)).attempts).toMatchObject({ valid: 1, invalid: 0, errored: 0 });
});

test('GW33: whatever ids and tickets a thief makes up or changes, none of another device is taken', async () => {
  const grid = await startGrid();
  const job = await grid.rest.submit(20);
  const [owner, thief] = [await grid.device(), await grid.device()];
  const leases = await owner.work(4);
  const ids = fc.record({
    epoch: fc.oneof(fc.constantFrom(0, 1, 2, 0xffff_ffff), fc.constant(leases[0]!.epoch)),
    number: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constantFrom(0xffff_ffff, ...leases.map((one) => one.number))),
    lease: fc.constantFrom(...leases),
    edits: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
    shown: fc.boolean(),
    cut: fc.nat(60),
  });
  const statuses = new Set<number>();
  for (const { epoch, number, lease, edits, shown, cut } of fc.sample(ids, 400)) {
    const ticket = Uint8Array.from(lease.ticket);
    for (const [at, byte] of edits) ticket[at % ticket.byteLength] = byte;
    const forged = report({ ...lease, epoch, number }, undefined, { ticket: shown ? ticket.subarray(0, cut) : false });
    for (const status of (await thief.exchange({ slots: 0, reports: [forged] })).statuses) statuses.add(status);
    const held = [{ lease: { epoch, number }, runMs: 1, ticket }];
    expect((await thief.exchange({ slots: 0, held })).leases).toEqual([]);
  }
  // What might be of an earlier start needs its ticket; nothing is ever accepted.
  expect(statuses).toContain(refused);
  expect(statuses).not.toContain(accepted);
  // With a changed ticket its owner does not get more of it, either.
  const wide = Uint8Array.from(leases[0]!.ticket);
  wide[16] = decodeTicket(wide).ticket.units[0]! + 7;
  const more = report(leases[0]!, undefined, { ticket: wide });
  expect((await owner.exchange({ slots: 0, reports: [more] })).statuses).toEqual([refused]);
  expect((await grid.rest.job(job.id)).attempts).toMatchObject({ valid: 0, returned: 0, leased: 4 });
  const rightful = leases.map((lease) => report(lease));
  expect((await owner.exchange({ slots: 0, reports: rightful })).statuses).toEqual([
    accepted,
    accepted,
    accepted,
    accepted,
  ]);
});
