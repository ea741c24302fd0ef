import { EVENTS } from '@gossamer/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPacket, PacketError } from '../../src/gateway/check-packet.ts';
import type { TestDevice } from '../harness/device.ts';
import { TestDevice as Device } from '../harness/device.ts';
import { eventually, startGrid } from '../harness/grid.ts';
import { eventPacket, idleFrame, packetOf, RawSocket } from '../harness/raw-socket.ts';

const lives = async (device: TestDevice): Promise<void> => {
  expect(await device.exchange({ slots: 0 })).toMatchObject({ retryAfterMs: 0 });
};

/** Five bytes that promise 2^25 - 1 entries, which a believing decoder makes room for: a quarter of a gigabyte. */
const LIE = Buffer.of(0xdd, 0x01, 0xff, 0xff, 0xff);

/** Packets that a decoder must not see, by what is wrong with them. */
const BAD: Record<string, Buffer> = {
  'an array that is not there': LIE,
  'arrays within arrays that are not there': Buffer.concat(Array.from({ length: 15 }, () => LIE)),
  'a map that is not there': Buffer.of(0xdf, 0xff, 0xff, 0xff, 0xff),
  'bytes that are not there': Buffer.of(0xc6, 0xff, 0xff, 0xff, 0xff),
  'text that is not there': Buffer.of(0xdb, 0x00, 0x01, 0x00, 0x00),
  'an extension that is not there': Buffer.of(0xc9, 0x0f, 0xff, 0xff, 0xff, 0x00),
  'levels without end': Buffer.alloc(100_000, 0x91),
  'values without end': Buffer.concat([Buffer.of(0xdd, 0, 1, 0, 0), Buffer.alloc(65_536, 0xc0)]),
  'a prefix that is none': Buffer.of(0xc1),
  'nothing at all': Buffer.alloc(0),
  'more than one packet': Buffer.of(0xc0, 0xc0),
  'a head that is cut off': Buffer.of(0xdd, 0x01),
};

test('GW16: a packet whose counts, lengths or levels lie is refused before it is decoded; true ones pass', () => {
  for (const [what, packet] of Object.entries(BAD)) expect(() => checkPacket(packet), what).toThrow(PacketError);
  for (const message of [null, true, -7, 300, 70_000, 2 ** 40, -(2 ** 40), 0.5, new Date(0), 'x'.repeat(70_000)]) {
    checkPacket(eventPacket(1, 'any', message));
    checkPacket(eventPacket(1, 'any', { a: [message, { b: message }] }));
  }
  for (const size of [0, 200, 70_000]) checkPacket(eventPacket(70_000, EVENTS.exchange, Buffer.alloc(size)));
});

test('GW16: whatever passes the check is decoded at a cost that its bytes bound', () => {
  const whole = eventPacket(7, EVENTS.hello, { protocol: 1, list: [1, 2, 'three'], bytes: Buffer.alloc(40) });
  const edits = fc.array(fc.tuple(fc.nat(whole.byteLength - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
  let passed = 0;
  fc.assert(
    fc.property(edits, (changes) => {
      const packet = Buffer.from(whole);
      for (const [at, byte] of changes) packet[at] = byte;
      try {
        checkPacket(packet);
        passed += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(PacketError);
      }
    }),
    { numRuns: 5000 },
  );
  expect(passed).toBeGreaterThan(100);
});

test('GW16: over a socket such packets end their own connection, and memory stays where it was', async () => {
  const grid = await startGrid();
  const device = await grid.device();
  const before = process.memoryUsage().rss;
  for (const [what, packet] of Object.entries(BAD)) {
    const raw = await RawSocket.open(grid.port);
    raw.send(packet);
    await eventually(() => expect(raw.isClosed, what).toBe(true));
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
  await lives(device);
});

test("GW17: what socket.io tells its own listeners cannot be said from outside: a session's end is its socket's end", async () => {
  const grid = await startGrid();
  const other = await grid.device();
  for (const name of ['disconnect', 'disconnecting', 'connect', 'newListener', 'removeListener', 7]) {
    const raw = await RawSocket.open(grid.port);
    await raw.signIn(new Device());
    raw.send(packetOf({ type: 2, nsp: '/', data: [name, 'x'] }));
    await eventually(() => expect(raw.isClosed, String(name)).toBe(true));
  }
  await eventually(async () => expect(await grid.rest.json('GET', '/v1/grid')).toMatchObject({ sessions: 1 }));
  await lives(other);
});

test('GW18: mutated packets of a signed-in session end at most its connection, and no other', async () => {
  const grid = await startGrid();
  const device = await grid.device();
  const good = eventPacket(3, EVENTS.exchange, idleFrame(9));
  const edits = fc.array(fc.tuple(fc.nat(good.byteLength - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
  let raw = await RawSocket.open(grid.port);
  await raw.signIn(new Device());
  let ended = 0;
  for (const [at, changes] of fc.sample(edits, 150).entries()) {
    const packet = Buffer.from(good);
    for (const [place, byte] of changes) packet[place] = byte;
    raw.send(packet);
    const isAlive = await raw.ask(1000 + at, EVENTS.exchange, idleFrame(at)).then(
      () => true,
      () => false,
    );
    if (isAlive) continue;
    ended += 1;
    raw = await RawSocket.open(grid.port);
    await raw.signIn(new Device());
  }
  await lives(device);
  expect(ended).toBeGreaterThan(0);
  expect(ended).toBeLessThan(150);
});
