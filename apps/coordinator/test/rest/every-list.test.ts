import { EVENTS } from '@gossamer/protocol';
import type { KeyCreated, KeyQuotas, KeyView, Page, RefusalView } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import type { TestDevice } from '../harness/device.ts';
import type { TestGrid } from '../harness/grid.ts';
import { eventually, startGrid } from '../harness/grid.ts';

/** Every item of a list, by pages of `limit`; `between` is called after each page but the last. */
const walk = async <Item>(
  grid: TestGrid,
  path: string,
  limit: number,
  between: () => Promise<unknown> = async () => undefined,
): Promise<Item[]> => {
  const items: Item[] = [];
  let after = '';
  for (;;) {
    const page = await grid.rest.json<Page<Item>>('GET', `${path}?limit=${limit}${after}`);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    if (page.next === null) return items;
    after = `&after=${page.next}`;
    await between();
  }
};

const newKey = (grid: TestGrid, name: string) =>
  grid.rest.json<KeyCreated>('POST', '/v1/keys', { role: 'submitter', name });

test('RS13: keys come by pages of any size, each once, and those that are made meanwhile at the end', async () => {
  const grid = await startGrid();
  for (let i = 0; i < 6; i++) await newKey(grid, `key ${i}`);
  const all = await walk<KeyView>(grid, '/v1/keys', 1000);
  // With those of the first start.
  expect(all.map(({ name }) => name).slice(-6)).toEqual([0, 1, 2, 3, 4, 5].map((i) => `key ${i}`));
  for (const limit of [1, 3, all.length]) expect(await walk(grid, '/v1/keys', limit)).toEqual(all);
  let late = 0;
  const seen = await walk<KeyView>(grid, '/v1/keys', 4, () =>
    late < 2 ? newKey(grid, `late ${late++}`) : Promise.resolve(),
  );
  expect(seen.map(({ id }) => id).slice(0, all.length)).toEqual(all.map(({ id }) => id));
  expect(seen.slice(all.length).map(({ name }) => name)).toEqual(['late 0', 'late 1']);
});

test('RS13: so do the quotas of those that were not revoked, also when one of them is revoked meanwhile', async () => {
  const grid = await startGrid();
  const made: KeyCreated[] = [];
  for (let i = 0; i < 6; i++) made.push(await newKey(grid, `key ${i}`));
  const revoke = (at: number) => grid.rest.json('DELETE', `/v1/keys/${made[at]!.id}`);
  await revoke(2);
  const all = await walk<KeyQuotas>(grid, '/v1/quotas', 1000);
  expect(all.map(({ key }) => key).slice(-5)).toEqual([0, 1, 3, 4, 5].map((at) => made[at]!.id));
  for (const limit of [1, 2, all.length]) expect(await walk(grid, '/v1/quotas', limit)).toEqual(all);
  const seen = await walk<KeyQuotas>(grid, '/v1/quotas', 2, () => revoke(0));
  for (const { key } of all.slice(1)) {
    if (key !== made[0]!.id) expect(seen.filter((one) => one.key === key)).toHaveLength(1);
  }
});

/** Has a device refuse the program of each job that it is given. */
const refuse = (device: TestDevice, job: number): void => {
  device.socket!.emit(EVENTS.refused, { job, reason: 'manifest', detail: `of job ${job}` });
};

test('RS13: so do refusals, the newest first, whatever is refused meanwhile', async () => {
  const grid = await startGrid({ env: { GOSSAMER_LEASE_UNITS: '1' } });
  const device = await grid.device();
  for (let i = 0; i < 8; i++) await grid.rest.submit(1, { priority: -i });
  const list = () => walk<RefusalView>(grid, '/v1/refusals', 1000);
  let refused = 0;
  const refuseNext = async (): Promise<void> => {
    await device.exchange({ slots: 1 });
    refuse(device, ++refused);
    await eventually(async () => expect(await list()).toHaveLength(refused));
  };
  for (let i = 0; i < 5; i++) await refuseNext();
  const all = await list();
  expect(all.map(({ detail }) => detail)).toEqual([5, 4, 3, 2, 1].map((job) => `of job ${job}`));
  for (const limit of [1, 2, 5]) expect(await walk(grid, '/v1/refusals', limit)).toEqual(all);
  expect(await walk(grid, '/v1/refusals', 2, refuseNext)).toEqual(all);
  expect(await list()).toHaveLength(7);
});

test('RS13: a cursor that was not given out, and a limit that may not be, are refused by each list', async () => {
  const grid = await startGrid();
  const lists = ['jobs', 'batches', 'programs', 'keys', 'quotas', 'signers', 'refusals', 'webhooks', 'devices'];
  for (const list of lists) {
    const cursor = await grid.rest.call('GET', `/v1/${list}?after=x`);
    expect([list, cursor.status, await cursor.json()]).toMatchObject([list, 400, { code: 'cursor-invalid' }]);
    for (const limit of ['0', '1001', 'x']) {
      const wrong = await grid.rest.call('GET', `/v1/${list}?limit=${limit}`);
      expect([list, wrong.status, await wrong.json()]).toMatchObject([list, 400, { code: 'request-invalid' }]);
    }
  }
});
