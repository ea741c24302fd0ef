import { decodeResponse, encodeRequest, EVENTS, LIMITS } from '@gossamer/protocol';
import fc from 'fast-check';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import type { TestDevice } from '../harness/device.ts';
import { report } from '../harness/device.ts';
import { eventually, startGrid } from '../harness/grid.ts';

const send = (device: TestDevice, frame: unknown) => device.ask(EVENTS.exchange, frame);
const good = encodeRequest({ seq: 9, slots: 1, fresh: true, held: [], reports: [] });

const lives = async (device: TestDevice): Promise<void> => {
  expect(await device.exchange({ slots: 0 })).toMatchObject({ retryAfterMs: 0 });
};

test('GW10: garbage of any kind is refused as exchange-malformed, and the session lives', async () => {
  const grid = await startGrid();
  const device = await grid.device();
  for (const frame of [
    null,
    1,
    'text',
    {},
    [1, 2],
    new Date(0),
    Buffer.alloc(0),
    Buffer.from('garbage of some length'),
  ]) {
    await expect(send(device, frame)).rejects.toMatchObject({ code: 'exchange-malformed' });
  }
  const trailing = Buffer.concat([good, Buffer.of(0)]);
  await expect(send(device, trailing)).rejects.toMatchObject({ code: 'exchange-malformed' });
  await lives(device);
});

test('GW11: a frame that is cut off anywhere is refused, and the session lives', async () => {
  const grid = await startGrid();
  const device = await grid.device();
  for (let length = 0; length < good.byteLength; length++) {
    await expect(send(device, Buffer.from(good.subarray(0, length)))).rejects.toMatchObject({
      code: 'exchange-malformed',
    });
  }
  await lives(device);
});

test('GW12: changed bytes are refused or understood, never more', async () => {
  const grid = await startGrid();
  const device = await grid.device();
  const lease = { epoch: 1, number: 1, job: 1, units: [0], ticket: new Uint8Array(40), inputs: [] };
  const whole = encodeRequest({
    seq: 1,
    slots: 0,
    fresh: false,
    held: [],
    reports: [report(lease, () => 1, { ticket: true })],
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(whole.byteLength - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      async (edits) => {
        const frame = Buffer.from(whole);
        for (const [at, byte] of edits) frame[at] = byte;
        // A frame that asks for slots would be parked.
        frame.writeUInt16LE(0, 8);
        const answer = await send(device, frame).catch((error: { code: string }) => error.code);
        if (answer !== 'exchange-malformed') expect(decodeResponse(answer as Uint8Array)).toMatchObject({ leases: [] });
      },
    ),
    { numRuns: 200 },
  );
  await lives(device);
});

test('GW13: a frame over the limit is refused; one far over it ends the socket only', async () => {
  const grid = await startGrid();
  const device = await grid.device();
  await expect(send(device, Buffer.alloc(LIMITS.frame + 1))).rejects.toMatchObject({ code: 'exchange-malformed' });
  await lives(device);
  device.socket!.emit(EVENTS.exchange, Buffer.alloc(2 * LIMITS.frame), () => {});
  await eventually(() => expect(device.socket!.connected).toBe(false));
  await device.signIn(grid.port);
  await lives(device);
});

test('GW14: an exchange without an acknowledgement, and unknown events, harm nothing', async () => {
  const grid = await startGrid();
  const device = await grid.device();
  device.socket!.emit(EVENTS.exchange, Buffer.from(good));
  device.socket!.emit(EVENTS.hello);
  device.socket!.emit('no-such-event', { a: 1 });
  await lives(device);
});

test('GW15: bytes that are no packets end their own connection and no other', async () => {
  const grid = await startGrid();
  const device = await grid.device();
  const hello = 'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n';
  const upgrade =
    'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
  for (const after of [Buffer.from('nonsense'), Buffer.of(0x82, 0x83, 0, 0, 0, 0, 0xc1, 0xc1, 0xc1)]) {
    const raw = connect(grid.port, '127.0.0.1');
    raw.on('error', () => undefined);
    const heard: Buffer[] = [];
    raw.on('data', (bytes) => {
      if (heard.push(bytes) === 1) raw.write(after);
    });
    raw.write(hello + upgrade);
    // The coordinator says goodbye with a close frame (opcode 8), or closes at once.
    await eventually(() => expect(raw.closed || Buffer.concat(heard).includes(0x88)).toBe(true));
    raw.destroy();
  }
  await lives(device);
});
