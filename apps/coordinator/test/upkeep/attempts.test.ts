import type { AttemptDetail, Page, Problem } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import type { TestGrid } from '../harness/grid.ts';
import { startGrid } from '../harness/grid.ts';
import { compute } from './failing.ts';

const pages = async (grid: TestGrid, path: string, limit: number): Promise<AttemptDetail[]> => {
  const all: AttemptDetail[] = [];
  for (let after = ''; ;) {
    const { items, next } = await grid.rest.json<Page<AttemptDetail>>('GET', `${path}limit=${limit}${after}`);
    expect(items.length).toBeLessThanOrEqual(limit);
    all.push(...items);
    if (next === null) return all;
    after = `&after=${next}`;
  }
};

/** Of 20 units every fifth one errs three times. */
const busy = async (grid: TestGrid) => {
  const job = await grid.rest.submit(20);
  await compute(grid, job.id, (unit) => unit % 5 === 0);
  return job;
};

test('AT1: the attempts of a job come by pages of any size, each once, with what came of it', async () => {
  const grid = await startGrid();
  const { id } = await busy(grid);
  const all = await pages(grid, `/v1/jobs/${id}/attempts?`, 200);
  expect(all).toHaveLength(16 + 4 * 3);
  expect(new Set(all.map((attempt) => attempt.id)).size).toBe(all.length);
  for (const size of [1, 3, 28]) expect(await pages(grid, `/v1/jobs/${id}/attempts?`, size)).toEqual(all);
  const { items } = await grid.rest.json<{ items: { id: string }[] }>('GET', '/v1/devices');
  for (const { unit, state, at, runMs, size, error, device } of all) {
    const isWrong = unit % 5 === 0;
    expect(device).toBe(items[0]!.id);
    expect([state, runMs, size, error]).toEqual(
      isWrong ? ['errored', 1, null, `no luck with ${unit}`] : ['valid', 1, String(unit * 2).length, null],
    );
    expect(at).toBeGreaterThan(Date.now() - 600_000);
  }
});

test('AT2: they are listed by outcome, over a start, too', async () => {
  const first = await startGrid();
  const { id } = await busy(first);
  const check = async (grid: TestGrid): Promise<void> => {
    const errored = await pages(grid, `/v1/jobs/${id}/attempts?outcome=errored&`, 5);
    expect(errored.map(({ unit }) => unit).sort((a, b) => a - b)).toEqual([0, 0, 0, 5, 5, 5, 10, 10, 10, 15, 15, 15]);
    expect(errored.every(({ error }) => error?.startsWith('no luck') === true)).toBe(true);
    expect(await pages(grid, `/v1/jobs/${id}/attempts?outcome=valid&`, 7)).toHaveLength(16);
    expect(await pages(grid, `/v1/jobs/${id}/attempts?outcome=invalid&`, 7)).toEqual([]);
  };
  await check(first);
  await check(await first.restart());
});

test('AT3: those of one unit come in order, with what is out now, and those before a retry', async () => {
  const grid = await startGrid();
  const { id } = await busy(grid);
  await grid.rest.json('POST', `/v1/jobs/${id}/retry`);
  const device = await grid.device();
  const held = await device.work(1);
  const unit = held[0]!.units[0]!;
  const { items } = await grid.rest.json<Page<AttemptDetail>>('GET', `/v1/jobs/${id}/units/${unit}/attempts`);
  expect(items.map(({ state }) => state)).toEqual(['errored', 'errored', 'errored', 'leased']);
  expect(items.at(-1)).toMatchObject({ unit, at: null, runMs: null, error: null });
  const times = items.slice(0, 3).map(({ at }) => at!);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test('AT4: what does not fit is refused with its code', async () => {
  const grid = await startGrid();
  const { id } = await grid.rest.submit(2);
  for (const [path, code] of [
    [`/v1/jobs/${id}/attempts?outcome=lost`, 'request-invalid'],
    [`/v1/jobs/${id}/attempts?after=x`, 'cursor-invalid'],
    [`/v1/jobs/${id}/attempts?limit=201`, 'request-invalid'],
    [`/v1/jobs/${id}/units/2/attempts`, 'unit-unknown'],
  ] as const) {
    expect(((await (await grid.rest.call('GET', path)).json()) as Problem).code).toBe(code);
  }
});
