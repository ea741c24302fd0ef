import { beforeAll, expect, it } from 'vitest';
import { ndjson, useGossamer } from './gossamer.ts';

const { coordinator, run, write } = useGossamer();
const newest = () => coordinator.jobs.at(-1)!;

beforeAll(() => write('double.ts', 'export const run = (x: number) => x * 2;'));

const create = async (): Promise<string> => {
  const { stdout } = await run(['jobs', 'create', 'double.ts', '--range', '0..4', '--detach']);
  return stdout.trim();
};

it('CL46: --provisional tells what stands for now, and that it was revoked; the default is as it was', async () => {
  const id = await create();
  newest().suppose(2, { output: 9 });
  newest().suppose(2);
  for (const unit of [0, 1, 2, 3]) newest().finish(unit, unit === 1 ? { error: 'oh' } : { output: unit });
  const { status, stdout } = await run(['jobs', 'results', id, '--provisional']);
  expect(status).toBe(1);
  expect(ndjson(stdout)).toEqual([
    { kind: 'provisional', unit: 2, input: 2, output: 9 },
    { kind: 'revoked', unit: 2, input: 2 },
    { kind: 'final', unit: 0, input: 0, output: 0 },
    { kind: 'final', unit: 1, input: 1, error: 'oh' },
    { kind: 'final', unit: 2, input: 2, output: 2 },
    { kind: 'final', unit: 3, input: 3, output: 3 },
  ]);
  expect((await run(['jobs', 'results', id])).stdout.split('\n')[0]).toBe('{"unit":0,"input":0,"output":0}');
  const both = await run(['jobs', 'results', id, '--provisional', '--ordered']);
  expect(both).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('leave out') });
});
