import type { ChildProcess } from 'node:child_process';
import { until } from '@gossamer/sdk/testing';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { ndjson, useGossamer } from './gossamer.ts';

const { coordinator, run, start, write } = useGossamer();
const newest = () => coordinator.jobs.at(-1)!;

interface Line {
  unit: number;
  cursor: string;
  input?: number;
  output: number;
}

beforeAll(() => {
  write('double.ts', 'export const run = (x: number) => x * 2;');
});
beforeEach(() => {
  coordinator.compute = false;
});

/** Whole lines: what a killed process had begun to write is none. */
const wholeLines = (text: string): Line[] => ndjson(text.slice(0, text.lastIndexOf('\n') + 1)) as Line[];

/** Kills a command as soon as it has said so many lines; gives those that came whole. */
const killAfter = async ({ child, done }: ReturnType<typeof start>, count: number): Promise<Line[]> => {
  await until(() => seenOf(child).split('\n').length > count);
  child.kill('SIGKILL');
  return wholeLines((await done).stdout);
};

const seen = new WeakMap<ChildProcess, string>();
const seenOf = (child: ChildProcess): string => {
  if (!seen.has(child)) {
    seen.set(child, '');
    child.stdout!.on('data', (chunk) => seen.set(child, seen.get(child)! + String(chunk)));
  }
  return seen.get(child)!;
};

const UNITS = 10_000;

it('CL90: results go on after the cursor of the last whole line of a command that was killed: nothing is lost, nothing comes twice', async () => {
  await run(['jobs', 'create', 'double.ts', '--range', `0..${UNITS}`, '--detach']);
  const { id } = newest();
  // More than pipes and buffers hold, so that the kill falls into a line; the others come while it goes on.
  for (let unit = 0; unit < UNITS / 2; unit++) newest().finish(unit, { output: unit * 2 });
  const got: Line[] = [];
  for (const [round, count] of [500, 1, 4000].entries()) {
    const after = got.length === 0 ? [] : ['--after', got.at(-1)!.cursor];
    const more = await killAfter(
      start(['jobs', 'results', id, '--json', ...after]),
      Math.min(count, UNITS / 2 - got.length),
    );
    got.push(...more);
    expect(got.length, `round ${round}`).toBeLessThan(UNITS);
  }
  for (let unit = UNITS / 2; unit < UNITS; unit++) newest().finish(unit, { output: unit * 2 });
  const rest = await run(['jobs', 'results', id, '--json', '--after', got.at(-1)!.cursor]);
  expect(rest).toMatchObject({ status: 0, stderr: '' });
  got.push(...(ndjson(rest.stdout) as Line[]));
  expect(got.map(({ unit, output }) => [unit, output])).toEqual(Array.from({ length: UNITS }, (_, n) => [n, n * 2]));
}, 120_000);

it('CL90: the status of what goes on tells of units that failed before; without --json lines have no cursor', async () => {
  await run(['jobs', 'create', 'double.ts', '--range', '0..2', '--detach']);
  newest().finish(1, { error: 'no' });
  newest().finish(0, { output: 0 });
  const all = await run(['jobs', 'results', newest().id, '--json']);
  expect(all.status).toBe(1);
  const [failed, good] = ndjson(all.stdout) as Line[];
  expect([failed, good]).toEqual([
    { unit: 1, cursor: 'c1', input: 1, error: 'no' },
    { unit: 0, cursor: 'c2', input: 0, output: 0 },
  ]);
  const rest = await run(['jobs', 'results', newest().id, '--json', '--after', failed!.cursor]);
  expect([rest.status, ndjson(rest.stdout)]).toEqual([1, [good]]);
  expect((await run(['jobs', 'results', newest().id])).stdout).not.toContain('cursor');
  const ordered = await run(['jobs', 'results', newest().id, '--json', '--ordered']);
  expect(ndjson(ordered.stdout)).toEqual([
    { unit: 0, input: 0, output: 0 },
    { unit: 1, input: 1, error: 'no' },
  ]);
  const both = await run(['jobs', 'results', newest().id, '--ordered', '--after', 'c1']);
  expect(both).toMatchObject({ status: 2, stderr: expect.stringContaining('leave out --ordered') });
  const wrong = await run(['jobs', 'results', newest().id, '--after', 'nonsense']);
  expect(wrong).toMatchObject({ status: 6, stderr: expect.stringContaining('(cursor-invalid)') });
});

it('CL91: map with an idempotency key that was killed is the same job when it is started again, with one result of each input', async () => {
  coordinator.compute = true;
  const jobs = coordinator.jobs.length;
  const args = ['map', 'double.ts', '--json', '--idempotency-key', 'night-7'];
  const first = start(args);
  first.child.stdin!.on('error', () => undefined);
  first.child.stdin!.write(Array.from({ length: 3000 }, (_, n) => `${n}\n`).join(''));
  const got = await killAfter(first, 100);
  expect(got.length).toBeGreaterThan(99);
  const { id } = newest();
  const there = newest().inputs.length;
  const stdin = Array.from({ length: 5000 }, (_, n) => `${n}\n`).join('');
  const again = await run(args, { stdin });
  expect(again.status, again.stderr).toBe(0);
  expect([coordinator.jobs.length, newest().id, there > 0]).toEqual([jobs + 1, id, true]);
  expect(newest().inputs).toEqual(Array.from({ length: 5000 }, (_, n) => n));
  const lines = (ndjson(again.stdout) as Line[]).sort((a, b) => a.unit - b.unit);
  expect(lines.map(({ unit, input, output }) => [unit, input, output])).toEqual(
    Array.from({ length: 5000 }, (_, n) => [n, n, n * 2]),
  );

  // Or from where the first one was: what it has told comes only once.
  const rest = await run(['jobs', 'results', id, '--json', '--after', got.at(-1)!.cursor]);
  const units = [...got, ...(ndjson(rest.stdout) as Line[])].map(({ unit }) => unit).sort((a, b) => a - b);
  expect(units).toEqual(Array.from({ length: 5000 }, (_, n) => n));
}, 120_000);
