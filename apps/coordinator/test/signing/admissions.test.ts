import { encodeManifest, followsFrom, requireSigned, verifyEd25519 } from '@gossamer/program';
import type { CoordinatorKeys, DeviceView, JobCard, Page, RefusalView, SigningKey } from '@gossamer/protocol';
import { EVENTS, OUTCOME } from '@gossamer/protocol';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { openStores } from '../../src/start.ts';
import { FaultyLog } from '../harness/faulty-log.ts';
import { heldOf, report } from '../harness/device.ts';
import type { TestGrid } from '../harness/grid.ts';
import { eventually, startGrid } from '../harness/grid.ts';
import { grant, nextCard, signed, Submitter } from '../harness/signing.ts';

const keysOf = (grid: TestGrid): Promise<CoordinatorKeys> => grid.rest.json('GET', '/v1/coordinator-keys');

/** What a tab does that knows the coordinator by this key. */
const verify = (card: JobCard, known: SigningKey, { chain }: CoordinatorKeys): Promise<void> =>
  requireSigned(card, {
    verify: verifyEd25519,
    requireKey: async (key) => {
      if (!(await followsFrom(known, key, chain, verifyEd25519))) throw new Error('another key');
    },
  });

test('SG28: each key is signed by the one before it, over a start, too', async () => {
  const grid = await startGrid();
  const first = await keysOf(grid);
  expect(first.chain).toEqual([]);
  // Two at once do not fork.
  await Promise.all([1, 2].map(() => grid.rest.json('POST', '/v1/coordinator-keys')));
  const second = await keysOf(grid);
  expect(second.chain).toHaveLength(2);
  const again = await grid.restart();
  const last = await again.rest.json<CoordinatorKeys>('POST', '/v1/coordinator-keys');
  expect(last.chain.slice(0, 2)).toEqual(second.chain);
  expect(last.chain.at(-1)!.to).toBe(last.current);
  expect(await followsFrom(first.current, last.current, last.chain, verifyEd25519)).toBe(true);
  expect(await followsFrom(last.current, first.current, last.chain, verifyEd25519)).toBe(false);
});

test('SG28: a key whose writing seemed to fail, and was there, is the one that signs the next', async () => {
  let log: FaultyLog | undefined;
  const open = async (config: Config) => (log = new FaultyLog(await openStores(config))).stores;
  const grid = await startGrid({ open });
  const first = await keysOf(grid);
  log!.faults.push({ kind: 'fail', error: new Error('the disk said no'), written: true });
  await expect(grid.rest.json('POST', '/v1/coordinator-keys')).rejects.toThrow(/503/);
  const last = await grid.rest.json<CoordinatorKeys>('POST', '/v1/coordinator-keys');
  expect(last.chain).toHaveLength(2);
  expect(await followsFrom(first.current, last.current, last.chain, verifyEd25519)).toBe(true);
});

test('SG28: no route tells a private half', async () => {
  const grid = await startGrid();
  await grid.rest.json('POST', '/v1/coordinator-keys');
  const job = await grid.rest.submit(1);
  const device = await grid.device();
  const card = JSON.stringify(await nextCard(device));
  const paths = [
    '/v1/coordinator-keys',
    '/v1/grid',
    '/v1/signers',
    '/v1/devices',
    '/v1/keys',
    '/v1/refusals',
    '/metrics',
  ];
  const own = ['', '/facts', '/units'].map((path) => `/v1/jobs/${job.id}${path}`);
  const told = [
    card,
    ...(await Promise.all([...paths, ...own].map(async (path) => (await grid.rest.call('GET', path)).text()))),
  ];
  await grid.coordinator.close();
  const bytes = readdirSync(grid.data)
    .filter((name) => name.startsWith('log.db'))
    .map((name) => readFileSync(join(grid.data, name)).toString('latin1'))
    .join('');
  const seeds = [...bytes.matchAll(/"seed":"([A-Za-z0-9_-]{43})"/g)].map(([, seed]) => seed!);
  expect(new Set(seeds).size).toBe(2);
  for (const text of told) for (const seed of seeds) expect(text.includes(seed)).toBe(false);
});

test('SG29: the card of a signed and of an unsigned job carries what verifies, under the key that signs now', async () => {
  const grid = await startGrid();
  const sue = await Submitter.join(grid);
  const pair = await sue.signer();
  await grant(grid, pair);
  const { current } = await keysOf(grid);
  const { body: job } = await sue.submit(await signed(pair));
  const card = await nextCard(await grid.device());
  await verify(card, current, await keysOf(grid));
  expect(card.signed.admission).toMatchObject({ job: job.id, tier: 'public', signer: { key: pair.key, name: 'Ada' } });
  await grid.rest.json('POST', `/v1/jobs/${job.id}/cancel`);
  const plain = await grid.rest.submit(3, { name: 'Two\nlines, exe.\u202Etxt 👩\u200D🔬' });
  const unsigned = await nextCard(await grid.device());
  await verify(unsigned, current, await keysOf(grid));
  expect(unsigned.signed).toMatchObject({
    signature: null,
    manifest: { name: 'Two lines, exe. txt 👩 🔬', kind: 'js' },
  });
  expect(unsigned.signed.admission).toMatchObject({ job: plain.id, signer: null });
  expect(encodeManifest(unsigned.signed.manifest).byteLength).toBeGreaterThan(0);
});

test('SG29: after a rotation the same session gets the card anew, under the new key', async () => {
  const grid = await startGrid({ env: { GOSSAMER_LEASE_UNITS: '1' } });
  await grid.rest.submit(5);
  const device = await grid.device();
  const before = await nextCard(device);
  const { cards } = await device.exchange({ slots: 1 });
  expect(cards).toEqual([]);
  const keys = await grid.rest.json<CoordinatorKeys>('POST', '/v1/coordinator-keys');
  const after = await nextCard(device);
  expect([before.signed.admission.key, after.signed.admission.key]).toEqual([keys.chain[0]!.from, keys.current]);
  await verify(after, before.signed.admission.key, keys);
});

test('SG30: a refusal is told to operators and counted, and the device is given the job no more', async () => {
  const grid = await startGrid({ env: { GOSSAMER_LEASE_UNITS: '1' } });
  const [job, other] = [await grid.rest.submit(5, { priority: 1 }), await grid.rest.submit(5)];
  const device = await grid.device();
  const refusal = { job: 1, reason: 'manifest', detail: 'its manifest is another one' };
  // Nobody has seen a program of it yet.
  device.socket!.emit(EVENTS.refused, refusal);
  const held = heldOf(await device.exchange({ slots: 1 }));
  expect(await grid.rest.json<Page<RefusalView>>('GET', '/v1/refusals')).toMatchObject({ items: [] });
  for (const message of [
    refusal,
    { ...refusal, job: 2 },
    { ...refusal, reason: 'x' },
    { ...refusal, detail: 'a\nb' },
    1,
  ]) {
    device.socket!.emit(EVENTS.refused, message);
  }
  const [lease] = held;
  await device.exchange({
    slots: 0,
    reports: [report(lease!, () => new Uint8Array(0), { outcome: OUTCOME.released })],
  });
  const [next] = await device.work();
  expect([lease!.job, next!.job]).toEqual([job.number, other.number]);
  const { items } = await grid.rest.json<Page<RefusalView>>('GET', '/v1/refusals');
  expect(items).toMatchObject([{ job: job.id, jobName: 'A job', device: device.welcome!.device, reason: 'manifest' }]);
  const metrics = await (await grid.rest.call('GET', '/metrics')).text();
  expect(metrics).toContain('gossamer_programs_refused_total{reason="manifest"} 1');
});

test('SG30: that a volunteer has not opted in is counted, and rings no alarm', async () => {
  const grid = await startGrid();
  await grid.rest.submit(5);
  const device = await grid.device();
  await device.work();
  device.socket!.emit(EVENTS.refused, { job: 1, reason: 'playground', detail: 'you have not opted in' });
  await eventually(async () =>
    expect(await (await grid.rest.call('GET', '/metrics')).text()).toContain(
      'gossamer_programs_refused_total{reason="playground"} 1',
    ),
  );
  expect(await grid.rest.json<Page<RefusalView>>('GET', '/v1/refusals')).toMatchObject({ items: [] });
});

test('SG31: a device that is set apart stays so over a start, and its volunteer says at each sign-in whether it opts in', async () => {
  const grid = await startGrid({ env: { GOSSAMER_UNVETTED: 'playground' } });
  const job = await grid.rest.submit(2);
  const device = await grid.device();
  const { device: id } = device.welcome!;
  const set = (apart: boolean) => grid.rest.json<DeviceView>('PATCH', `/v1/devices/${id}`, { apart });
  expect(await set(true)).toMatchObject({ playground: { apart: true, optedIn: false } });
  expect((await grid.rest.job(job.id)).waiting).toContain('volunteer has not opted in');
  const again = await grid.restart();
  const optsIn = async (playground: boolean): Promise<DeviceView> => {
    await device.connect(again.port);
    const { nonce } = (await device.hello({ playground })) as { nonce: string };
    await device.ask(EVENTS.proof, { signature: device.sign(nonce) });
    return (await again.rest.json<Page<DeviceView>>('GET', '/v1/devices')).items[0]!;
  };
  expect(await optsIn(true)).toMatchObject({ id, playground: { apart: true, optedIn: true } });
  const [lease] = await device.work();
  expect(lease!.job).toBe(job.number);
  device.close();
  expect(await optsIn(false)).toMatchObject({ playground: { apart: true, optedIn: false } });
  const unknown = await again.rest.call('PATCH', '/v1/devices/dev_017f22e2-79b0-7cc3-98c4-dc0c0c07398f', {
    apart: true,
  });
  expect(await unknown.json()).toMatchObject({ status: 404, code: 'device-unknown' });
});
