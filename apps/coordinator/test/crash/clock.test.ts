import { expect, test } from 'vitest';
import { gridClock } from '../../src/runtime/grid-clock.ts';
import { audit, imageOf, openImage } from '../harness/audit.ts';
import type { Held, TestDevice } from '../harness/device.ts';
import { report } from '../harness/device.ts';
import { freePort } from '../harness/child.ts';
import { eventually, startGrid } from '../harness/grid.ts';
import { Load } from '../harness/load.ts';
import { Work } from './work.ts';

/** Only ends what hangs. */
const TIMEOUT_MS = 400_000;
const HOUR = 3_600_000;
const env = { GOSSAMER_SESSION_GRACE_MS: '2000', GOSSAMER_HEARTBEAT_MS: '5000' };

/** A system's clock that is set. */
const settable = () => {
  let off = 0;
  return { wall: () => Date.now() + off, set: (by: number) => void (off += by) };
};

test(
  'CR20: whatever the clock of the system is set to, that of the grid goes on, and never back',
  () => {
    let wall = 1_000_000;
    let steady = 5;
    const clock = gridClock(
      () => wall,
      () => steady,
    );
    const pass = (ms: number): number => {
      const before = clock();
      for (let step = 0; step < 1000; step++) {
        wall += ms / 1000;
        steady += ms / 1000;
        clock();
      }
      return clock() - before;
    };
    expect(clock()).toBe(1_000_000);
    expect(pass(1000)).toBe(1000);
    wall += HOUR;
    expect(clock()).toBe(1_001_000);
    expect(Math.abs(pass(1000) - 1100)).toBeLessThanOrEqual(1);
    wall -= 2 * HOUR;
    expect(Math.abs(pass(1000) - 900)).toBeLessThanOrEqual(1);
    // It follows, and agrees in the end.
    pass(10 * HOUR + 60_000);
    expect(Math.abs(clock() - wall)).toBeLessThanOrEqual(1);
    expect(Math.abs(pass(1000) - 1000)).toBeLessThanOrEqual(1);
  },
  TIMEOUT_MS,
);

test(
  'CR21: a clock that jumps forward takes no lease from a device that is there, one that jumps back keeps none from others',
  async () => {
    const { wall, set } = settable();
    const grid = await startGrid({ env, wall });
    const { id } = await grid.rest.submit(2);
    const [here, gone] = [await grid.device(), await grid.device()];
    const [mine] = await here.work();
    const [lost] = await gone.work();
    const beat = (device: TestDevice, { epoch, number }: Held) =>
      device.exchange({ slots: 0, held: [{ lease: { epoch, number }, runMs: 1, ticket: new Uint8Array(0) }] });
    const seconds = async (): Promise<number> =>
      (await grid.rest.json<{ samples: unknown[] }>('GET', '/v1/stats')).samples.length;
    set(HOUR);
    const before = await seconds();
    await eventually(async () => {
      await Promise.all([beat(here, mine!), beat(gone, lost!)]);
      // Meanwhile it has looked for what is overdue some times.
      expect(await seconds()).toBeGreaterThan(before + 1);
    });
    expect((await grid.rest.job(id)).attempts).toMatchObject({ expired: 0, abandoned: 0, leased: 2 });
    gone.close();
    await eventually(async () => expect(await grid.rest.json('GET', '/v1/grid')).toMatchObject({ sessions: 1 }));
    set(-2 * HOUR);
    const taken = await here.work(2);
    expect(taken.map(({ units }) => units)).toEqual([lost!.units]);
    await here.exchange({ slots: 0, reports: [mine!, ...taken].map((lease) => report(lease)) });
    expect((await grid.rest.job(id)).state).toBe('completed');
  },
  TIMEOUT_MS,
);

test(
  'CR22: under a clock that jumps both ways, and over a start, nothing is lost or stuck and no history runs backwards',
  async () => {
    const { wall, set } = settable();
    const work = new Work(3000);
    const port = await freePort();
    const before = await startGrid({ env: { ...env, GOSSAMER_PORT: String(port) }, wall });
    await work.refill(before.rest);
    const load = new Load(port, work.outputs(4));
    for (const by of [HOUR, -2 * HOUR, 26 * HOUR, -30 * HOUR]) {
      await load.progress(200);
      set(by);
    }
    await load.progress(200);
    const grid = await before.restart(() => set(-2 * HOUR));
    await work.expectDone(grid.rest);
    expect(load.faults).toEqual([]);
    await load.rest();
    const { log } = await openImage(imageOf(grid.data));
    for (const { number } of work.jobs) {
      const { facts, faults } = await audit(log, number, load.deliveries);
      expect(faults).toEqual([]);
      // A start begins with the time of the system anew; within one, facts are in the order of their times.
      const setBack = facts.filter(({ at }, place) => place > 0 && at < facts[place - 1]!.at);
      expect(setBack.length).toBeLessThanOrEqual(1);
    }
  },
  TIMEOUT_MS,
);
