import type { Problem } from '@gossamer/protocol';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { askAll, audit, compareTold, imageOf, openImage } from '../harness/audit.ts';
import { freePort, withKey } from '../harness/child.ts';
import { eventually, PROGRAM, Rest } from '../harness/grid.ts';
import { Load } from '../harness/load.ts';
import { smallDisk } from '../harness/small-disk.ts';
import { Work } from './work.ts';

/** Only ends what hangs. */
const TIMEOUT_MS = 400_000;
const MEGABYTES = 6;
const UNITS = 3000;
/** So large that the disk is full long before the jobs are done. */
const RESULT_BYTES = 1200;

const openLoaded = async () => {
  const disk = smallDisk(MEGABYTES);
  if (disk === null) return null;
  const data = join(disk.path, 'data');
  const port = await freePort();
  const env = { GOSSAMER_PORT: String(port), GOSSAMER_SESSION_GRACE_MS: '500', GOSSAMER_LOG_LEVEL: 'error' };
  const start = () => withKey(data, env);
  const child = start();
  await child.ready;
  const rest = new Rest(port);
  const work = new Work(UNITS);
  await work.refill(rest);
  const outputs = work.outputs(4).map(
    (outputOf) =>
      (...args: Parameters<typeof outputOf>) =>
        outputOf(...args).padEnd(RESULT_BYTES),
  );
  const load = new Load(port, outputs);
  const program = await rest.upload(PROGRAM);
  const submit = async (): Promise<{ status: number; problem: Problem }> => {
    const source = { kind: 'range', start: 0, stop: 1 };
    const response = await rest.call('POST', '/v1/jobs', { name: 'one more', program, source });
    return { status: response.status, problem: (await response.json()) as Problem };
  };
  /** Resolves when the grid can take nothing more. */
  const isFull = async (): Promise<void> => {
    await load.progress(100);
    const { deferrals } = load;
    await eventually(() => expect(load.deferrals).toBeGreaterThan(deferrals + 8));
    // Nothing that others freed meanwhile is left over.
    disk.fill();
    await eventually(async () => expect((await submit()).status).toBe(507));
  };
  const check = async (): Promise<void> => {
    await load.rest();
    const told = await askAll(rest);
    const { log } = await openImage(imageOf(data));
    for (const { number } of work.jobs) expect((await audit(log, number, load.deliveries)).faults).toEqual([]);
    const { said, folded } = await compareTold(log, told);
    expect(said).toEqual(folded);
    expect(load.faults).toEqual([]);
  };
  return { disk, data, rest, work, load, child, start, submit, isFull, check };
};

const SKIPPED = 'a small file system can be mounted by root only';

test(
  'CR10: with a full disk it refuses new work in words, loses nothing, and goes on when there is room',
  async (context) => {
    const world = await openLoaded();
    if (world === null) return context.skip(SKIPPED);
    const { disk, data, rest, work, load, child, submit, isFull, check } = world;
    await isFull();
    const acknowledged = load.acknowledged;
    const { status, problem } = await submit();
    expect({ status, code: problem.code }).toEqual({ status: 507, code: 'storage-full' });
    await eventually(async () => expect((await rest.call('GET', '/readyz')).status).toBe(507));
    // Who asks what is there gets an answer; the process is none the worse.
    expect((await rest.call('GET', '/healthz')).status).toBe(200);
    // Once the jobs were read again, as memory was ahead of the log.
    const jobs = await eventually(() => rest.json<{ items: unknown[] }>('GET', '/v1/jobs'));
    expect(jobs.items.length).toBeGreaterThanOrEqual(2);
    const { log } = await openImage(imageOf(data));
    for (const { number } of work.jobs) {
      expect((await audit(log, number, load.deliveries, acknowledged)).faults).toEqual([]);
    }

    disk.grow(64);
    await load.progress(500);
    await eventually(async () => expect((await rest.call('GET', '/readyz')).status).toBe(200));
    await work.expectDone(rest);
    await check();
    expect(await child.kill('SIGTERM')).toBe(0);
    expect(child.stdout).toMatch(/no room left/);
  },
  TIMEOUT_MS,
);

test(
  'CR11: killed with a full disk, it starts or says that there is no room, and once there is, nothing is lost',
  async (context) => {
    const world = await openLoaded();
    if (world === null) return context.skip(SKIPPED);
    const { disk, rest, work, load, child, start, isFull, check } = world;
    await isFull();
    await child.kill();
    const second = start();
    const end = await Promise.race([second.ready.then(() => 'ready'), second.ended.then(() => 'ended')]).catch(
      () => 'ended',
    );
    if (end === 'ended') {
      expect(await second.ended).toBe(1);
      expect(second.stderr).toMatch(/no room left/);
    }
    await second.kill();
    disk.grow(64);
    await start().ready;
    await load.progress(500);
    await work.expectDone(rest);
    await check();
  },
  TIMEOUT_MS,
);
