import { EVENTS, OUTCOME, REPORT_STATUS } from '@gossamer/protocol';
import { range } from '@gossamer/sdk/node';
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import type { Coordinator } from '../support/coordinator.ts';
import type { HeldWork } from '../support/device.ts';
import { ScriptedDevice } from '../support/device.ts';
import { SQUARE } from '../support/programs.ts';
import { expect, test } from '../support/test.ts';
import { gather, until } from '../support/wait.ts';

const right = (offset: number, square: number) => ({
  offset,
  outcome: OUTCOME.json,
  runMs: 5,
  body: Buffer.from(JSON.stringify({ square, spun: true })),
});

const reportOf = ({ ticket, bytes }: HeldWork, square = 1) => ({
  lease: { epoch: ticket.epoch, number: ticket.number },
  ticket: bytes,
  attempts: [right(0, square)],
});

/** What a bundler would not let through; but nobody must use one. */
const IMPORTS = `import { x } from 'https://example.org/x.js'; export const run = () => x;`;
const IMPORTS_LATE = `export const run = (input) => import('https://example.org/' + input);`;

/** One unit, 1 -> 1, for which one result suffices. */
const oneUnit = (coordinator: Coordinator) =>
  coordinator.grid.map(range(1, 2), SQUARE, { quorum: 1, params: { work: 1 } });

test('E11: a device that is not signed in, or signs in badly, gets a clear code and nothing else', async ({
  coordinator,
}) => {
  const job = await oneUnit(coordinator);
  const device = await ScriptedDevice.connect(coordinator.url);
  const { nonce } = (await device.ask(EVENTS.hello, device.hello)) as { nonce: string };
  const early = await device.send(device.frame({ slots: 1 }));
  expect(early).toMatchObject({ kind: 'problem', problem: { code: 'session-unknown', status: 401 } });
  const proof = { signature: device.prove(`${nonce}x`) };
  expect(await device.ask(EVENTS.proof, proof)).toMatchObject({ problem: { code: 'device-unproved', status: 401 } });
  // The right proof of a nonce that is spent does not count either.
  const late = await device.ask(EVENTS.proof, { signature: device.prove(nonce) });
  expect(late).toMatchObject({ problem: { code: 'device-unproved' } });
  expect(await device.send(device.frame({ slots: 1 }))).toMatchObject({ problem: { code: 'session-unknown' } });

  const bad: [string, unknown, string][] = [
    [EVENTS.hello, { ...device.hello, protocol: 999 }, 'protocol-mismatch'],
    [EVENTS.hello, { ...device.hello, name: 'unknown field' }, 'request-invalid'],
    [EVENTS.hello, { ...device.hello, publicKey: 'short' }, 'request-invalid'],
    [EVENTS.hello, { ...device.hello, slots: 0 }, 'request-invalid'],
    [EVENTS.hello, null, 'request-invalid'],
    [EVENTS.hello, 'garbage', 'request-invalid'],
    [EVENTS.proof, { signature: 'x' }, 'request-invalid'],
    [EVENTS.proof, [], 'request-invalid'],
  ];
  for (const [event, message, code] of bad) {
    expect(await device.ask(event, message), JSON.stringify(message)).toMatchObject({ problem: { code } });
  }
  // A key that is no point of the curve cannot have signed anything.
  const point = Buffer.alloc(65, 1);
  point[0] = 4;
  const hello = { ...device.hello, publicKey: point.toString('base64url') };
  const challenge = (await device.ask(EVENTS.hello, hello)) as { nonce: string };
  expect(await device.ask(EVENTS.proof, { signature: device.prove(challenge.nonce) })).toMatchObject({
    problem: { code: 'device-unproved' },
  });

  expect((await coordinator.view()).sessions).toBe(0);
  expect(await coordinator.devices()).toEqual([]);
  expect((await job.view()).attempts).toMatchObject({ leased: 0, returned: 0 });
  // On the same socket, the right words are heard at last.
  expect(await device.signIn()).toMatchObject({ device: expect.stringMatching(/^dev_/) });
  device.close();
});

test('E11: a frame that is garbage, truncated, or no bytes is refused with a code, and the session goes on', async ({
  coordinator,
  script,
}) => {
  const job = await oneUnit(coordinator);
  const device = await script();
  const work = await device.lease();
  const whole = device.frame({ slots: 1, reports: [reportOf(work)] });
  const frames: [string, unknown][] = [
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(64)],
    ['another magic', Buffer.concat([Buffer.from('GARBAGE!'), whole.subarray(8)])],
    ['bytes after its end', Buffer.concat([whole, Buffer.of(0)])],
    ['2^32 - 1 reports', Buffer.concat([whole.subarray(0, 15), Buffer.alloc(4, 0xff)])],
    ['text', 'exchange'],
    ['an object', { seq: 1, slots: 1 }],
    ['null', null],
    ...Array.from({ length: 12 }, (_, n): [string, unknown] => {
      const size = Math.floor((whole.byteLength * n) / 12);
      return [`its first ${size} bytes`, whole.subarray(0, size)];
    }),
  ];
  for (const [name, frame] of frames) {
    const answer = await device.send(frame);
    expect(answer, name).toMatchObject({ kind: 'problem', problem: { code: 'exchange-malformed', status: 400 } });
  }
  expect((await job.view()).attempts).toMatchObject({ leased: 1, returned: 0, valid: 0 });
  // The frame as it was is taken.
  expect(await device.send(whole)).toMatchObject({ response: { statuses: [REPORT_STATUS.accepted] } });
  expect((await job.done()).units.validated).toBe(1);
});

test('E11: an attempt never issued, a forged ticket, another device’s ticket: refused, and nothing stored is harmed', async ({
  coordinator,
  script,
}) => {
  const job = await coordinator.grid.map(range(1, 3), SQUARE, { quorum: 2, params: { work: 1 } });
  const [honest, thief] = [await script(), await script()];
  const work = await honest.lease();
  const { epoch, number, units } = work.ticket;
  const forged = (at: number) => {
    const bytes = Buffer.from(work.bytes);
    bytes[at]! ^= 1;
    return bytes;
  };
  const lease = { epoch, number };
  const attempts = [right(0, -1)];
  const none = new Uint8Array(0);
  const cases: [string, ScriptedDevice, { lease: typeof lease; ticket: Uint8Array; attempts: typeof attempts }][] = [
    ['a lease that was never issued', thief, { lease: { epoch, number: 9999 }, ticket: none, attempts }],
    ['an epoch to come', thief, { lease: { epoch: epoch + 1, number }, ticket: none, attempts }],
    ['the lease of another device', thief, { lease, ticket: none, attempts }],
    ['the ticket of another device', thief, { lease, ticket: work.bytes, attempts }],
    ['a forged MAC', honest, { lease, ticket: forged(work.bytes.byteLength - 1), attempts }],
    ['a forged unit', honest, { lease, ticket: forged(16), attempts }],
    ['a ticket that is cut off', honest, { lease, ticket: work.bytes.subarray(0, 20), attempts }],
    ['an offset beyond the lease', honest, { lease, ticket: none, attempts: [right(units.length, -1)] }],
  ];
  for (const [name, device, report] of cases) {
    const { statuses } = await device.exchange({ reports: [report] });
    expect(statuses, name).toEqual([REPORT_STATUS.refused]);
  }
  expect((await job.view()).attempts).toMatchObject({ returned: 0, valid: 0, invalid: 0, errored: 0 });

  // The lease is unharmed: its own device's result counts, once.
  const square = (units[0]! + 1) ** 2;
  for (let time = 0; time < 2; time++) {
    const { statuses } = await honest.exchange({ reports: [reportOf(work, square)] });
    expect(statuses).toEqual([REPORT_STATUS.accepted]);
  }
  expect((await job.view()).attempts).toMatchObject({ returned: 1, valid: 0 });
});

test('E11: what is no protocol at all ends its own connection only', async ({ coordinator, lend }) => {
  const job = await coordinator.grid.map(range(0, 4), SQUARE, { quorum: 1, params: { work: 1 } });
  const raw = async (text: string | Uint8Array): Promise<string> => {
    const socket = connect(coordinator.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk)));
    socket.on('error', () => {});
    socket.write(text);
    await new Promise((resolve) => socket.once('close', resolve));
    return answer;
  };
  expect(await raw('\u0000\u0001 no http at all\r\n\r\n')).toContain('400');
  const socket = new WebSocket(`ws://127.0.0.1:${coordinator.port}/socket.io/?EIO=4&transport=websocket`);
  const closed = new Promise((resolve) => socket.addEventListener('close', resolve));
  socket.addEventListener('open', () => socket.send(new Uint8Array(100).fill(0xc1)));
  await closed;
  // A client of Socket.IO with another parser than ours.
  const stranger = io(`http://127.0.0.1:${coordinator.port}`, { transports: ['websocket'], reconnection: false });
  await new Promise((resolve) => stranger.once('disconnect', resolve).once('connect_error', resolve));
  stranger.close();

  const device = await ScriptedDevice.signedIn(coordinator.url);
  void device.send(Buffer.alloc(9 << 20)).catch(() => {});
  await until('a frame over the limit ends its connection', () => !device.connected);

  await lend();
  expect((await job.done()).units).toMatchObject({ validated: 4, failed: 0 });
});

test('E11: bad requests get a problem with a code, and store nothing', async ({ coordinator }) => {
  const { sha256 } = await coordinator.grid.upload(SQUARE);
  const json = { 'content-type': 'application/json' };
  const source = { kind: 'range', start: 0, stop: 4 };
  const create = (spec: unknown, headers: Record<string, string> = json): Promise<Response> =>
    coordinator.request('/v1/jobs', {
      method: 'POST',
      headers,
      body: typeof spec === 'string' ? spec : JSON.stringify(spec),
    });
  const text = async (code: string): Promise<string> => {
    const body = new TextEncoder().encode(code);
    const name = createHash('sha256').update(body).digest('hex');
    await coordinator.grid.blobs.put(body);
    return name;
  };
  const unknown = 'a'.repeat(64);
  const put = { method: 'PUT', headers: { 'content-type': 'application/octet-stream' }, body: 'other content' };
  const cases: [number, string, () => Promise<Response>][] = [
    [400, 'body-malformed', () => create('{"name": ')],
    [400, 'request-invalid', () => create({ name: 'x', program: sha256, source, colour: 'unknown field' })],
    [413, 'body-too-large', () => create(`"${'x'.repeat(5 << 20)}"`)],
    [415, 'media-type-unsupported', () => create('<job/>', { 'content-type': 'application/xml' })],
    [401, 'key-wrong', () => create({}, { ...json, authorization: 'Bearer gss_nobody-has-this-key-at-all' })],
    [422, 'source-empty', () => create({ name: 'x', program: sha256, source: { ...source, stop: 0 } })],
    [422, 'source-empty', () => create({ name: 'x', program: sha256, source: { kind: 'list', items: [] } })],
    [422, 'program-exports', async () => create({ name: 'x', program: await text('export const go = 1;'), source })],
    [422, 'program-invalid', async () => create({ name: 'x', program: await text('export function run( {'), source })],
    [422, 'program-imports', async () => create({ name: 'x', program: await text(IMPORTS), source })],
    [422, 'program-imports', async () => create({ name: 'x', program: await text(IMPORTS_LATE), source })],
    [422, 'blob-mismatch', () => coordinator.request(`/v1/blobs/${unknown}`, put)],
    [404, 'blob-unknown', () => coordinator.request(`/v1/blobs/${unknown}`)],
    [404, 'job-unknown', () => coordinator.request('/v1/jobs/job_01900000-0000-7000-8000-000000000000')],
    [404, 'route-unknown', () => coordinator.request('/v1/nothing')],
  ];
  for (const [status, code, ask] of cases) {
    const answer = await ask();
    expect(answer.headers.get('content-type'), code).toContain('application/problem+json');
    expect(await answer.json(), code).toMatchObject({ status, code, type: `/errors/${code}` });
  }
  const without = await fetch(`${coordinator.url}/v1/jobs`);
  expect(await without.json()).toMatchObject({ status: 401, code: 'key-missing' });
  expect(await gather(coordinator.operator.jobs.list())).toEqual([]);
});
