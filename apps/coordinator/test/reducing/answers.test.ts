import type { AnswerView, JobView, Problem } from '@gossamer/protocol';
import { OUTCOME } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { report } from '../harness/device.ts';
import type { Rest, TestGrid } from '../harness/grid.ts';
import { eventually, PROGRAM, startGrid } from '../harness/grid.ts';
import { lend } from '../harness/lend.ts';

const SUM = `${PROGRAM}
export const reduce = (acc = { n: 0, sum: 0 }, x) => ({ n: acc.n + 1, sum: acc.sum + x });`;
const MEAN = `${SUM}
export const answer = ({ n, sum }) => ({ mean: sum / n });`;

const submit = async (rest: Rest, units: number, program: string, spec: object = {}): Promise<JobView> =>
  rest.submit(units, { program: await rest.upload(program), ...spec });

const answerOf = (rest: Rest, { id }: JobView): Promise<AnswerView> => rest.json('GET', `/v1/jobs/${id}/answer`);

/** Once all that is final is folded: the coordinator answers with what is, after a while. */
const finalAnswer = (rest: Rest, job: JobView): Promise<AnswerView> =>
  eventually(async () => {
    const view = await answerOf(rest, job);
    expect(view.isFinal).toBe(true);
    return view;
  });

const refusal = (rest: Rest, { id }: JobView): Promise<Problem> =>
  eventually(async () => {
    const response = await rest.call('GET', `/v1/jobs/${id}/answer`);
    expect(response.ok).toBe(false);
    return (await response.json()) as Problem;
  });

const compute = async (grid: TestGrid, job: JobView, output?: (unit: number) => unknown, slots = 50): Promise<void> =>
  lend(
    await grid.device(),
    async () => (await grid.rest.job(job.id)).state === 'completed',
    (lease) => report(lease, output),
    slots,
  );

/** Of units 0 to n - 1, each twice its index. */
const sumUpTo = (n: number): number => n * (n - 1);

test('FO1: the answer is what reduce makes of every final result, each once', async () => {
  const grid = await startGrid();
  const job = await submit(grid.rest, 1000, SUM);
  expect(job.reduces).toBe(true);
  await compute(grid, job);
  expect(await finalAnswer(grid.rest, job)).toMatchObject({
    answer: { n: 1000, sum: sumUpTo(1000) },
    intervals: [],
    folded: 1000,
    skipped: 0,
    failed: 0,
    total: 1000,
  });
});

test('FO1: units that failed are not in it, and are counted', async () => {
  const grid = await startGrid();
  const job = await submit(grid.rest, 20, SUM, { limits: { maxErrors: 1 } });
  const device = await grid.device();
  const [lease] = await device.work(1);
  const failing = report(lease!, () => 'no such table', { outcome: OUTCOME.errored });
  await device.exchange({ slots: 0, reports: [failing] });
  await compute(grid, job);
  const { answer, failed, folded } = await finalAnswer(grid.rest, job);
  const left = sumUpTo(20) - lease!.units.reduce((sum, unit) => sum + 2 * unit, 0);
  expect([answer, failed, folded]).toEqual([
    { n: 20 - failed, sum: left },
    lease!.units.length,
    20 - lease!.units.length,
  ]);
});

test('FO2: while the job runs it answers with what is final, and says how far that is', async () => {
  const grid = await startGrid();
  const job = await submit(grid.rest, 100, SUM);
  expect(await answerOf(grid.rest, job)).toMatchObject({ answer: null, folded: 0, isFinal: false, cursor: '0.0' });
  const device = await grid.device();
  const held = await device.work(10);
  await device.exchange({ slots: 0, reports: held.map((lease) => report(lease)) });
  const units = held.flatMap((lease) => lease.units);
  const seen = await eventually(async () => {
    const view = await answerOf(grid.rest, job);
    expect(view).toMatchObject({ answer: { n: units.length }, folded: units.length, isFinal: false });
    return view;
  });
  const { items } = await grid.rest.results(job.id, 100, seen.cursor);
  expect(items).toEqual([]);
});

test('FO2: a job that is cancelled has a final answer of what it had', async () => {
  const grid = await startGrid();
  const job = await submit(grid.rest, 100, SUM);
  const device = await grid.device();
  const held = await device.work(3);
  await device.exchange({ slots: 0, reports: held.map((lease) => report(lease)) });
  await grid.rest.json('POST', `/v1/jobs/${job.id}/cancel`, {});
  expect(await finalAnswer(grid.rest, job)).toMatchObject({
    folded: held.flatMap((lease) => lease.units).length,
  });
});

test('FO3: each number that answer gives has its interval, once enough results are in it', async () => {
  const grid = await startGrid();
  const few = await submit(grid.rest, 40, MEAN);
  await compute(grid, few);
  expect(await finalAnswer(grid.rest, few)).toMatchObject({ answer: { mean: 39 }, intervals: [] });
  const job = await submit(grid.rest, 640, MEAN);
  await compute(grid, job);
  const { answer, intervals } = await finalAnswer(grid.rest, job);
  expect(answer).toEqual({ mean: 639 });
  const [interval] = intervals;
  expect(interval).toMatchObject({ path: '/mean', value: 639 });
  expect(interval!.low).toBeLessThan(639);
  expect(interval!.high - 639).toBeCloseTo(639 - interval!.low);
});

test('FO5: a reduce that depends on the order of results gives no answer, and says why', async () => {
  const grid = await startGrid();
  const job = await submit(grid.rest, 10, `${PROGRAM}\nexport const reduce = (acc, x) => x - (acc ?? 0);`);
  await compute(grid, job);
  const { code, detail } = await refusal(grid.rest, job);
  expect([code, detail]).toEqual(['reduce-failed', expect.stringContaining('depends on the order of the results')]);
  expect((await grid.rest.allResults(job.id)).length).toBe(10);
});

test('FO5: sums of floats differ in the last digits by their order, and are no fault', async () => {
  const grid = await startGrid();
  const job = await submit(grid.rest, 100, SUM);
  await compute(grid, job, (unit) => Math.sin(unit) / 3);
  expect((await finalAnswer(grid.rest, job)).folded).toBe(100);
});

const FAULTS = [
  ['export const reduce = () => { throw new Error("a bad day"); };', 'a bad day'],
  ['export const reduce = () => {};', 'must return the accumulator'],
  ['export const reduce = (acc = "") => acc + "x".repeat(1e6);', 'returned more than'],
] as const;

test('FO6: where reduce throws, returns nothing or keeps too much the answer says so, and the job and its results go on', async () => {
  const grid = await startGrid();
  const jobs: JobView[] = [];
  for (const [reduce] of FAULTS) jobs.push(await submit(grid.rest, 30, `${PROGRAM}\n${reduce}`));
  for (const job of jobs) await compute(grid, job);
  const check = async (rest: Rest): Promise<void> => {
    for (const [at, [, words]] of FAULTS.entries()) {
      const problem = await refusal(rest, jobs[at]!);
      expect(problem).toMatchObject({ code: 'reduce-failed', detail: expect.stringContaining(words) });
      expect((await rest.allResults(jobs[at]!.id)).length).toBe(30);
    }
  };
  await check(grid.rest);
  await check((await grid.restart()).rest);
});

test('FO8: results that cannot be read are left out, and counted', async () => {
  const grid = await startGrid();
  const job = await submit(grid.rest, 50, SUM);
  await compute(grid, job, (unit) => (unit % 10 === 3 ? '{"broken"' : unit));
  expect(await finalAnswer(grid.rest, job)).toMatchObject({
    answer: { n: 45, sum: (50 * 49) / 2 - (3 + 13 + 23 + 33 + 43) },
    folded: 45,
    skipped: 5,
  });
});

test('FO10: a job folds where its program has a reduce, unless it says otherwise', async () => {
  const { rest } = await startGrid();
  const none = await submit(rest, 5, PROGRAM);
  expect([none.reduces, (await refusal(rest, none)).code]).toEqual([false, 'answer-none']);
  const unwanted = await submit(rest, 5, SUM, { reduce: false });
  expect([unwanted.reduces, (await refusal(rest, unwanted)).code]).toEqual([false, 'answer-none']);
  await expect(submit(rest, 5, PROGRAM, { reduce: true })).rejects.toThrow(
    'must export a function reduce(acc, result)',
  );
});
