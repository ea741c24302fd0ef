import { makeKeyPair } from '@gossamer/program/node';
import type { JobView } from '@gossamer/protocol';
import { EVENTS } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { Config } from '../../src/config.ts';
import { openStores } from '../../src/start.ts';
import { report } from '../harness/device.ts';
import { FaultyLog } from '../harness/faulty-log.ts';
import { eventually, startGrid } from '../harness/grid.ts';
import { grant, signed, Submitter } from '../harness/signing.ts';

test('SG22: a signature that does not hold, or is of another program, makes no job', async () => {
  const grid = await startGrid();
  const sue = await Submitter.join(grid);
  const pair = await sue.signer();
  const good = await signed(pair);
  const other = await signed({ ...makeKeyPair(), key: pair.key });
  for (const signature of [
    { ...good, signature: other.signature },
    { ...good, manifest: { ...good.manifest, name: 'Another' } },
    { ...good, manifest: { ...good.manifest, size: good.manifest.size + 1 } },
    { ...good, manifest: { ...good.manifest, limits: { ...good.manifest.limits, deadlineMs: 70_000 } } },
  ]) {
    expect(await sue.submit(signature)).toMatchObject({ status: 422, body: { code: 'signature-wrong' } });
  }
  const program = await grid.rest.upload('export function run() { return 1; }');
  const swapped = await sue.submit(good, { program });
  expect(swapped).toMatchObject({ body: { code: 'signature-wrong', errors: [{ path: 'program' }] } });
  expect(await sue.submit(await signed(makeKeyPair()))).toMatchObject({
    status: 404,
    body: { code: 'signer-unknown' },
  });
  expect((await sue.submit(good)).status).toBe(201);
});

test('SG22: a job that asks for more than its manifest allows is told each field', async () => {
  const grid = await startGrid();
  const sue = await Submitter.join(grid);
  const signature = await signed(await sue.signer(), { limits: { deadlineMs: 1000, resultBytes: 10 } });
  const { body } = await sue.submit(signature);
  expect(body).toMatchObject({
    code: 'signature-wrong',
    errors: [{ path: 'limits.deadlineMs' }, { path: 'limits.resultBytes' }],
  });
  const limits = { deadlineMs: 1000, resultBytes: 10 };
  expect((await sue.submit(signature, { limits })).status).toBe(201);
});

test('SG22: a manifest that calls the program another kind or size, although signed, makes no job', async () => {
  const grid = await startGrid();
  const sue = await Submitter.join(grid);
  const pair = await sue.signer();
  const { manifest } = await signed(pair);
  const { signManifest } = await import('@gossamer/program');
  const { signerOf } = await import('@gossamer/program/node');
  for (const change of [{ kind: 'wasm' as const }, { size: manifest.size - 1 }]) {
    const signature = await signManifest(signerOf(pair), { ...manifest, ...change });
    expect(await sue.submit(signature)).toMatchObject({ status: 422, body: { code: 'signature-wrong' } });
  }
});

test('SG23: unsigned programs, and those of a signer without a policy, follow the setting', async () => {
  for (const [unvetted, tier, unsigned, ungranted] of [
    ['public', 'public', 201, 201],
    ['playground', 'playground', 201, 201],
    ['refuse', null, 'signature-missing', 'signer-forbidden'],
  ] as const) {
    const grid = await startGrid({ env: { GOSSAMER_UNVETTED: unvetted } });
    const sue = await Submitter.join(grid);
    const pair = await sue.signer();
    const answers = [await sue.submit<JobView>(null), await sue.submit<JobView>(await signed(pair))];
    const outcomes = answers.map(({ status, body }) =>
      status === 201 ? status : (body as unknown as { code: string }).code,
    );
    expect(outcomes).toEqual([unsigned, ungranted]);
    if (tier !== null) expect(answers.map(({ body }) => body.tier)).toEqual([tier, tier]);
    // What the operator grants counts, whatever the setting.
    await grant(grid, pair);
    expect((await sue.submit<JobView>(await signed(pair))).body).toMatchObject({
      tier: 'public',
      signer: { name: 'Ada' },
    });
  }
});

test('SG23: jobs that are there follow a new setting at the next start', async () => {
  const data = (await startGrid({ env: { GOSSAMER_UNVETTED: 'public' } })) as Awaited<ReturnType<typeof startGrid>>;
  const job = await data.rest.submit(3);
  expect(job).toMatchObject({ tier: 'public', signer: null });
  await data.coordinator.close();
  const strict = await startGrid({ data: data.data, env: { GOSSAMER_UNVETTED: 'refuse' } });
  await strict.device();
  const waiting = await strict.rest.job(job.id);
  expect(waiting.tier).toBeNull();
  expect(waiting.waiting).toContain('this grid runs signed programs only');
});

test('SG24: by default what nobody vetted runs in public on one’s own machine only', () => {
  const unvetted = (url?: string, setting?: string) =>
    readConfig({ GOSSAMER_PUBLIC_URL: url, GOSSAMER_UNVETTED: setting }).unvetted;
  for (const url of [undefined, 'http://localhost:8080', 'http://127.0.0.1', 'http://[::1]:80']) {
    expect(unvetted(url)).toBe('public');
  }
  for (const url of ['https://grid.example.org', 'http://192.168.1.5', 'https://localhost.example.org']) {
    expect(unvetted(url)).toBe('playground');
    expect(unvetted(url, 'public')).toBe('public');
  }
  expect(unvetted(undefined, 'refuse')).toBe('refuse');
  expect(() => unvetted(undefined, 'yes')).toThrow('GOSSAMER_UNVETTED');
});

test('SG25: a policy bounds lanes and limits of new jobs', async () => {
  const grid = await startGrid();
  const sue = await Submitter.join(grid);
  const pair = await sue.signer();
  const forbidden = async (): Promise<string> => {
    const { status, body } = await sue.submit<{ detail: string; code: string }>(await signed(pair));
    return status === 201 ? 'yes' : `${body.code}: ${body.detail}`;
  };
  await grant(grid, pair, { lanes: ['wasm'] });
  expect(await forbidden()).toContain('signer-forbidden: the operator lets its signer “Ada” run wasm only, and not js');
  await grant(grid, pair, { lanes: ['js'], limits: { deadlineMs: 59_999 } });
  expect(await forbidden()).toContain('have deadlines of 59999 ms; the manifest says 60000');
  await grant(grid, pair, { limits: { deadlineMs: 60_000, resultBytes: 65_535 } });
  expect(await forbidden()).toContain('have results of 65535 bytes');
  expect(await grant(grid, pair, { limits: { resultBytes: 65_536 } })).toMatchObject({
    policy: { tier: 'playground', lanes: ['js'], limits: { deadlineMs: 60_000, resultBytes: 65_536 } },
  });
  expect(await forbidden()).toBe('yes');
});

test('SG25: a policy that changes is followed by jobs that run: leases end at once, and work goes on when it may', async () => {
  const grid = await startGrid();
  const sue = await Submitter.join(grid);
  const pair = await sue.signer();
  await grant(grid, pair);
  const { body: job } = await sue.submit(await signed(pair));
  const device = await grid.device();
  const [lease] = await device.work();
  await grant(grid, pair, { tier: 'playground' });
  await eventually(() => expect(device.heard(EVENTS.revoke)).toHaveLength(1));
  const view = await grid.rest.job(job.id);
  expect(view).toMatchObject({ tier: 'playground', attempts: { leased: 0 } });
  expect(view.waiting).toContain('the operator has not set the device apart');
  await grant(grid, pair, { tier: 'public' });
  const [again] = await device.work();
  expect(again!.units).toEqual(lease!.units);
  await device.exchange({ slots: 0, reports: [report(again!)] });
  expect((await grid.rest.job(job.id)).units.validated).toBe(1);
});

test('SG26: revoking cancels open jobs with the reason, tells the tabs at once, and refuses new ones', async () => {
  const grid = await startGrid();
  const sue = await Submitter.join(grid);
  const [pair, other] = [await sue.signer('Ada'), await sue.signer('Bob')];
  const { body: job } = await sue.submit(await signed(pair));
  const { body: kept } = await sue.submit(await signed(other));
  const device = await grid.device();
  const [lease] = await device.work();
  expect(lease!.job).toBe(1);
  expect(await sue.call('DELETE', `/v1/signers/${pair.key}`)).toMatchObject({
    status: 200,
    body: { openJobs: 0, tier: null },
  });
  await eventually(() => expect(device.heard(EVENTS.revoke)).toHaveLength(1));
  const { state, reason } = await grid.rest.job(job.id);
  expect(state).toBe('cancelled');
  expect(reason).toMatch(/^its signer “Ada” \(([0-9a-f]{4} ?){8}\) was revoked$/);
  expect(await sue.submit(await signed(pair))).toMatchObject({ status: 403, body: { code: 'signer-revoked' } });
  expect((await grid.rest.job(kept.id)).state).toBe('running');
  const again = await grid.restart();
  expect(await new Submitter(again, sue.key).submit(await signed(pair))).toMatchObject({
    body: { code: 'signer-revoked' },
  });
});

test('SG26: a revocation after which the coordinator was killed is carried out by the next start', async () => {
  const grid = await startGrid();
  const sue = await Submitter.join(grid);
  const pair = await sue.signer();
  const { body: job } = await sue.submit(await signed(pair));
  await grid.coordinator.close();
  const { appendGridFacts } = await import('../harness/grid-facts.ts');
  await appendGridFacts(grid.data, { kind: 'signer-revoked', at: Date.now(), key: pair.key });
  const again = await startGrid({ data: grid.data });
  expect(await again.rest.job(job.id)).toMatchObject({ state: 'cancelled' });
});

/** A grid with a disk that fails by order, and a tab that runs a signed job on it. */
const onFaultyDisk = async () => {
  let log: FaultyLog | undefined;
  const open = async (config: Config) => (log = new FaultyLog(await openStores(config))).stores;
  const grid = await startGrid({ open });
  const sue = await Submitter.join(grid);
  const pair = await sue.signer();
  const { body: job } = await sue.submit(await signed(pair), { priority: 1 });
  const device = await grid.device();
  await device.work();
  const ends = async () => {
    await eventually(async () => expect(await grid.rest.job(job.id)).toMatchObject({ state: 'cancelled' }));
    await eventually(() => expect(device.heard(EVENTS.revoke)).toHaveLength(1));
  };
  return { grid, sue, pair, job, device, log: log!, ends };
};

test('SG26: what is decided while a job’s log is read again is carried out as soon as that is done', async () => {
  const { grid, sue, pair, job, log, ends } = await onFaultyDisk();
  const other = await grid.rest.submit(3);
  // As long as the test wants: each try to read it again fails.
  log.claimErrors.push(...Array.from({ length: 1000 }, () => new Error('the disk said no')));
  log.faults.push({ kind: 'fail', error: new Error('the disk said no'), written: false });
  expect((await grid.rest.call('POST', `/v1/jobs/${other.id}/cancel`)).status).toBe(503);
  expect(await sue.call('DELETE', `/v1/signers/${pair.key}`)).toMatchObject({ status: 503 });
  expect((await grid.rest.job(job.id)).state).toBe('running');
  log.claimErrors.length = 0;
  await ends();
});

test('SG26: a revocation that seemed to fail, and was written, is carried out when that is found', async () => {
  const { grid, sue, pair, job, log, ends } = await onFaultyDisk();
  log.faults.push({ kind: 'fail', error: new Error('the disk said no'), written: true });
  expect(await sue.call('DELETE', `/v1/signers/${pair.key}`)).toMatchObject({ status: 503 });
  expect((await grid.rest.job(job.id)).state).toBe('running');
  await Submitter.join(grid, 'Somebody else');
  await ends();
});
