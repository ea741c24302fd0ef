import { createHash } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { useGossamer } from './gossamer.ts';

const { coordinator, run, write } = useGossamer();
const newest = () => coordinator.jobs.at(-1)!;

beforeAll(() => write('double.ts', 'export const run = (x: number) => x * 2;'));

it('SH17: --data names files, and blobs that are there, for map and for jobs create', async () => {
  write('stars.bin', new Uint8Array([1, 2, 3]));
  const sha256 = createHash('sha256')
    .update(new Uint8Array([1, 2, 3]))
    .digest('hex');
  const flags = ['--range', '0..4', '--detach', '--data', 'stars=stars.bin', '--data', `again=sha256:${sha256}`];
  const created = await run(['jobs', 'create', 'double.ts', ...flags]);
  expect(created.status, created.stderr).toBe(0);
  expect(newest().spec.data).toEqual({ stars: sha256, again: sha256 });
  const mapped = await run(['map', 'double.ts', '--range', '0..2', '--detach', '--data', 'stars=stars.bin']);
  expect([mapped.status, newest().spec.data]).toEqual([0, { stars: sha256 }]);
  expect((await run(['jobs', 'show', newest().id])).stdout).toContain(`data stars\t${sha256}\n`);
  expect(await run(['map', 'double.ts', '--range', '0..2', '--data', 'stars'])).toMatchObject({ status: 2 });
});
