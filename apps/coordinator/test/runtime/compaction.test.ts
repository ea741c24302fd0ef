import type { Stores } from '@gossamer/store';
import { openSqliteStores } from '@gossamer/store';
import { utf8 } from '@gossamer/protocol';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Compactor } from '../../src/runtime/compactor.ts';
import { Committer } from '../../src/runtime/committer.ts';
import { ShardLog } from '../../src/runtime/shard-log.ts';
import { openImage } from '../harness/audit.ts';
import type { Held, TestDevice } from '../harness/device.ts';
import { report } from '../harness/device.ts';
import type { Rest } from '../harness/grid.ts';
import { afterwards, eventually, startGrid, temporaryDirectory } from '../harness/grid.ts';

const UNITS = 60;

const resultOf = (unit: number): string => `"the result of ${unit}"`;

/** Computes some units, one exchange each, so that each has rows of its own. */
const compute = async (device: TestDevice, count: number, textOf = resultOf): Promise<void> => {
  for (let done = 0; done < count;) {
    const held: Held[] = await device.work(1);
    done += held.reduce((sum, { units }) => sum + units.length, 0);
    await device.exchange({ slots: 0, reports: held.map((lease) => report(lease, textOf)) });
  }
};

const compactedOf = async (rest: Rest): Promise<number> => {
  const text = await (await fetch(`${rest.url}/metrics`)).text();
  return Number(/^gossamer_segments_compacted_total (\d+)$/m.exec(text)![1]);
};

/** All that can be asked about the job's log. */
const told = async (rest: Rest, id: string) => ({
  results: await rest.allResults(id, 7),
  histories: await Promise.all([0, 7, 30, UNITS - 1].map((unit) => rest.unitFacts(id, unit))),
  facts: await rest.json('GET', `/v1/jobs/${id}/facts?limit=200`),
  single: await (await rest.call('GET', `/v1/jobs/${id}/units/31/result`)).text(),
});

test.each(['kept', 'deleted'])(
  'RT31: a job that is over becomes compact, and what is told of it stays the same; the read model is %s',
  async (model) => {
    const grid = await startGrid({ env: { GOSSAMER_LEASE_UNITS: '1' } });
    const { id } = await grid.rest.submit(UNITS, { policy: { kind: 'quorum', quorum: 2 } });
    const [one, two] = [await grid.device(), await grid.device()];
    await compute(one, UNITS);
    await compute(two, UNITS / 2);
    // The projector keeps where the first results lie of units that want a second one.
    expect(await grid.rest.allResults(id)).toHaveLength(UNITS / 2);
    await compute(two, UNITS / 2);
    const before = await told(grid.rest, id);
    expect(before.results).toHaveLength(UNITS);
    await eventually(async () => expect(await compactedOf(grid.rest)).toBeGreaterThan(UNITS));
    expect(await told(grid.rest, id)).toEqual(before);
    const again = await grid.restart(() => {
      if (model === 'deleted')
        for (const end of ['', '-wal', '-shm']) rmSync(join(grid.data, `reads.db${end}`), { force: true });
    });
    expect(await told(again.rest, id)).toEqual(before);
    await again.coordinator.close();
    const { log } = await openImage(grid.data);
    let segments = 0;
    for await (const _ of log.read(1, 0)) segments += 1;
    expect(segments).toBeLessThan(UNITS / 4);
  },
);

test('RT31: what the projector has not read yet it reads from the compact log, each fact once', async () => {
  const grid = await startGrid({ env: { GOSSAMER_LEASE_UNITS: '1' } });
  const { id } = await grid.rest.submit(UNITS);
  const device = await grid.device();
  await compute(device, UNITS / 2);
  expect(await grid.rest.allResults(id)).toHaveLength(UNITS / 2);
  await compute(device, UNITS / 2);
  await eventually(async () => expect(await compactedOf(grid.rest)).toBeGreaterThan(UNITS / 2));
  const { results, histories, single } = await told(grid.rest, id);
  expect(results.map(({ unit, output }) => [unit, output])).toEqual(
    Array.from({ length: UNITS }, (_, unit) => [unit, `the result of ${unit}`]),
  );
  for (const history of histories) expect(history.map(({ kind }) => kind)).toEqual(['returned', 'judged']);
  expect(single).toBe('"the result of 31"');
});

/** A log of so many rows of 1 kB, on real SQLite. */
const opened = async (rows: number) => {
  const stores: Stores = await openSqliteStores(temporaryDirectory());
  afterwards(() => stores.close());
  const committer = new Committer(stores.log);
  const log = await ShardLog.open(stores.log, committer, 1, () => {});
  const append = async (count: number): Promise<void> => {
    for (let row = 0; row < count; row++) await log.append(1, utf8(`row ${row} `.repeat(128)));
  };
  await append(rows);
  const segments = async (): Promise<number> => {
    let count = 0;
    for await (const _ of stores.log.read(1, 0)) count += 1;
    return count;
  };
  const compactor = (state: { isOver: boolean; isBusy: boolean }): Compactor => {
    const made = new Compactor({
      log: stores.log,
      logger: pino({ level: 'silent' }),
      logs: () => [log],
      isOver: () => state.isOver,
      isBusy: () => state.isBusy,
    });
    afterwards(() => made.close());
    made.start();
    return made;
  };
  return { append, segments, compactor };
};

test('RT32: nothing is made compact while the grid is busy; then it is', async () => {
  const { segments, compactor } = await opened(40);
  const state = { isOver: true, isBusy: true };
  const made = compactor(state);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(made.segments).toBe(0);
  expect(await segments()).toBe(40);
  state.isBusy = false;
  await eventually(async () => expect(await segments()).toBe(1));
  expect(made.segments).toBe(40);
  expect(made.after).toBeLessThan(made.before / 2);
});

test('RT33: of a job that goes on, rows become compact when they fill a segment; the rest when it is over', async () => {
  const { append, segments, compactor } = await opened(10);
  const state = { isOver: false, isBusy: false };
  const made = compactor(state);
  await append(1190);
  // Of 1 kB and a little: at least two segments of 256 KiB, and some rows that more may follow.
  await eventually(() => expect(made.segments).toBeGreaterThan(400));
  expect(made.segments).toBeLessThan(1100);
  expect(await segments()).toBeGreaterThan(100);
  state.isOver = true;
  await eventually(async () => expect(await segments()).toBe(5));
});

test('RT31: where a segment holds facts that were read before and others, only the others are taken in', async () => {
  const grid = await startGrid({ env: { GOSSAMER_LEASE_UNITS: '1' } });
  const { id } = await grid.rest.submit(UNITS, { policy: { kind: 'quorum', quorum: 2 } });
  const long = (word: string) => (unit: number) => `"${word} ${unit} ${'.'.repeat(20_000)}"`;
  const devices = [await grid.device(), await grid.device(), await grid.device()];
  await compute(devices[0]!, UNITS, long('wrong'));
  expect(await grid.rest.allResults(id)).toEqual([]);
  await compute(devices[1]!, UNITS, long('right'));
  // Thirteen fill a segment, so that one lies across what was read and what was not.
  await eventually(async () => expect(await compactedOf(grid.rest)).toBeGreaterThan(UNITS + 13));
  await compute(devices[2]!, UNITS, long('right'));
  const results = await grid.rest.allResults(id);
  expect(results.map(({ unit }) => unit).sort((a, b) => a - b)).toEqual(
    Array.from({ length: UNITS }, (_, unit) => unit),
  );
  for (const { output } of results) expect(output).toMatch(/^right/);
});
