import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { expect, test } from 'vitest';
import { post } from '../../src/webhooks/send.ts';
import type { Resolve } from '../../src/webhooks/targets/resolve.ts';
import { afterwards, eventually } from '../harness/grid.ts';
import { openReceiver } from './receiver.ts';

const never = new AbortController().signal;
const HEADERS = { 'webhook-id': 'msg_1' };
const LONG_MS = 60_000;

const send = (
  url: string,
  {
    rule = 'any',
    timeoutMs = LONG_MS,
    resolve = async () => ['127.0.0.1'],
  }: Partial<{
    rule: 'any' | 'public';
    timeoutMs: number;
    resolve: Resolve;
  }> = {},
) => post(url, HEADERS, '{"type":"webhook.test"}', { rule, resolve, timeoutMs, left: never });

/** A server that says just this, and whatever follows; closed after the test. */
const rawServer = async (serve: (socket: Socket) => void): Promise<{ url: string; sockets: Socket[] }> => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    socket.once('data', () => serve(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterwards(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, sockets };
};

test('HK10: redirects are not followed, wherever they lead', async () => {
  const inside = await openReceiver();
  const receiver = await openReceiver();
  for (const status of [301, 302, 303, 307, 308]) {
    receiver.answer = (response) => response.writeHead(status, { location: inside.url }).end();
    expect(await send(receiver.url)).toEqual({ status, error: null });
  }
  expect(receiver.received).toHaveLength(5);
  expect(inside.received).toEqual([]);
});

test('HK11: a receiver that hangs is left after the time-out: before its answer, in its headers, in its body', async () => {
  const silent = await rawServer(() => undefined);
  expect(await send(silent.url, { timeoutMs: 200 })).toEqual({ status: null, error: 'no answer within 200 ms' });
  const slow = await rawServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    const drip = setInterval(() => socket.write('x-a: b\r\n'), 10);
    socket.once('close', () => clearInterval(drip));
  });
  expect(await send(slow.url, { timeoutMs: 300 })).toMatchObject({ status: null });
  const endless = await rawServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
    const drip = setInterval(() => socket.write('.'), 10);
    socket.once('close', () => clearInterval(drip));
  });
  // What it said counts: it has taken the event.
  expect(await send(endless.url, { timeoutMs: 3000 })).toEqual({ status: 200, error: null });
  const informing = await rawServer((socket) => {
    const drip = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 10);
    socket.once('close', () => clearInterval(drip));
  });
  expect(await send(informing.url, { timeoutMs: 300 })).toMatchObject({ status: null });
  for (const { sockets } of [silent, slow, endless, informing]) {
    await eventually(() => expect(sockets.every(({ closed }) => closed)).toBe(true));
  }
});

test('HK11: of an answer without end a bounded part is read', async () => {
  const receiver = await openReceiver();
  let sent = 0;
  const flood = (response: ServerResponse): void => {
    const chunk = Buffer.alloc(64 * 1024);
    const more = (): void => {
      if (response.destroyed) return;
      sent += chunk.byteLength;
      response.write(chunk, more);
    };
    more();
  };
  receiver.answer = (response) => flood(response.writeHead(200));
  expect(await send(receiver.url, { timeoutMs: 10_000 })).toEqual({ status: 200, error: null });
  // What lay in the sockets' buffers, and no more.
  expect(sent).toBeLessThan(64 * 1024 * 1024);
});

test('HK11: what is no HTTP, is too large in its headers, or is cut, is an error in words without an address', async () => {
  const garbage = await rawServer((socket) => socket.end('\u0000\u0001 this is no HTTP\r\n\r\n'));
  expect(await send(garbage.url)).toEqual({ status: null, error: 'the answer is not HTTP' });
  const wordy = await rawServer((socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`));
  expect(await send(wordy.url)).toEqual({ status: null, error: 'the answer is not HTTP' });
  const cut = await rawServer((socket) => socket.destroy());
  expect(await send(cut.url)).toEqual({ status: null, error: 'the connection was cut before an answer came' });
  const upgrading = await rawServer((socket) =>
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  );
  expect(await send(upgrading.url)).toEqual({ status: 101, error: null });
  const { port } = await openReceiver();
  expect(await send(`https://127.0.0.1:${port}/`)).toMatchObject({ error: expect.stringMatching(/TLS/) });
  const closed = await rawServer(() => undefined);
  const gone = closed.url.replace(/:\d+/, ':1');
  expect(await send(gone)).toEqual({ status: null, error: 'the connection was refused' });
});

test('HK13: what was allowed once is checked again before each try', async () => {
  const { url, received } = await openReceiver();
  const outcome = await send(url, { rule: 'public' });
  expect(outcome.error).toContain('https://');
  expect(await send(url.replace('http:', 'https:'), { rule: 'public' })).toMatchObject({
    status: null,
    error: expect.stringContaining('not public'),
  });
  expect(received).toEqual([]);
});

test('HK14: a name that leads elsewhere a moment after it was checked gains nothing', async () => {
  const { port, received } = await openReceiver();
  // The first answers are public ones, the later ones lead to this machine.
  let asked = 0;
  const rebinding: Resolve = async () => [asked++ === 0 ? '8.8.8.8' : '127.0.0.1'];
  await rebinding('name.example');
  const outcome = await send(`https://name.example:${port}/`, { rule: 'public', resolve: rebinding });
  expect(outcome).toMatchObject({ status: null, error: expect.stringContaining('not public') });
  expect(asked).toBe(2);
  expect(received).toEqual([]);
});

test('HK14: the connection goes to the address that was checked, under the name that was given, and each try asks anew', async () => {
  const { port, received } = await openReceiver();
  let asked = 0;
  const resolve: Resolve = async () => {
    asked++;
    return ['127.0.0.1'];
  };
  // No name service knows it: it is found by way of the look-up that checks, or not at all.
  const url = `http://name.invalid:${port}/hook`;
  expect(await send(url, { resolve })).toEqual({ status: 204, error: null });
  expect(await send(url, { resolve })).toEqual({ status: 204, error: null });
  expect(asked).toBe(2);
  expect(received.map(({ headers }) => headers.host)).toEqual([`name.invalid:${port}`, `name.invalid:${port}`]);
});

test('HK29: a try is cut when the coordinator leaves', async () => {
  const silent = await rawServer(() => leaving.abort());
  const leaving = new AbortController();
  const rules = { rule: 'any', resolve: async () => [], timeoutMs: LONG_MS, left: leaving.signal } as const;
  expect(await post(silent.url, HEADERS, '{}', rules)).toMatchObject({ status: null });
});
