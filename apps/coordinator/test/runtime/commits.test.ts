import { decodeDecisions, durableBytes, exchange, findFaults } from '@gossamer/core';
import { REPORT_STATUS } from '@gossamer/protocol';
import { OutcomeUnknown, StorageFull } from '@gossamer/store';
import { expect, test } from 'vitest';
import type { Fault } from '../harness/faulty-log.ts';
import { eventually } from '../harness/grid.ts';
import { replay } from '../harness/replay.ts';
import { openWorld, reportOf, settles } from './world.ts';

const { accepted } = REPORT_STATUS;
const epochOf = (world: Awaited<ReturnType<typeof openWorld>>) => world.runtime.scheduler.options.epoch;

const sameAsReplayed = async (world: Awaited<ReturnType<typeof openWorld>>, number: number): Promise<void> => {
  const { job } = await replay(world.stores.log, number);
  expect(Buffer.from(durableBytes(world.runtime.scheduler.jobs.get(number)!))).toEqual(Buffer.from(durableBytes(job!)));
  expect(findFaults(world.runtime.scheduler)).toEqual([]);
};

test('RT1: nothing is answered before its facts are on disk', async () => {
  const world = await openWorld();
  await world.createJob(1, 4);
  const device = world.session(1);
  world.log.holding = true;
  const asked = world.ask(device, 1);
  expect(await settles(asked)).toBe(false);
  world.log.flow();
  const [lease] = (await asked).granted;
  world.log.holding = true;
  const reported = world.ask(device, 0, [reportOf(lease!, epochOf(world))]);
  expect(await settles(reported)).toBe(false);
  expect((await replay(world.stores.log, 1)).job!.counts.returned).toBe(0);
  world.log.flow();
  expect((await reported).statuses).toEqual([accepted]);
  expect((await replay(world.stores.log, 1)).job!.counts).toMatchObject({ returned: 1, validated: 1 });
});

test('RT2: a report that comes again while the first is being written waits for it: it rests on the same facts', async () => {
  const world = await openWorld();
  await world.createJob(1, 1);
  const device = world.session(1);
  const [lease] = (await world.ask(device, 1)).granted;
  world.log.holding = true;
  const first = world.ask(device, 0, [reportOf(lease!, epochOf(world))]);
  const again = world.ask(device, 0, [reportOf(lease!, epochOf(world))]);
  expect(await settles(Promise.race([first, again]))).toBe(false);
  world.log.held.shift()!.go({ kind: 'fail', error: new OutcomeUnknown('lost'), written: false });
  await expect(first).rejects.toMatchObject({ code: 'unavailable' });
  await expect(again).rejects.toMatchObject({ code: 'unavailable' });
  world.log.flow();
  await eventually(() => expect(world.runtime.steady).toBe(true));
  expect((await world.ask(device, 0, [reportOf(lease!, epochOf(world))])).statuses).toEqual([accepted]);
  expect((await replay(world.stores.log, 1)).job!.counts.validated).toBe(1);
});

test('RT3: a lease of units whose cut is not on disk is not given out', async () => {
  const world = await openWorld();
  await world.createJob(1, 10);
  world.log.holding = true;
  const first = world.ask(world.session(1), 1);
  const second = world.ask(world.session(2), 1);
  expect(await settles(second)).toBe(false);
  world.log.held.shift()!.go({ kind: 'fail', error: new StorageFull('full'), written: false });
  await expect(first).rejects.toMatchObject({ code: 'storage-full' });
  await expect(second).rejects.toMatchObject({ code: 'unavailable' });
});

test('RT4: what arrives while a commit is in flight goes into the next one, all of it', async () => {
  const world = await openWorld();
  await world.createJob(1, 40);
  const devices = Array.from({ length: 12 }, (_, i) => world.session(i + 1));
  const leases = await Promise.all(devices.map(async (device) => (await world.ask(device, 1)).granted[0]!));
  const before = world.log.appends;
  world.log.holding = true;
  const reported = devices.map((device, i) => world.ask(device, 0, [reportOf(leases[i]!, epochOf(world))]));
  await eventually(() => expect(world.log.held).toHaveLength(1));
  world.log.held.shift()!.go({ kind: 'ok' });
  await eventually(() => expect(world.log.held).toHaveLength(1));
  const { segments } = world.log.held[0]!;
  expect(segments.flatMap(({ body }) => decodeDecisions(body))).toHaveLength(11);
  world.log.flow();
  await Promise.all(reported);
  expect(world.log.appends - before).toBe(2);
  await sameAsReplayed(world, 1);
});

const FAULTS: [string, Fault, string][] = [
  ['StorageFull', { kind: 'fail', error: new StorageFull('full'), written: false }, 'storage-full'],
  ['OutcomeUnknown, not written', { kind: 'fail', error: new OutcomeUnknown('lost'), written: false }, 'unavailable'],
  ['OutcomeUnknown, written', { kind: 'fail', error: new OutcomeUnknown('lost'), written: true }, 'unavailable'],
  ['fenced', { kind: 'fenced' }, 'unavailable'],
];

test.each(FAULTS)(
  'RT5: after %s the job is read again from its log and goes on; nothing acknowledged is lost',
  async (_, fault, code) => {
    const world = await openWorld();
    await world.createJob(1, 8);
    await world.createJob(2, 8);
    const device = world.session(1);
    const [first, second] = (await world.ask(device, 2)).granted;
    world.runtime.scheduler.jobs.get(first!.job)!.leaseCap = 17;
    expect((await world.ask(device, 0, [reportOf(first!, epochOf(world))])).statuses).toEqual([accepted]);
    world.log.faults.push(fault);
    const failed = world.ask(device, 0, [reportOf(second!, epochOf(world))]);
    await expect(failed).rejects.toMatchObject({ code });
    await eventually(() => expect(world.runtime.steady).toBe(true));
    for (const number of [1, 2]) await sameAsReplayed(world, number);
    const { scheduler } = world.runtime;
    expect(scheduler.jobs.get(first!.job)!.counts.validated).toBeGreaterThanOrEqual(1);
    // How much fits one frame is not forgotten with the rest.
    expect(scheduler.jobs.get(first!.job)!.leaseCap).toBe(17);
    expect((await world.ask(device, 0, [reportOf(second!, epochOf(world))])).statuses).toEqual([accepted]);
    let left = 14;
    while (left > 0) {
      const { granted } = await world.ask(device, 1);
      await world.ask(
        device,
        0,
        granted.map((lease) => reportOf(lease, epochOf(world))),
      );
      left -= granted.reduce((sum, lease) => sum + lease.units.length, 0);
    }
    for (const number of [1, 2]) {
      await sameAsReplayed(world, number);
      expect(scheduler.jobs.get(number)!.counts).toMatchObject({ validated: 8, valid: 8 });
    }
  },
);

test('RT6: while the log cannot even be taken over, nothing is decided; when it can, the grid goes on', async () => {
  const world = await openWorld();
  await world.createJob(1, 2);
  const device = world.session(1);
  const [lease] = (await world.ask(device, 1)).granted;
  world.log.faults.push({ kind: 'fail', error: new StorageFull('full'), written: false });
  world.log.claimErrors.push(new StorageFull('full'));
  await expect(world.ask(device, 0, [reportOf(lease!, epochOf(world))])).rejects.toMatchObject({
    code: 'storage-full',
  });
  await eventually(() => expect(world.log.claimErrors).toEqual([]));
  expect(world.runtime.steady).toBe(false);
  await expect(world.ask(device, 1)).rejects.toMatchObject({ code: 'storage-full' });
  await eventually(() => expect(world.runtime.steady).toBe(true));
  expect((await world.ask(device, 0, [reportOf(lease!, epochOf(world))])).statuses).toEqual([accepted]);
  await sameAsReplayed(world, 1);
});

test('RT7: a command that fails halfway leaves nothing in memory that no log has', async () => {
  const world = await openWorld();
  await world.createJob(1, 2);
  const device = world.session(1);
  const [lease] = (await world.ask(device, 1)).granted;
  const { scheduler } = world.runtime;
  const failing = world.runtime.run('halfway', (effects) => {
    const reports = [reportOf(lease!, epochOf(world))];
    exchange(scheduler, device, { slots: 0, held: [], reports }, Date.now(), effects);
    throw new Error('halfway');
  });
  await expect(failing).rejects.toThrow('halfway');
  await eventually(() => expect(world.runtime.steady).toBe(true));
  expect(scheduler.jobs.get(1)!.counts.returned).toBe(0);
  await sameAsReplayed(world, 1);
});

test('RT8: a new start reads the identical state, and a job that was registered but never written is passed over', async () => {
  const world = await openWorld();
  await world.grid.record('test', {
    kind: 'job-registered',
    at: 1,
    number: 1,
    id: 'job_1',
    request: null,
    batch: null,
  });
  await world.createJob(1, 30, { policy: { kind: 'quorum', quorum: 2 } });
  // So that some units are left.
  world.runtime.scheduler.jobs.get(1)!.leaseCap = 1;
  await world.grid.record('test', {
    kind: 'job-registered',
    at: 1,
    number: 2,
    id: 'job_2',
    request: null,
    batch: null,
  });
  for (const number of [1, 2, 3]) {
    const device = world.session(number);
    for (let i = 0; i < 5; i++) {
      const { granted } = await world.ask(device, 2);
      await world.ask(
        device,
        0,
        granted.map((lease) => reportOf(lease, epochOf(world), number === 3 ? i : 1)),
      );
    }
  }
  const bytes = Buffer.from(durableBytes(world.runtime.scheduler.jobs.get(1)!));
  await world.runtime.close();
  await world.stores.close();
  const next = await openWorld(world.directory);
  expect([...next.runtime.scheduler.jobs.keys()]).toEqual([1]);
  expect(Buffer.from(durableBytes(next.runtime.scheduler.jobs.get(1)!))).toEqual(bytes);
  expect(next.runtime.scheduler.options.epoch).toBe(epochOf(world) + 1);
  expect(findFaults(next.runtime.scheduler)).toEqual([]);
  expect(next.runtime.scheduler.jobs.get(1)!.ready.size).toBeGreaterThan(0);
});

test.each(FAULTS)(
  "RT9: after %s the grid's own log goes on as well, with what was acknowledged and in order",
  async (_, fault, code) => {
    const world = await openWorld();
    const fact = (number: number) => {
      const id = `dev_01890000-0000-7000-8000-00000000000${number}`;
      return { kind: 'device-seen', at: 1, number, id, publicKey: `k${number}`, platform: 'x', prefix: null } as const;
    };
    await world.grid.record('test', fact(1));
    world.log.faults.push(fault);
    await expect(world.grid.record('test', fact(2))).rejects.toMatchObject({ code });
    await world.grid.record('test', { kind: 'device-moved', at: 2, number: 1, prefix: 'p' });
    await world.grid.record('test', fact(3));
    const written = fault.kind === 'fail' && fault.written;
    const numbers = [...world.grid.state.devices.keys()].sort((a, b) => a - b);
    expect(numbers).toEqual(written ? [1, 2, 3] : [1, 3]);
    const { epoch } = world.grid;
    await world.runtime.close();
    await world.stores.close();
    const next = await openWorld(world.directory);
    expect([...next.grid.state.devices.keys()].sort((a, b) => a - b)).toEqual(numbers);
    expect(next.grid.state.devices.get(1)!.device.prefix).toBe('p');
    expect(next.grid.epoch).toBeGreaterThan(epoch);
  },
);

test('RT10: records that were on their way when one failed are applied once, in the order of the log', async () => {
  const world = await openWorld();
  const number = world.grid.state.lastJob + 1;
  const registered = (id: string, at: number) =>
    ({ kind: 'job-registered', at: 1, number: at, id, request: null, batch: null }) as const;
  world.log.faults.push({ kind: 'fail', error: new OutcomeUnknown('lost'), written: true });
  const outcomes = await Promise.allSettled([
    world.grid.record('test', registered('a', number)),
    world.grid.record('test', registered('b', number + 1)),
    world.grid.record('test', registered('c', number + 2)),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  await world.grid.record('test', registered('d', number + 3));
  expect([...world.grid.state.jobNumbers.keys()].sort()).toEqual(['a', 'b', 'c', 'd']);
});
