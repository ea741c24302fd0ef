import type { ResultView } from '@gossamer/protocol';
import type { ReadModel } from '@gossamer/store';
import { MemoryReadModel } from '@gossamer/store';
import { expect, test } from 'vitest';
import { JobChanges, type Told } from '../../src/queries/job-changes.ts';
import { Projector } from '../../src/queries/projector.ts';
import { Queries } from '../../src/queries/queries.ts';
import { BEGINNING } from '../../src/webhooks/lane.ts';
import { type Held, report } from '../harness/device.ts';
import { eventually, startGrid, type TestGrid } from '../harness/grid.ts';
import { lend } from '../harness/lend.ts';
import { accepted, CHANGING, JOB, JobLog, judged, returned } from './log-of.ts';

const TOLD = [
  { unit: 0, output: 'a0', kind: 'provisional' },
  { unit: 1, output: 'a1', kind: 'provisional' },
  { unit: 2, output: 'a2', kind: 'provisional' },
  { unit: 1, kind: 'revoked' },
  { unit: 1, output: 'b1', kind: 'final' },
  { unit: 3, output: 'a3', kind: 'final' },
  { unit: 0, kind: 'revoked' },
  { unit: 2, kind: 'revoked' },
  { unit: 0, output: 'a0', kind: 'final' },
  { unit: 2, output: 'c2', kind: 'provisional' },
  { unit: 2, output: 'c2', kind: 'final' },
];

const asked = async (reads: ReadModel = new MemoryReadModel()) => {
  const written = await JobLog.of(CHANGING);
  const projector = new Projector(written.log, reads);
  return { written, projector, reads, queries: new Queries(written.log, reads, projector, () => null) };
};

/** All of a list, by pages of a size; `upto` is asked anew for each. */
const pages = async (queries: Queries, limit: number, upto: () => number, from?: string): Promise<ResultView[]> => {
  const all: ResultView[] = [];
  for (let after = from; ;) {
    const { items, next } = await queries.changingResults(JOB, upto(), after, limit);
    expect(items.length).toBeLessThanOrEqual(limit);
    all.push(...items);
    if (next === null) return all;
    after = next;
  }
};

test('RX10: what is provisional, no longer stands, or is final comes in the order of the log, each of its kind', async () => {
  const { queries, written } = await asked();
  const whole = await pages(queries, 1000, () => written.last);
  expect(whole.map(({ cursor: _, ...item }) => item)).toEqual(TOLD);
  const finals = (await queries.results(JOB, written.last, undefined, 1000)).items;
  expect(finals).toEqual(whole.filter(({ kind }) => kind === 'final').map(({ kind: _, ...item }) => item));
  // The cursors of one list are good for the other.
  for (const { cursor } of whole) {
    const after = (items: ResultView[]) => items.filter((item) => order(item.cursor) > order(cursor));
    expect((await queries.results(JOB, written.last, cursor, 1000)).items).toEqual(after(finals));
  }
});

const order = (cursor: string): number => {
  const [fact, unit] = cursor.split('.').map(Number) as [number, number];
  return fact * 1000 + unit;
};

test('RX11: pages of any size, after any cursor, put together are the whole list', async () => {
  const { queries, written } = await asked();
  const whole = await pages(queries, 1000, () => written.last);
  for (const size of [1, 2, 3, 10, 11, 12]) expect(await pages(queries, size, () => written.last)).toEqual(whole);
  for (const [i, { cursor }] of whole.entries()) {
    expect(await pages(queries, 2, () => written.last, cursor)).toEqual(whole.slice(i + 1));
  }
});

/** Between the reading of its two tables somebody else has it project what was written meanwhile. */
class Interleaved extends MemoryReadModel {
  between: () => Promise<void> = async () => undefined;

  override async changes(...args: Parameters<MemoryReadModel['changes']>) {
    await this.between();
    return super.changes(...args);
  }
}

const growing = async () => {
  const reads = new Interleaved();
  const written = await JobLog.of([[returned(1, [0, '"a0"'], [1, '"a1"'])]]);
  const projector = new Projector(written.log, reads);
  let isWritten = false;
  reads.between = async () => {
    if (isWritten) return;
    isWritten = true;
    await written.add([judged(0, 0), accepted(1, 1)]);
    await projector.catchUp(JOB, written.last);
  };
  return { reads, written, projector };
};

test('RX11: what is written while a page is read is in the next one: nothing is passed over', async () => {
  const { reads, written, projector } = await growing();
  const queries = new Queries(written.log, reads, projector, () => null);
  const first = await pages(queries, 10, () => written.last);
  const then = await pages(queries, 10, () => written.last, first.at(-1)?.cursor);
  expect([...first, ...then].map(({ unit, kind }) => [unit, kind])).toEqual([
    [0, 'final'],
    [1, 'provisional'],
  ]);
});

test('HK16: nor is it for webhooks', async () => {
  const { reads, written, projector } = await growing();
  const changes = new JobChanges(written.log, reads, projector);
  const told: Told[] = [];
  let after = BEGINNING;
  for (let tries = 0; tries < 4; tries++) {
    const run = await changes.next(JOB, written.last, after, new Set<Told>(['final', 'provisional', 'reopened']));
    if (run === null) continue;
    told.push(run.told);
    after = run.upto;
  }
  expect(told).toEqual(['final', 'provisional']);
});

/** The lines of a stream of results. */
const stream = async (grid: TestGrid, id: string, query: string): Promise<ResultView[]> => {
  const response = await fetch(`${grid.rest.url}/v1/jobs/${id}/results?${query}`, {
    headers: { authorization: 'Bearer operator-key-of-these-tests', accept: 'application/x-ndjson' },
  });
  const text = await response.text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ResultView);
};

test('RX11: a stream that follows while devices compute, and one is caught, is the list as it is read after a restart', async () => {
  const grid = await startGrid();
  const policy = { kind: 'adaptive', maxErrorRate: 0.2 } as const;
  const { id } = await grid.rest.submit(3000, { policy, limits: { maxAttempts: 1000 } });
  const live = stream(grid, id, 'provisional=true&follow=true');
  const over = async () => (await grid.rest.job(id)).state !== 'running';
  const devices = await Promise.all([grid.device(), grid.device(), grid.device(), grid.device()]);
  const lie = (lease: Held) => report(lease, (unit) => (unit > 1500 ? -1 - unit : unit * 2));
  await Promise.all(devices.map((device, at) => lend(device, over, at === 0 ? lie : undefined, 1)));
  await eventually(async () => expect((await grid.rest.job(id)).state).toBe('completed'));
  const followed = await live;

  const again = await grid.restart();
  expect(await stream(again, id, 'provisional=true')).toEqual(followed);
  const paged: ResultView[] = [];
  for (let after = ''; ;) {
    const path = `/v1/jobs/${id}/results?provisional=true&limit=77${after}`;
    const { items, next } = await again.rest.json<{ items: ResultView[]; next: string | null }>('GET', path);
    paged.push(...items);
    if (next === null) break;
    after = `&after=${next}`;
  }
  expect(paged).toEqual(followed);

  const kinds = (kind: string) => followed.filter((line) => line.kind === kind).length;
  expect([kinds('final'), kinds('provisional') > 0, kinds('revoked') > 0]).toEqual([3000, true, true]);
  const stands = new Map<number, string>();
  for (const { unit, kind } of followed) {
    // Provisional comes before revoked, and nothing after final.
    expect([unit, stands.get(unit)]).not.toEqual([unit, 'final']);
    if (kind === 'revoked') expect([unit, stands.get(unit)]).toEqual([unit, 'provisional']);
    stands.set(unit, kind!);
  }
  expect(new Set(stands.values())).toEqual(new Set(['final']));
  const plain = await again.rest.allResults(id, 1000);
  expect(plain).toEqual(followed.filter(({ kind }) => kind === 'final').map(({ kind: _, ...line }) => line));
}, 240_000);
