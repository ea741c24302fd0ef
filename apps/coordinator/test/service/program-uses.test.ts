import type { JobView, Page, ProgramView } from '@gossamer/protocol';
import { wasmModule } from '@gossamer/program/testing';
import { expect, test } from 'vitest';
import type { TestGrid } from '../harness/grid.ts';
import { startGrid } from '../harness/grid.ts';
import { grant, signed, Submitter } from '../harness/signing.ts';

const programOf = (grid: TestGrid, factor: number) =>
  grid.rest.upload(`export function run(input) { return input * ${factor}; }`);

const list = (grid: TestGrid, query = ''): Promise<Page<ProgramView>> => grid.rest.json('GET', `/v1/programs${query}`);

const hashes = ({ items }: Page<ProgramView>): string[] => items.map(({ sha256 }) => sha256);

/** Every page of the list, one after the other; `between` is called after each. */
const walk = async (grid: TestGrid, limit: number, between?: () => Promise<unknown>): Promise<string[]> => {
  const seen: string[] = [];
  let after = '';
  for (;;) {
    const page = await list(grid, `?limit=${limit}${after}`);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    seen.push(...hashes(page));
    if (page.next === null) return seen;
    after = `&after=${page.next}`;
    await between?.();
  }
};

test('PG1: programs of jobs are listed and read, with what they are and how they are used', async () => {
  let now = Date.now();
  const grid = await startGrid({ wall: () => (now += 10) });
  const sue = await Submitter.join(grid);
  const pair = await sue.signer('Ada');
  await grant(grid, pair);
  const map = await grid.rest.upload('{"version":3,"sources":[],"mappings":""}');
  const first = (await sue.submit<JobView>(null, { name: 'first', sourceMap: map })).body;
  const second = (await sue.submit<JobView>(await signed(pair), { name: 'second' })).body;
  const bytes = wasmModule();
  const wasm = await grid.rest.upload(bytes);
  const third = await grid.rest.submit(3, { program: wasm, name: 'third' });
  await grid.rest.json('POST', `/v1/jobs/${first.id}/cancel`);

  const { items, next } = await list(grid);
  expect(next).toBeNull();
  expect(items).toEqual([
    {
      sha256: wasm,
      kind: 'wasm',
      size: bytes.byteLength,
      name: 'third',
      jobs: 1,
      openJobs: 1,
      firstUsedAt: third.createdAt,
      lastUsedAt: third.createdAt,
      signer: null,
      sourceMap: null,
    },
    {
      sha256: first.program,
      kind: 'js',
      size: 48,
      name: 'second',
      jobs: 2,
      openJobs: 1,
      firstUsedAt: first.createdAt,
      lastUsedAt: second.createdAt,
      signer: { key: pair.key, name: 'Ada' },
      sourceMap: map,
    },
  ]);
  for (const view of items) expect(await grid.rest.json('GET', `/v1/programs/${view.sha256}`)).toEqual(view);
  await grid.rest.json('DELETE', `/v1/jobs/${first.id}`);
  expect(await grid.rest.json('GET', `/v1/programs/${first.program}`)).toMatchObject({
    jobs: 1,
    firstUsedAt: second.createdAt,
    sourceMap: null,
  });
  const unused = await programOf(grid, 7);
  const none = await grid.rest.call('GET', `/v1/programs/${unused}`);
  expect([none.status, await none.json()]).toMatchObject([404, { code: 'program-unknown' }]);
});

test('PG2: a submitter sees the programs of its own jobs alone, an operator all or those of one submitter', async () => {
  const grid = await startGrid();
  const [sue, otto] = [await Submitter.join(grid), await Submitter.join(grid, 'Otto')];
  const [shared, own] = [await programOf(grid, 3), await programOf(grid, 4)];
  await sue.submit(null, { program: shared, name: 'of Sue' });
  await sue.submit(null, { program: own });
  await otto.submit(null, { program: shared, name: 'of Otto' });

  expect(hashes((await otto.call<Page<ProgramView>>('GET', '/v1/programs')).body)).toEqual([shared]);
  const seen = await sue.call<ProgramView>('GET', `/v1/programs/${shared}`);
  expect(seen.body).toMatchObject({ name: 'of Sue', jobs: 1 });
  expect(await otto.call('GET', `/v1/programs/${own}`)).toMatchObject({
    status: 404,
    body: { code: 'program-unknown' },
  });
  expect((await list(grid)).items).toMatchObject([{ sha256: shared, jobs: 2 }, { sha256: own }]);

  expect((await list(grid, `?submitter=${sue.key.id}`)).items).toMatchObject([
    { sha256: own },
    { sha256: shared, name: 'of Sue', jobs: 1 },
  ]);
  const mine = `/v1/programs?submitter=${otto.key.id}`;
  expect(hashes((await otto.call<Page<ProgramView>>('GET', mine)).body)).toEqual([shared]);
  expect(await sue.call('GET', mine)).toMatchObject({ status: 404, body: { code: 'key-unknown' } });
  const nobody = `key_${'0'.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}`;
  expect((await grid.rest.call('GET', `/v1/programs?submitter=${nobody}`)).status).toBe(404);
});

test('PG3: pages of any size have each program once, whatever jobs are made meanwhile; a made-up cursor is refused', async () => {
  const grid = await startGrid();
  const programs: string[] = [];
  for (let factor = 0; factor < 7; factor++) {
    const program = await programOf(grid, factor);
    programs.unshift(program);
    await grid.rest.submit(1, { program });
  }
  for (const limit of [1, 2, 3, 7, 100]) expect(await walk(grid, limit)).toEqual(programs);
  // The one that would come last is used again after each page, and one comes that was not there.
  let factor = 100;
  const again = async () => {
    await grid.rest.submit(1, { program: programs.at(-1)! as JobView['program'] });
    await grid.rest.submit(1, { program: await programOf(grid, factor++) });
  };
  expect(await walk(grid, 3, again)).toEqual(programs);
  expect(hashes(await list(grid, '?limit=2'))[1]).toBe(programs.at(-1));
  for (const after of ['7', 'x', '1-', '-1', '1-2-3']) {
    const response = await grid.rest.call('GET', `/v1/programs?after=${after}`);
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'cursor-invalid' }]);
  }
});

test('PG4: jobs are listed by their program, by pages and together with a state', async () => {
  const grid = await startGrid();
  const sue = await Submitter.join(grid);
  const [one, other] = [await programOf(grid, 3), await programOf(grid, 4)];
  const made: string[] = [];
  for (const program of [one, other, one, one]) made.unshift((await grid.rest.submit(1, { program })).id);
  const ids = async (query: string): Promise<Page<string>> => {
    const { items, next } = await grid.rest.json<Page<JobView>>('GET', `/v1/jobs?${query}`);
    return { items: items.map(({ id }) => id), next };
  };
  expect((await ids(`program=${one}`)).items).toEqual([made[0], made[1], made[3]]);
  const { items, next } = await ids(`program=${one}&limit=2`);
  expect(items).toEqual([made[0], made[1]]);
  expect((await ids(`program=${one}&limit=2&after=${next}`)).items).toEqual([made[3]]);
  await grid.rest.json('POST', `/v1/jobs/${made[1]}/cancel`);
  expect((await ids(`program=${one}&state=cancelled`)).items).toEqual([made[1]]);
  expect((await ids(`program=${'0'.repeat(64)}`)).items).toEqual([]);
  expect((await sue.call<Page<JobView>>('GET', `/v1/jobs?program=${one}`)).body.items).toEqual([]);
  const bad = await grid.rest.call('GET', '/v1/jobs?program=x');
  expect([bad.status, await bad.json()]).toMatchObject([400, { errors: [{ path: 'query.program' }] }]);
});

test('PG5: after a start it is the same list', async () => {
  const grid = await startGrid();
  for (const factor of [1, 2, 1]) await grid.rest.submit(2, { program: await programOf(grid, factor) });
  const before = await list(grid);
  expect(before.items).toMatchObject([{ jobs: 2 }, { jobs: 1 }]);
  expect(await list(await grid.restart())).toEqual(before);
});
