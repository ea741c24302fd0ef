import { decodeResponse, encodeRequest, EVENTS } from '@gossamer/protocol';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { counterAt } from '../harness/counter.ts';
import { TestDevice } from '../harness/device.ts';
import type { TestGrid } from '../harness/grid.ts';
import { afterwards, eventually, startGrid } from '../harness/grid.ts';
import { eventPacket, packetOf, RawSocket, webSocketFrame } from '../harness/raw-socket.ts';

const sessions = async (grid: TestGrid): Promise<number> =>
  (await grid.rest.json<{ sessions: number }>('GET', '/v1/grid')).sessions;

const asking = (seq: number): Buffer =>
  Buffer.from(encodeRequest({ seq, slots: 200, fresh: false, held: [], reports: [] }));

/** A session that asks and asks and does not read, of a job with large inputs; how it fares is the test's. */
const askBlindly = async (grid: TestGrid) => {
  const lines = Array.from({ length: 400 }, (_, at) => JSON.stringify(String(at).padEnd(60_000, 'x')));
  // A test that came before may have made the event loop late.
  const blob = await eventually(() => grid.rest.upload(lines.join('\n')));
  const { id } = await grid.rest.submit(1, { source: { kind: 'lines', blob, format: 'ndjson' } });
  const raw = await RawSocket.open(grid.port);
  await raw.signIn(new TestDevice(), 256);
  raw.tcp.pause();
  // The buffers of the system take some megabytes before anything waits with us.
  for (let seq = 0; seq < 200 && !raw.isClosed; seq++) {
    raw.send(eventPacket(seq, EVENTS.exchange, asking(seq)));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  raw.tcp.resume();
  return { id, raw };
};

test('GW72, GW77: who asks and does not read is cut when too much waits for it, and counted', async () => {
  const grid = await startGrid({ limits: { gateway: { mostBacklogBytes: 200_000 } } });
  const honest = await grid.device();
  const { raw } = await askBlindly(grid);
  await eventually(() => expect(raw.isClosed).toBe(true));
  expect(await counterAt(grid.port, 'gossamer_connections_cut_total')).toBe(1);
  await eventually(async () => expect(await sessions(grid)).toBe(1));
  expect((await honest.exchange({ slots: 0 })).retryAfterMs).toBe(0);
});

test('GW72: before that it gets no more leases: they are kept for when it has read', async () => {
  const grid = await startGrid({ limits: { gateway: { backlogBytes: 50_000, mostBacklogBytes: 2 ** 30 } } });
  const { id, raw } = await askBlindly(grid);
  const read = () =>
    raw.acknowledged.reduce((sum, { data }) => sum + decodeResponse(data[0] as Uint8Array).leases.length, 0);
  await eventually(() => expect(raw.acknowledged.length).toBeGreaterThan(198));
  const { leased } = (await grid.rest.job(id)).attempts;
  expect(read()).toBeGreaterThan(0);
  expect(read()).toBeLessThan(leased);
  await raw.ask(500, EVENTS.exchange, asking(500));
  for (let seq = 501; read() < leased; seq++) await raw.ask(seq, EVENTS.exchange, asking(seq));
});

test('GW72: pings of the WebSocket count as messages, and their answers as what waits', async () => {
  const grid = await startGrid({
    env: { GOSSAMER_SESSION_RATE: '100000' },
    limits: { gateway: { mostBacklogBytes: 10_000 } },
  });
  const honest = await grid.device();
  const raw = await RawSocket.open(grid.port);
  // Otherwise its time to sign in would end it.
  await raw.signIn(new TestDevice());
  raw.tcp.pause();
  const PING = 9;
  const pings = Buffer.concat(Array.from({ length: 1000 }, () => webSocketFrame(Buffer.alloc(125), PING)));
  for (let n = 0; n < 300 && !raw.isClosed; n++) {
    raw.tcp.write(pings);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  raw.tcp.resume();
  await eventually(() => expect(raw.isClosed).toBe(true));
  expect((await honest.exchange({ slots: 0 })).retryAfterMs).toBe(0);
});

test('GW73: a head that comes byte by byte, and a connection on which nothing is asked, are ended', async () => {
  const grid = await startGrid({ limits: { http: { headersMs: 300 } } });
  const [slow, silent] = [connect(grid.port, '127.0.0.1'), connect(grid.port, '127.0.0.1')];
  for (const socket of [slow, silent]) {
    socket.on('error', () => undefined).resume();
    afterwards(() => void socket.destroy());
  }
  const text = 'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\n'.padEnd(5000, 'x');
  let at = 0;
  const drip = setInterval(() => slow.write(text[at++]!), 50);
  afterwards(() => clearInterval(drip));
  await eventually(() => expect([slow.closed, silent.closed]).toEqual([true, true]));
  await grid.device();
});

test('GW73: a socket that does not connect, does not sign in, or falls silent in a frame is closed', async () => {
  const grid = await startGrid({ limits: { gateway: { signInMs: 500, pingMs: 400, pongMs: 400 } } });
  const honest = await grid.device();
  const mute = await RawSocket.open(grid.port);
  const half = await RawSocket.open(grid.port);
  half.answersPings = false;
  half.tcp.write(webSocketFrame(packetOf({ type: 2, nsp: '/', data: ['x', Buffer.alloc(5000)] })).subarray(0, 700));
  const gone = await RawSocket.open(grid.port);
  await gone.signIn(new TestDevice());
  gone.answersPings = false;
  const left = await RawSocket.open(grid.port);
  await left.signIn(new TestDevice());
  left.send(packetOf({ type: 1, nsp: '/' }));
  await eventually(() =>
    expect([mute, half, gone, left].map(({ isClosed }) => isClosed)).toEqual([true, true, true, true]),
  );
  await eventually(async () => expect(await sessions(grid)).toBe(1));
  expect((await honest.exchange({ slots: 0 })).retryAfterMs).toBe(0);
});
