import { EVENTS, OUTCOME, REPORT_STATUS, decodeResponse } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { openStores } from '../../src/start.ts';
import { heldOf, report } from '../harness/device.ts';
import { FaultyLog } from '../harness/faulty-log.ts';
import { eventually, startGrid } from '../harness/grid.ts';

const { accepted, refused, ticketNeeded } = REPORT_STATUS;
const none = new Uint8Array(0);

test("GW20: a lease carries its inputs and its job's card, the card once a session", async () => {
  const grid = await startGrid();
  const job = await grid.rest.submit(3, { params: { depth: 7 }, seed: 5 });
  const device = await grid.device();
  const answer = await device.exchange({ slots: 2 });
  expect(answer.leases).toHaveLength(2);
  expect(answer.cards.map((card) => JSON.parse(card))).toMatchObject([
    {
      job: job.number,
      id: job.id,
      params: { depth: 7 },
      seed: 5,
      cageOrigin: expect.stringContaining(`j${job.number}-{n}`),
    },
  ]);
  expect(answer.leases.map(({ inputs }) => Buffer.from((inputs[0] as { body: Uint8Array }).body).toString())).toEqual([
    '0',
    '1',
  ]);
  const next = await device.exchange({ slots: 1 });
  expect([next.cards, next.leases.length]).toEqual([[], 1]);
});

test('GW21: a lease never issued, one of another device and a forged ticket are refused, and change nothing', async () => {
  const grid = await startGrid();
  const job = await grid.rest.submit(3);
  const [owner, thief] = [await grid.device(), await grid.device()];
  const [lease] = await owner.work();
  const forged = Uint8Array.from(lease!.ticket);
  forged[forged.length - 1]! ^= 1;
  const wider = Uint8Array.from(lease!.ticket);
  wider[16]! ^= 2;
  const status = async (device: typeof owner, ...reports: ReturnType<typeof report>[]) =>
    (await device.exchange({ slots: 0, reports })).statuses;
  expect(await status(thief, report({ ...lease!, number: 999 }))).toEqual([refused]);
  expect(await status(thief, report({ ...lease!, epoch: lease!.epoch + 1 }))).toEqual([refused]);
  expect(await status(thief, report({ ...lease!, number: 0 }))).toEqual([refused]);
  expect(await status(thief, report(lease!), report(lease!, undefined, { ticket: true }))).toEqual([refused, refused]);
  expect(await status(owner, report({ ...lease!, epoch: lease!.epoch - 1 }, undefined, { ticket: forged }))).toEqual([
    refused,
  ]);
  expect(await status(owner, report(lease!, undefined, { ticket: wider }))).toEqual([refused]);
  const beyond = { ...report(lease!), attempts: [{ offset: 1, outcome: OUTCOME.json, runMs: 1, body: none }] };
  expect(await status(owner, beyond)).toEqual([refused]);
  expect((await grid.rest.job(job.id)).attempts).toMatchObject({
    returned: 0,
    valid: 0,
    invalid: 0,
    errored: 0,
    leased: 1,
  });
  expect(await status(owner, report(lease!))).toEqual([accepted]);
  expect((await grid.rest.job(job.id)).units.validated).toBe(1);
});

test('GW22: statuses come in the order of the reports, whatever each of them is', async () => {
  const grid = await startGrid();
  await grid.rest.submit(2);
  const device = await grid.device();
  const [first, second] = await device.work(2);
  const forged = Uint8Array.from(first!.ticket).fill(7, -16);
  const reports = [
    report(first!, undefined, { ticket: forged }),
    report(first!),
    report({ ...first!, number: 99 }),
    report(second!),
  ];
  expect((await device.exchange({ slots: 0, reports })).statuses).toEqual([refused, accepted, refused, accepted]);
});

test('GW23: what is reported twice is accepted twice and counted once', async () => {
  const grid = await startGrid();
  const job = await grid.rest.submit(1, { credit: 3 });
  const device = await grid.device();
  const [lease] = await device.work();
  const twice = { slots: 0, reports: [report(lease!), report(lease!, undefined, { ticket: true })] };
  expect((await device.exchange(twice)).statuses).toEqual([accepted, accepted]);
  expect((await device.exchange({ slots: 0, reports: [report(lease!)] })).statuses).toEqual([ticketNeeded]);
  expect((await device.exchange(twice)).statuses).toEqual([ticketNeeded, accepted]);
  expect((await grid.rest.job(job.id)).attempts).toMatchObject({ valid: 1, invalid: 0, returned: 0 });
  const { items } = await grid.rest.json<{ items: object[] }>('GET', '/v1/devices');
  expect(items).toMatchObject([{ credit: 3, valid: 1 }]);
});

test('GW24: an exchange waits for work, and is answered when some appears', async () => {
  const grid = await startGrid();
  const device = await grid.device();
  let answered = false;
  const parked = device.exchange().finally(() => (answered = true));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(answered).toBe(false);
  const job = await grid.rest.submit(1);
  const answer = await parked;
  expect([answer.leases.length, answer.cards.length]).toEqual([1, 1]);
  expect((await grid.rest.job(job.id)).attempts.leased).toBe(1);
});

test('GW25: another exchange of the session answers the parked one; what then appears goes to the later one', async () => {
  const grid = await startGrid();
  const device = await grid.device();
  const parked = device.exchange();
  const later = device.exchange({ slots: 2 });
  expect(await parked).toMatchObject({ leases: [], retryAfterMs: 0 });
  await grid.rest.submit(5);
  expect((await later).leases).toHaveLength(2);
});

test('GW26: reports are acknowledged at once, although there is no more work', async () => {
  const grid = await startGrid();
  await grid.rest.submit(1);
  const device = await grid.device();
  const [lease] = await device.work();
  const started = performance.now();
  const answer = await device.exchange({ slots: 1, reports: [report(lease!)] });
  expect([answer.statuses, answer.leases]).toEqual([[accepted], []]);
  expect(performance.now() - started).toBeLessThan(20_000);
});

test('GW27: an exchange that only reports does not stay parked: work that comes later goes to one that waits', async () => {
  const grid = await startGrid();
  await grid.rest.submit(1);
  const device = await grid.device();
  const [lease] = await device.work();
  await device.exchange({ slots: 1, reports: [report(lease!)] });
  const job = await grid.rest.submit(1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await grid.rest.job(job.id)).attempts.leased).toBe(0);
  expect((await device.exchange()).leases).toHaveLength(1);
});

test('GW28: no lease gets lost between devices that report and ask in the same moment', async () => {
  // Slow commits, so that others' decisions fall between a decision and its answer.
  const open = async (config: Config) => {
    const log = new FaultyLog(await openStores(config));
    log.delayMs = 25;
    return log.stores;
  };
  const grid = await startGrid({ env: { GOSSAMER_HEARTBEAT_MS: '100000' }, open });
  const job = await grid.rest.submit(60, { policy: { kind: 'quorum', quorum: 3 } });
  const devices = await Promise.all(Array.from({ length: 6 }, () => grid.device()));
  let done = false;
  const lend = async (device: (typeof devices)[number]) => {
    let held = await device.work(2);
    while (!done) {
      const { leases, statuses } = await device.exchange({ slots: 2, reports: held.map((lease) => report(lease)) });
      expect(statuses.every((status) => status === accepted)).toBe(true);
      held = heldOf({ leases });
    }
  };
  const lending = devices.map((device) => lend(device));
  // Leases live for 400 s here: one that nobody was told of would hold the job up.
  await eventually(async () => expect(await grid.rest.job(job.id)).toMatchObject({ state: 'completed' }));
  done = true;
  await grid.rest.submit(200, { policy: { kind: 'quorum', quorum: 1 } });
  await Promise.all(lending);
  const { attempts } = await grid.rest.job(job.id);
  expect(attempts).toMatchObject({ invalid: 0, expired: 0, abandoned: 0 });
  // On a slow machine a lease becomes overdue, and its unit is given to one more device: that one's result counts, too.
  expect(attempts.valid).toBeGreaterThanOrEqual(180);
});

test("GW29: a cancelled job's leases are revoked at once, and named again to a tab that goes on with them", async () => {
  const grid = await startGrid();
  const job = await grid.rest.submit(1);
  const device = await grid.device();
  const [lease] = await device.work();
  await grid.rest.json('POST', `/v1/jobs/${job.id}/cancel`);
  const ref = { epoch: lease!.epoch, number: lease!.number };
  await eventually(() => {
    const frames = device.heard(EVENTS.revoke).map((frame) => decodeResponse(frame as Uint8Array));
    expect(frames.map(({ revoked }) => revoked)).toEqual([[ref]]);
  });
  const { revoked } = await device.exchange({ held: [{ lease: ref, runMs: 5, ticket: new Uint8Array(0) }] });
  expect(revoked).toEqual([ref]);
});

test('GW30: a device hears of its standing when a result of it was judged', async () => {
  const grid = await startGrid();
  await grid.rest.submit(1, { policy: { kind: 'quorum', quorum: 2 } });
  const [one, two] = [await grid.device(), await grid.device()];
  const [first] = await one.work();
  await one.exchange({ slots: 0, reports: [report(first!)] });
  await eventually(() => expect(one.heard(EVENTS.standing)).toEqual([{ valid: 0, invalid: 0, waiting: 1, credit: 0 }]));
  const [second] = await two.work();
  await two.exchange({ slots: 0, reports: [report(second!)] });
  await eventually(() =>
    expect(one.heard(EVENTS.standing).at(-1)).toEqual({ valid: 1, invalid: 0, waiting: 0, credit: 1 }),
  );
  await eventually(() =>
    expect(two.heard(EVENTS.standing).at(-1)).toEqual({ valid: 1, invalid: 0, waiting: 0, credit: 1 }),
  );
});
