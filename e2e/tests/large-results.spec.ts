import { range } from '@gossamer/sdk/node';
import {
  encodeResultBlob,
  ENCODING,
  EVENTS,
  inBlob,
  joinReceipt,
  resultOutcome,
  type Sha256,
} from '@gossamer/protocol';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../support/command.ts';
import { expect, test } from '../support/test.ts';
import { gather, until } from '../support/wait.ts';

const MIB = 1024 * 1024;

/** Of unit n: n + 1 MiB and some bytes of a generator that begins with n; every third one as JSON. */
const GROWS = {
  code: `
export function run(n) {
  const words = new Uint32Array((n + 1) * ${MIB / 4} + 3);
  let state = n + 1;
  for (let at = 0; at < words.length; at++) words[at] = state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return n % 3 === 2 ? Array.from(words.subarray(0, 200000)) : words;
}`,
};
const grown = (n: number): Uint32Array | number[] => {
  const words = new Uint32Array((n + 1) * (MIB / 4) + 3);
  let state = n + 1;
  for (let at = 0; at < words.length; at++) words[at] = state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return n % 3 === 2 ? Array.from(words.subarray(0, 200_000)) : words;
};
const bytesOf = (n: number): Buffer => {
  const value = grown(n);
  return Array.isArray(value) ? Buffer.from(JSON.stringify(value)) : Buffer.from(value.buffer);
};
const limits = { resultBytes: 16 * MIB };
const UNITS = 5;

test('E38: results of several MiB, which two devices agree on, arrive byte for byte by SDK and command, over a start of the coordinator', async ({
  coordinator,
  lend,
}) => {
  const job = await coordinator.grid.map(range(0, UNITS), GROWS, { quorum: 2, limits });
  await lend();
  const tab = await lend();
  await until(
    'one is final',
    () => job.view(),
    ({ units }) => units.validated > 0,
  );
  await coordinator.end('SIGKILL');
  await coordinator.start();
  expect((await job.done()).units).toMatchObject({ validated: UNITS, failed: 0 });
  const outputs = (await gather(job.results({ ordered: true }))).map(({ output }) => output);
  for (let n = 0; n < UNITS; n++) expect(outputs[n], `unit ${n}`).toEqual(grown(n));
  // By HTTP, and in no exchange.
  expect(tab.requests.some((path) => path.startsWith('/v1/results/'))).toBe(true);
  const out = join(coordinator.data, 'out');
  const saved = await command(coordinator, 'jobs', 'results', job.id, '--save', out);
  expect(saved.status, saved.stderr).toBe(0);
  for (const line of saved.stdout.trim().split('\n')) {
    const { unit, file, blob } = JSON.parse(line) as { unit: number; file: string; blob: { sha256: string } };
    const bytes = await readFile(file);
    expect(Buffer.compare(bytes, bytesOf(unit)), `unit ${unit}`).toBe(0);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(blob.sha256);
  }
});

test('E38: a result as large as any that an operator allows who says nothing, 64 MiB, comes whole', async ({
  coordinator,
  lend,
}) => {
  const most = 64 * MIB;
  const fills = { code: `export const run = (n) => new Uint8Array(${most}).fill(n + 1);` };
  const job = await coordinator.grid.map(range(0, 1), fills, { quorum: 1, limits: { resultBytes: most } });
  await lend();
  expect((await job.done()).units).toMatchObject({ validated: 1, failed: 0 });
  const [result] = await gather(job.results());
  expect(Buffer.compare(result!.output as Uint8Array, Buffer.alloc(most, 1))).toBe(0);
});

test('E38: a tab that is closed while it sends costs only its own attempt', async ({ coordinator, openTab, lend }) => {
  const job = await coordinator.grid.map(range(0, 1), GROWS, { quorum: 1, limits });
  const tab = await openTab();
  let asked: () => void = () => {};
  const sending = new Promise<void>((resolve) => (asked = resolve));
  // Its request is on the way, and never gets there.
  await tab.context.route('**/v1/results/**', () => asked());
  await tab.visit(coordinator);
  await tab.lend();
  await sending;
  expect((await job.view()).attempts).toMatchObject({ leased: 1, returned: 0 });
  await tab.close();
  await lend();
  const { units, attempts } = await job.done();
  expect(units).toMatchObject({ validated: 1, failed: 0 });
  expect(attempts).toMatchObject({ valid: 1, errored: 0, invalid: 0 });
  const [result] = await gather(job.results());
  expect(result!.output).toEqual(grown(0));
});

test('E38: a line that breaks while a result is sent is tried again', async ({ coordinator, openTab }) => {
  const job = await coordinator.grid.map(range(0, 2), GROWS, { quorum: 1, limits });
  const tab = await openTab();
  let broken = 0;
  await tab.context.route('**/v1/results/**', (route) =>
    broken++ < 2 ? route.abort('connectionreset') : route.continue(),
  );
  await tab.visit(coordinator);
  await tab.lend();
  const { units, attempts } = await job.done();
  expect([units, attempts]).toMatchObject([{ validated: 2 }, { valid: 2, errored: 0, abandoned: 0 }]);
  expect(broken).toBeGreaterThan(2);
});

test('E38: a device that names a blob which it did not send fails, also one that is there', async ({
  coordinator,
  lend,
  script,
}) => {
  const job = await coordinator.grid.map(range(0, 1), GROWS, { quorum: 2, limits });
  await lend();
  await until(
    'one has come',
    () => job.unit(0),
    ({ attempts }) => attempts.some(({ state }) => state === 'returned'),
  );
  const liar = await script();
  const { bytes, ticket } = await liar.lease();
  // What the honest tab has sent is there, and anybody could know its name.
  const right = bytesOf(0);
  const sha256 = createHash('sha256').update(right).digest('hex') as Sha256;
  const name = encodeResultBlob({ sha256, size: right.byteLength });
  const offer = { epoch: ticket.epoch, lease: ticket.number, offset: 1, sha256, size: right.byteLength };
  expect(await liar.ask(EVENTS.offer, offer)).toMatchObject({ problem: { code: 'attempt-unknown' } });
  const outcome = resultOutcome(inBlob(ENCODING.uint32));
  const body = joinReceipt(name, new Uint8Array(16));
  const attempts = [{ offset: 0, outcome, runMs: 5, body }];
  await liar.exchange({
    reports: [{ lease: { epoch: ticket.epoch, number: ticket.number }, ticket: bytes, attempts }],
  });
  const { errors, state } = await job.unit(0);
  expect([errors, state]).not.toContain('validated');
  expect(errors).toBe(1);
  await lend();
  const { units, attempts: counts } = await job.done();
  expect([units, counts]).toMatchObject([{ validated: 1 }, { valid: 2, errored: 1, invalid: 0 }]);
});
