import { beforeAll, expect, it } from 'vitest';
import { ndjson, useGossamer } from './gossamer.ts';

const { coordinator, run, write } = useGossamer();
const newest = () => coordinator.jobs.at(-1)!;

beforeAll(() => write('double.ts', 'export const run = (x: number) => x * 2;'));

const create = async (...args: string[]): Promise<string> => {
  const { stdout } = await run(['jobs', 'create', 'double.ts', '--range', '0..4', '--detach', ...args]);
  return stdout.trim();
};

it('CL113: results of a range have their inputs also without the command that made it; those of other sources have none', async () => {
  const id = await create('--range', '10..-2..-3');
  newest().finish(2, { output: 0 });
  expect((await run(['jobs', 'results', id, '--no-follow'])).stdout).toBe('{"unit":2,"input":4,"output":0}\n');
  write('few.ndjson', '"a"\n"b"\n');
  const made = await run(['jobs', 'create', 'double.ts', '--input', 'few.ndjson', '--detach']);
  newest().finish(1, { output: 0 });
  const listed = await run(['jobs', 'results', made.stdout.trim(), '--no-follow']);
  expect(listed.stdout).toBe('{"unit":1,"output":0}\n');
});

it('DB7: CL116: failures tells how attempts failed, of one unit or of those that failed; alike ones once', async () => {
  const id = await create();
  newest().finish(0, { output: 1 });
  newest().finish(2, { error: 'RangeError: too far' });
  newest().finish(3, { error: 'TypeError: none' });
  const { stdout } = await run(['jobs', 'failures', id, '3']);
  expect(stdout.split('\n')).toEqual([
    expect.stringMatching(/^unit 3, .*, a forgotten device: Attempt 1\.1\.0 failed: TypeError: none$/),
    '    at run (main.ts:3:7)',
    '  logged before:',
    '    \ufffd[2Jlooking',
    '    closer',
    '',
  ]);
  newest().failedAttempts = 3;
  const thrice = (await run(['jobs', 'failures', id, '3'])).stdout.split('\n');
  newest().failedAttempts = 1;
  expect(thrice[0]).toMatch(/^unit 3, 3 attempts on one device, \S+ \S+ to \S+ \S+, all: TypeError: none$/);
  expect(thrice.slice(1, 3)).toEqual(['    at run (main.ts:3:7)', '  logged before:']);
  expect(thrice).toHaveLength(6);
  expect((await run(['jobs', 'failures', id, '0'])).stdout).toBe('');
  const all = ndjson((await run(['jobs', 'failures', id, '--json'])).stdout);
  expect(all).toMatchObject([{ unit: 2, failure: { message: 'RangeError: too far' } }, { unit: 3 }]);
  expect(ndjson((await run(['jobs', 'failures', id, '--json', '--limit', '1'])).stdout)).toHaveLength(1);
});
