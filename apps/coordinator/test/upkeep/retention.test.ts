import type { JobView, Problem } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { pause } from '../harness/chance.ts';
import type { TestGrid } from '../harness/grid.ts';
import { eventually, startGrid } from '../harness/grid.ts';
import { compute } from './failing.ts';

const DAY_MS = 24 * 3_600_000;
const OFTEN = { upkeep: { lookMs: 20 } };

const isThere = async (grid: TestGrid, { id }: JobView): Promise<boolean> =>
  (await grid.rest.call('GET', `/v1/jobs/${id}`)).status === 200;

test('RN7: a job is deleted so many days after its end, and not before; one that says for ever stays, and so does one that runs', async () => {
  let now = Date.now();
  const first = await startGrid({ wall: () => now, limits: OFTEN });
  const [short, long, ever, open] = [
    await first.rest.submit(1, { retention: 2 }),
    await first.rest.submit(1, { retention: 30 }),
    await first.rest.submit(1, { retention: null }),
    await first.rest.submit(1, { retention: 1 }),
  ];
  await first.rest.json('POST', `/v1/jobs/${open.id}/hold`);
  for (const { id } of [short, long, ever]) await compute(first, id);
  const { completedAt, expiresAt, retention } = await first.rest.job(short.id);
  expect([retention, expiresAt]).toEqual([2, completedAt! + 2 * DAY_MS]);
  expect(await first.rest.job(ever.id)).toMatchObject({ retention: null, expiresAt: null });
  expect(await first.rest.job(open.id)).toMatchObject({ retention: 1, expiresAt: null });
  // A start takes the time as it is.
  const second = await first.restart(() => (now += 1.9 * DAY_MS));
  await pause(300);
  expect(await isThere(second, short)).toBe(true);
  const third = await second.restart(() => (now += 0.2 * DAY_MS));
  await eventually(async () => expect(await isThere(third, short)).toBe(false));
  const last = await third.restart(() => (now += 50 * DAY_MS));
  await eventually(async () => expect(await isThere(last, long)).toBe(false));
  expect([await isThere(last, ever), await isThere(last, open)]).toEqual([true, true]);
});

test('RN7: a job that was cancelled counts from then on', async () => {
  const grid = await startGrid({ limits: OFTEN });
  const job = await grid.rest.submit(1, { retention: 0 });
  expect(await isThere(grid, job)).toBe(true);
  await grid.rest.json('POST', `/v1/jobs/${job.id}/cancel`);
  await eventually(async () => expect(await isThere(grid, job)).toBe(false));
});

test('RN9: what a job does not say is the operator’s, who also says what is too long', async () => {
  const grid = await startGrid({ env: { GOSSAMER_RETENTION_DAYS: '7', GOSSAMER_RETENTION_MAX_DAYS: '90' } });
  expect(await grid.rest.submit(1)).toMatchObject({ retention: 7 });
  expect(await grid.rest.submit(1, { retention: 90 })).toMatchObject({ retention: 90 });
  const program = await grid.rest.upload('export const run = (x) => x;');
  for (const retention of [91, null]) {
    const spec = { name: 'x', program, source: { kind: 'range', start: 0, stop: 1 }, retention };
    const refused = await grid.rest.call('POST', '/v1/jobs', spec);
    const problem = (await refused.json()) as Problem;
    expect([refused.status, problem.code, problem.errors]).toEqual([
      400,
      'request-invalid',
      [{ path: 'body.retention', message: expect.stringContaining('90 days') }],
    ]);
  }
});

test('RN9: settings that contradict each other are refused at the start; the longest alone is that of every job', () => {
  const of = (env: Record<string, string>) => readConfig(env);
  expect(() => of({ GOSSAMER_RETENTION_DAYS: '91', GOSSAMER_RETENTION_MAX_DAYS: '90' })).toThrow(
    /GOSSAMER_RETENTION_DAYS: expected at most/,
  );
  expect(of({})).toMatchObject({ retentionDays: null, retentionMaxDays: null });
  expect(of({ GOSSAMER_RETENTION_MAX_DAYS: '90' })).toMatchObject({ retentionDays: 90, retentionMaxDays: 90 });
});
