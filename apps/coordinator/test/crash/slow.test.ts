import { expect, test } from 'vitest';
import { askAll, audit, compareTold, imageOf, openImage } from '../harness/audit.ts';
import { FaultyLog } from '../harness/faulty-log.ts';
import { eventually, startGrid } from '../harness/grid.ts';
import { Load } from '../harness/load.ts';
import { openStores } from '../../src/start.ts';
import { Work } from './work.ts';

/** More than are ever let in together while the disk is slow. */
const DEVICES = 200;
const TIMEOUT_MS = 400_000;

const startSlow = async () => {
  let log: FaultyLog | null = null;
  const grid = await startGrid({
    env: { GOSSAMER_SESSION_GRACE_MS: '2000', GOSSAMER_HEARTBEAT_MS: '2000' },
    open: async (config) => {
      log = new FaultyLog(await openStores(config));
      return log.stores;
    },
  });
  return { grid, log: log! };
};

const metric = async (url: string, name: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
};

test(
  'CR15: on a slow disk answers come later, and nothing is lost',
  async () => {
    const { grid, log } = await startSlow();
    const work = new Work(600);
    await work.refill(grid.rest);
    log.delayMs = 200;
    const load = new Load(grid.port, work.outputs(6));
    await work.expectDone(grid.rest);
    expect(load.faults).toEqual([]);
    await load.rest();
    log.delayMs = 0;
    // Verdicts on late results may still be on their way to the log.
    await eventually(async () => {
      const told = await askAll(grid.rest);
      const image = await openImage(imageOf(grid.data));
      for (const { number } of work.jobs) expect((await audit(image.log, number, load.deliveries)).faults).toEqual([]);
      const { said, folded } = await compareTold(image.log, told);
      expect(said).toEqual(folded);
    });
  },
  TIMEOUT_MS,
);

test(
  'CR16: when more comes than a slow disk takes, the rest is told to come again, so what is under way stays bounded',
  async () => {
    const { grid, log } = await startSlow();
    const work = new Work(2000);
    await work.refill(grid.rest);
    log.delayMs = 800;
    const load = new Load(grid.port, work.outputs(DEVICES));
    await eventually(async () => {
      expect(await metric(grid.rest.url, 'gossamer_exchanges_refused_total')).toBeGreaterThan(20);
      expect(load.deferrals).toBeGreaterThan(20);
    });
    expect(await metric(grid.rest.url, 'gossamer_exchanges_under_way')).toBeLessThan(DEVICES);
    // Those that are let in are answered all the same.
    await load.progress(50);
    log.delayMs = 0;
    await work.expectDone(grid.rest);
    expect(load.faults).toEqual([]);
    await load.rest();
    const image = await openImage(imageOf(grid.data));
    for (const { number } of work.jobs) expect((await audit(image.log, number, load.deliveries)).faults).toEqual([]);
  },
  TIMEOUT_MS,
);
