import type { FactView, JobView, Page } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import type { TestGrid } from '../harness/grid.ts';
import { startGrid } from '../harness/grid.ts';

test('RS2: the reason of a release stands in the history of the job, over a start, too', async () => {
  const first = await startGrid();
  const { id } = await first.rest.submit(2);
  const order = (verb: string, body?: object) => first.rest.json<JobView>('POST', `/v1/jobs/${id}/${verb}`, body);
  await order('hold', { reason: 'a look' });
  expect(await order('release', { reason: '  it was “that” ' })).toMatchObject({ state: 'running', reason: null });
  await order('hold');
  await order('release', {});
  // Of what runs already nothing is told.
  await order('release', { reason: 'again' });
  const told = async (grid: TestGrid) => {
    const { items } = await grid.rest.json<Page<FactView>>('GET', `/v1/jobs/${id}/facts`);
    return items.filter(({ kind }) => kind === 'released').map(({ text }) => text);
  };
  const texts = ['The job was released: it was “that”', 'The job was released.'];
  expect(await told(first)).toEqual(texts);
  for (const body of [{ reason: 'x'.repeat(501) }, { reason: 7 }, { why: 'x' }]) {
    expect((await first.rest.call('POST', `/v1/jobs/${id}/release`, body)).status).toBe(400);
  }
  expect(await told(await first.restart())).toEqual(texts);
});
