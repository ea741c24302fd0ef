import type { JobView, KeyCreated, Problem, ResultReceipt } from '@gossamer/protocol';
import { ENCODING, EVENTS, OUTCOME } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { pause } from '../harness/chance.ts';
import { report } from '../harness/device.ts';
import type { GridOptions, TestGrid } from '../harness/grid.ts';
import { eventually, OPERATOR_KEY, PROGRAM, startGrid } from '../harness/grid.ts';
import { bytesOf, deliver, large, MIB, nameOf, offer, offerOf, put, reportOf, send } from './sender.ts';

const LIMITS = { resultBytes: 4 * MIB };
const start = (options: GridOptions = {}): Promise<TestGrid> =>
  startGrid({ ...options, limits: { upkeep: { resultsMs: 25, ...options.limits?.upkeep } } });

const isThere = async (grid: TestGrid, name: string): Promise<boolean> =>
  (await grid.rest.call('HEAD', `/v1/blobs/${name}`)).status === 200;

const codeOf = async (response: Response): Promise<string> => ((await response.json()) as Problem).code;

test('LB10: who holds an attempt sends its large result and reports it by its receipt; the list tells it by name and size', async () => {
  const grid = await start();
  const { id } = await grid.rest.submit(2, { limits: LIMITS });
  const device = await grid.device();
  const floats = bytesOf(2 * MIB, 1);
  const json = new Uint8Array(Buffer.from(JSON.stringify('x'.repeat(MIB))));
  const [first] = await device.work();
  await deliver(grid.rest.url, device, first!, floats, ENCODING.float64);
  const [second] = await device.work();
  await deliver(grid.rest.url, device, second!, json, ENCODING.json);
  await eventually(async () => expect((await grid.rest.job(id)).state).toBe('completed'));
  const results = await grid.rest.allResults(id);
  expect(results.map(({ cursor: _, ...line }) => line)).toEqual([
    { unit: 0, blob: { sha256: nameOf(floats), bytes: 2 * MIB, encoding: 'bytes' }, type: 'float64' },
    { unit: 1, blob: { sha256: nameOf(json), bytes: MIB + 2, encoding: 'json' } },
  ]);
  const facts = await grid.rest.unitFacts(id, 0);
  expect(facts.map(({ text }) => text).join(' ')).toContain(`returned ${2 * MIB} bytes`);
  const { items } = await grid.rest.json<{ items: { size: number }[] }>('GET', `/v1/jobs/${id}/units/0/attempts`);
  expect(items[0]!.size).toBe(2 * MIB);
});

test('LB11: only a session that holds the attempt is permitted to send, no more than its job allows, and not without end', async () => {
  const grid = await start({ env: { GOSSAMER_RESULT_MB: '2' } });
  await grid.rest.submit(40, { limits: { resultBytes: 2 * MIB }, chunkSeconds: 0.1 });
  const [device, other] = [await grid.device(), await grid.device()];
  const leases = await device.work(12);
  const lease = leases[0]!;
  const bytes = bytesOf(MIB + 1, 3);
  const codeOfOffer = async (who: typeof device, message: unknown): Promise<string> =>
    who.ask(EVENTS.offer, message).then(
      () => 'permitted',
      (error: { code: string }) => error.code,
    );
  const good = offerOf(lease, bytes);
  expect(await codeOfOffer(other, good)).toBe('attempt-unknown');
  expect(await codeOfOffer(device, { ...good, offset: lease.units.length })).toBe('attempt-unknown');
  expect(await codeOfOffer(device, { ...good, lease: lease.number + 1000 })).toBe('attempt-unknown');
  expect(await codeOfOffer(device, { ...good, size: 2 * MIB + 1 })).toBe('body-too-large');
  // What an exchange carries needs no permit.
  expect(await codeOfOffer(device, { ...good, size: MIB })).toBe('request-invalid');
  expect(await codeOfOffer(device, { ...good, sha256: 'none' })).toBe('request-invalid');
  // Four times the largest one at once: each is of half a MiB more than one.
  const sizes = leases.slice(0, 6).map((_, n) => bytesOf(MIB + MIB / 2, 10 + n));
  const told: string[] = [];
  for (const [n, one] of sizes.entries()) told.push(await codeOfOffer(device, offerOf(leases[n]!, one)));
  expect(told).toEqual(['permitted', 'permitted', 'permitted', 'permitted', 'permitted', 'rate-limited']);
  // The same attempt anew takes the place of what it had.
  expect(await codeOfOffer(device, offerOf(lease, bytes))).toBe('permitted');
  // What is reported makes room.
  const receipt = await send(grid.rest.url, device, leases[1]!, sizes[1]!);
  await device.exchange({ slots: 0, reports: [reportOf(leases[1]!, [large(receipt)])] });
  expect(await codeOfOffer(device, offerOf(leases[5]!, sizes[5]!))).toBe('permitted');
});

test('LB11: of many offers at once no more are permitted than one after the other', async () => {
  const grid = await start({ env: { GOSSAMER_RESULT_MB: '2' } });
  await grid.rest.submit(40, { limits: { resultBytes: 2 * MIB }, chunkSeconds: 0.1 });
  const device = await grid.device();
  const leases = await device.work(12);
  const told = await Promise.all(
    leases.slice(0, 10).map((lease, n) =>
      device.ask(EVENTS.offer, offerOf(lease, bytesOf(MIB + MIB / 2, 60 + n))).then(
        () => 'permitted',
        (error: { code: string }) => error.code,
      ),
    ),
  );
  expect(told.filter((code) => code === 'permitted')).toHaveLength(5);
  expect(told.filter((code) => code === 'rate-limited')).toHaveLength(5);
});

test('LB24: while a result is on its way its lease lives, however short its program may run', async () => {
  const grid = await start({ env: { GOSSAMER_SESSION_GRACE_MS: '60000', GOSSAMER_HEARTBEAT_MS: '1000' } });
  const { id } = await grid.rest.submit(1, { limits: { ...LIMITS, deadlineMs: 100 } });
  const device = await grid.device();
  const [lease] = await device.work();
  const bytes = bytesOf(2 * MIB, 80);
  const permit = await offer(device, lease!, bytes);
  const beat = () => {
    const held = [{ lease: { epoch: lease!.epoch, number: lease!.number }, runMs: 1, ticket: new Uint8Array(0) }];
    return device.exchange({ slots: 0, held });
  };
  // Its lease would be over after a second: ten times what its unit may take.
  async function* slowly() {
    for (let at = 0; at < bytes.byteLength; at += bytes.byteLength / 16) {
      yield bytes.subarray(at, at + bytes.byteLength / 16);
      await pause(200);
      await beat();
    }
  }
  const sent = await put(grid.rest.url, permit, nameOf(bytes), slowly() as never);
  expect(sent.status).toBeLessThan(300);
  const receipt = (await sent.json()) as ResultReceipt;
  await device.exchange({ slots: 0, reports: [reportOf(lease!, [large(receipt)])] });
  await eventually(async () => expect((await grid.rest.job(id)).state).toBe('completed'));
  expect((await grid.rest.job(id)).attempts).toMatchObject({ valid: 1, expired: 0 });
});

test('LB12: bytes without a permit, of another hash or size, or of an attempt that is not held any more are refused with a code', async () => {
  // Without a look meanwhile, which would close what is over.
  const grid = await startGrid();
  const { id } = await grid.rest.submit(3, { limits: LIMITS });
  const device = await grid.device();
  const [lease] = await device.work();
  const bytes = bytesOf(MIB + 100, 4);
  const name = nameOf(bytes);
  const { url } = grid.rest;
  expect(await codeOf(await put(url, 'made-up', name, bytes))).toBe('upload-unknown');
  expect(await codeOf(await put(url, OPERATOR_KEY, name, bytes))).toBe('upload-unknown');
  const permit = await offer(device, lease!, bytes);
  const other = bytesOf(MIB + 100, 5);
  expect(await codeOf(await put(url, permit, nameOf(other), other))).toBe('upload-unknown');
  expect(await codeOf(await put(url, permit, name, other))).toBe('blob-mismatch');
  expect(await codeOf(await put(url, permit, name, bytesOf(MIB + 101, 4)))).toBe('body-too-large');
  expect(await codeOf(await put(url, permit, name, bytes.subarray(0, MIB)))).toBe('blob-mismatch');
  expect(await codeOf(await put(url, permit, name, bytes, { 'content-type': 'text/plain' }))).toBe(
    'media-type-unsupported',
  );
  expect(await isThere(grid, name)).toBe(false);
  expect(await isThere(grid, nameOf(other))).toBe(false);
  // Nothing of it was counted against the attempt.
  expect((await put(url, permit, name, bytes)).status).toBe(200);
  await grid.rest.json('POST', `/v1/jobs/${id}/cancel`, { reason: 'enough' });
  expect(await codeOf(await put(url, permit, name, bytes))).toBe('attempt-unknown');
});

test('LB13: a device that names a blob that it did not send fails its attempt, and that alone', async () => {
  const grid = await start();
  const { id } = await grid.rest.submit(1, {
    policy: { kind: 'quorum', quorum: 2 },
    limits: { ...LIMITS, maxErrors: 10 },
  });
  const [honest, thief] = [await grid.device(), await grid.device()];
  const bytes = bytesOf(2 * MIB, 6);
  const [lease] = await honest.work();
  const receipt = await deliver(grid.rest.url, honest, lease!, bytes);
  // It knows name and size, and even another's receipt.
  const [stolen] = await thief.work();
  await thief.exchange({ slots: 0, reports: [reportOf(stolen!, [large(receipt)])] });
  const { attempts, errors, state } = await grid.rest.unit(id, 0);
  expect([errors, state]).toEqual([1, 'active']);
  expect(attempts.map((attempt) => attempt.state).sort()).toEqual(['errored', 'returned']);
  const facts = await grid.rest.unitFacts(id, 0);
  expect(facts.at(-1)!.failure!.message).toContain('it was not sent for this attempt');
  // Its own receipt of another attempt is none of this one, and what is no receipt at all is none.
  const own = await grid.device();
  const [mine] = await own.work();
  const wrong = { ...receipt, receipt: Buffer.alloc(16).toString('base64') };
  await own.exchange({ slots: 0, reports: [reportOf(mine!, [large(wrong)])] });
  expect((await grid.rest.unit(id, 0)).errors).toBe(2);
  const last = await grid.device();
  const [fair] = await last.work();
  await deliver(grid.rest.url, last, fair!, bytes);
  await eventually(async () => expect((await grid.rest.job(id)).state).toBe('completed'));
  const job = await grid.rest.job(id);
  expect(job.attempts).toMatchObject({ valid: 2, invalid: 0, errored: 2 });
});

test('LB14: two devices with equal bytes share one blob; one whose bytes differ is outvoted, and its blob goes when the unit is decided', async () => {
  const grid = await start({ limits: { upkeep: { blobGraceMs: 3_600_000 } } });
  const { id } = await grid.rest.submit(1, { policy: { kind: 'quorum', quorum: 2 }, limits: LIMITS });
  const right = bytesOf(2 * MIB, 7);
  const wrong = right.slice();
  wrong[wrong.length - 1]! ^= 1;
  const devices = [await grid.device(), await grid.device(), await grid.device()];
  const [first] = await devices[0]!.work();
  await deliver(grid.rest.url, devices[0]!, first!, wrong);
  const [second] = await devices[1]!.work();
  await deliver(grid.rest.url, devices[1]!, second!, right);
  expect([await isThere(grid, nameOf(right)), await isThere(grid, nameOf(wrong))]).toEqual([true, true]);
  const [third] = await devices[2]!.work();
  await deliver(grid.rest.url, devices[2]!, third!, right);
  await eventually(async () => expect((await grid.rest.job(id)).attempts).toMatchObject({ valid: 2, invalid: 1 }));
  await eventually(async () => expect(await isThere(grid, nameOf(wrong))).toBe(false));
  expect(await isThere(grid, nameOf(right))).toBe(true);
  const [result] = await grid.rest.allResults(id);
  expect(result!.blob!.sha256).toBe(nameOf(right));
});

test('LB15: what is sent and never reported goes when its lease is over', async () => {
  const env = { GOSSAMER_SESSION_GRACE_MS: '100' };
  const grid = await start({ env, limits: { upkeep: { blobGraceMs: 3_600_000 } } });
  await grid.rest.submit(1, { limits: LIMITS });
  const device = await grid.device();
  const [lease] = await device.work();
  const bytes = bytesOf(2 * MIB, 8);
  await send(grid.rest.url, device, lease!, bytes);
  // As long as the lease is held it stays.
  for (let beat = 0; beat < 5; beat++) {
    const held = [{ lease: { epoch: lease!.epoch, number: lease!.number }, runMs: 1, ticket: new Uint8Array(0) }];
    await device.exchange({ slots: 0, held });
    // Some looks later.
    await pause(150);
    expect(await isThere(grid, nameOf(bytes))).toBe(true);
  }
  device.close();
  await eventually(async () => expect(await isThere(grid, nameOf(bytes))).toBe(false));
});

test('LB16: what is only on its way holds no job: equal results take room once, and others wait for it', async () => {
  const grid = await start();
  const made = await grid.rest.json<KeyCreated>('POST', '/v1/keys', {
    role: 'submitter',
    name: 'small',
    quota: { blobBytes: 3 * MIB },
  });
  const headers = { authorization: `Bearer ${made.secret}`, 'content-type': 'application/json' };
  const program = await grid.rest.upload(PROGRAM);
  const source = { kind: 'range', start: 0, stop: 2 };
  const spec = { name: 'L', program, source, policy: { kind: 'quorum', quorum: 2 }, limits: LIMITS };
  const response = await fetch(`${grid.rest.url}/v1/jobs`, { method: 'POST', headers, body: JSON.stringify(spec) });
  const { id } = (await response.json()) as JobView;
  const [one, two, three] = [await grid.device(), await grid.device(), await grid.device()];
  const right = bytesOf(2 * MIB, 90);
  const [first] = await one.work();
  await offer(one, first!, right);
  const [second] = await two.work();
  await offer(two, second!, right);
  const [third] = await three.work();
  const refused = await three.ask(EVENTS.offer, offerOf(third!, bytesOf(2 * MIB, 91))).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'rate-limited' });
  expect((await grid.rest.job(id)).state).toBe('running');
});

test('LB16: what is sent counts against the quota of the submitter, whose job is held where there is no room, and is freed with the job', async () => {
  const grid = await start({ limits: { upkeep: { collectMs: 25, blobGraceMs: 1 } } });
  const made = await grid.rest.json<KeyCreated>('POST', '/v1/keys', {
    role: 'submitter',
    name: 'small',
    quota: { blobBytes: 3 * MIB },
  });
  const headers = { authorization: `Bearer ${made.secret}`, 'content-type': 'application/json' };
  // What no job names is collected at any time.
  const job = await eventually(async () => {
    const program = await grid.rest.upload(PROGRAM);
    const source = { kind: 'range', start: 0, stop: 2 };
    const body = JSON.stringify({ name: 'L', program, source, policy: { kind: 'quorum', quorum: 1 }, limits: LIMITS });
    const made = await fetch(`${grid.rest.url}/v1/jobs`, { method: 'POST', headers, body });
    expect(made.status).toBe(201);
    return (await made.json()) as JobView;
  });
  const used = async (): Promise<number> => {
    const me = (await (await fetch(`${grid.rest.url}/v1/me`, { headers })).json()) as {
      quotas: { blobBytes: { used: number } };
    };
    return me.quotas.blobBytes.used;
  };
  const before = await used();
  const device = await grid.device();
  const [first] = await device.work();
  // Offered once more, it takes the room that it had.
  await offer(device, first!, bytesOf(2 * MIB, 9));
  await deliver(grid.rest.url, device, first!, bytesOf(2 * MIB, 9));
  expect(await used()).toBe(before + 2 * MIB);
  const [second] = await device.work();
  await expect(offer(device, second!, bytesOf(2 * MIB, 10))).rejects.toMatchObject({
    code: 'quota-exceeded',
    message: 'its submitter has no room for more results',
  });
  const held = await grid.rest.job(job.id);
  expect(held.state).toBe('held');
  expect(held.reason).toContain('no room for its results');
  // What needs no room may come still.
  await device.exchange({ slots: 0, reports: [report(second!, () => 'small', { outcome: OUTCOME.json })] });
  await eventually(async () => expect((await grid.rest.job(job.id)).units.validated).toBe(2));
  await grid.rest.json('DELETE', `/v1/jobs/${job.id}`);
  await eventually(async () => expect(await isThere(grid, nameOf(bytesOf(2 * MIB, 9)))).toBe(false));
  expect(await used()).toBe(0);
});

test('LB17: what a job’s results name stays until the job is deleted, whatever is collected, over starts too', async () => {
  const options = { limits: { upkeep: { collectMs: 25, blobGraceMs: 1 } } };
  const grid = await start(options);
  const { id } = await eventually(() => grid.rest.submit(1, { limits: LIMITS }));
  const device = await grid.device();
  const [lease] = await device.work();
  const bytes = bytesOf(2 * MIB, 11);
  await deliver(grid.rest.url, device, lease!, bytes);
  const garbage = await grid.rest.upload('nobody wants this');
  await eventually(async () => expect(await isThere(grid, garbage)).toBe(false));
  expect(await isThere(grid, nameOf(bytes))).toBe(true);
  const again = await grid.restart();
  const more = await again.rest.upload('nor this');
  await eventually(async () => expect(await isThere(again, more)).toBe(false));
  expect(await isThere(again, nameOf(bytes))).toBe(true);
  await again.rest.json('DELETE', `/v1/jobs/${id}`);
  await eventually(async () => expect(await isThere(again, nameOf(bytes))).toBe(false));
});
