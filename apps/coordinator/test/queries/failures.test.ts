import { bundleProgram } from '@gossamer/program/node';
import type { AttemptDetail, FactView, Outcome } from '@gossamer/protocol';
import { OUTCOME } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { report } from '../harness/device.ts';
import type { TestGrid } from '../harness/grid.ts';
import { startGrid } from '../harness/grid.ts';

const CODE = `
type Reading = { channel: number };
export function run(reading: Reading): number {
  if (reading.channel > 1) throw new RangeError('no such channel');
  return reading.channel;
}`;

const told = (stack: string, log: string[] = []) =>
  JSON.stringify({ phase: 'run', message: 'RangeError: no such channel', stack, log });

/** A job of one unit at which one attempt fails with this body; gives the unit's facts. */
const fail = async (grid: TestGrid, body: string, spec: object = {}, outcome: Outcome = OUTCOME.errored) => {
  const job = await grid.rest.submit(1, { limits: { maxErrors: 1 }, ...spec });
  const device = await grid.device();
  const [lease] = await device.work(1);
  await device.exchange({ slots: 0, reports: [report(lease!, () => body, { outcome })] });
  const facts = await grid.rest.unitFacts(job.id, 0);
  return { job, failed: facts.find(({ kind }) => kind === 'errored')!, last: facts.at(-1)! };
};

test('DB5: a failed attempt is told with its message, its stack in the sources, and what the program logged', async () => {
  const grid = await startGrid();
  const { code, sourceMap } = await bundleProgram({ code: CODE });
  const [program, map] = [await grid.rest.upload(code), await grid.rest.upload(sourceMap)];
  const column = code.indexOf('new RangeError') + 1;
  const stack = `RangeError: no such channel\n    at run (program:1:${column})`;
  const { job, failed, last } = await fail(grid, told(stack, ['channel 2']), { program, sourceMap: map });
  expect(failed.text).toMatch(/^Attempt .* failed after 1 ms: RangeError: no such channel$/);
  expect(failed.failure).toEqual({
    phase: 'run',
    message: 'RangeError: no such channel',
    stack: 'RangeError: no such channel\n    at run (program.ts:4:34)',
    log: ['channel 2'],
  });
  expect(last.text).toBe('The unit failed: The program failed 1 time. Last error: RangeError: no such channel');
  const [result] = await grid.rest.allResults(job.id);
  expect(result!.error).toBe('The program failed 1 time. Last error: RangeError: no such channel');
  expect((await grid.rest.unit(job.id, 0)).reason).toBe(result!.error);
  // Among the job's attempts, too.
  const { items } = await grid.rest.json<{ items: AttemptDetail[] }>(
    'GET',
    `/v1/jobs/${job.id}/attempts?outcome=errored`,
  );
  expect(items).toMatchObject([{ unit: 0, error: 'RangeError: no such channel', failure: failed.failure }]);
  // It lies in the log, and is told again after a start.
  const again = await grid.restart();
  expect((await again.rest.unitFacts(job.id, 0)).find(({ kind }) => kind === 'errored')).toEqual(failed);
});

test('DB5: without a source map, or with one that is none, the stack is told as it came', async () => {
  const grid = await startGrid();
  const stack = 'at run (program:1:9)';
  expect((await fail(grid, told(stack))).failed.failure!.stack).toBe(stack);
  const sourceMap = await grid.rest.upload('no map');
  expect((await fail(grid, told(stack), { sourceMap })).failed.failure!.stack).toBe(stack);
  await expect(grid.rest.submit(1, { sourceMap: 'ab'.repeat(32) as never })).rejects.toThrow('the source map abab');
});

test('DB5: an attempt that ran too long is told in our words, with what the program had logged', async () => {
  const grid = await startGrid();
  const overran = async (body: string): Promise<FactView> =>
    (await fail(grid, body, { limits: { maxErrors: 1, deadlineMs: 500 } }, OUTCOME.overran)).failed;
  const log = ['half of it'];
  const { failure, text } = await overran(JSON.stringify({ phase: 'run', message: 'made up', stack: '', log }));
  expect(failure).toMatchObject({ message: 'It ran longer than its deadline of 500 ms.', log });
  expect(text).toMatch(/ms: It ran longer than its deadline of 500 ms\.$/);
  expect((await overran('')).failure).toMatchObject({ message: 'It ran longer than its deadline of 500 ms.', log: [] });
});
