import { expect, it } from 'vitest';
import type { JobFailedError } from '../src/node/index.ts';
import { all, thrown, useCoordinator } from './client.ts';

const { coordinator, client } = useCoordinator();
const code = 'export const run = (input) => input;';

/** A job of three units of which the second one has failed. */
const failed = async () => {
  const job = await client().map<number, number>([0, 1, 2], { code });
  const fake = coordinator.jobs.at(-1)!;
  fake.finish(0, { output: 0 });
  fake.finish(1, { error: 'no luck' });
  return { job, fake };
};

it('RF12: retry tells how many units are open again, and the job runs', async () => {
  const { job, fake } = await failed();
  fake.finish(2, { output: 2 });
  expect((await job.view()).state).toBe('completed');
  expect(await job.retry()).toMatchObject({ retried: 1, job: { state: 'running' } });
  expect((await job.retry()).retried).toBe(0);
});

it('RF12: a failure that was superseded is none to who reads results, in order or not', async () => {
  const { job, fake } = await failed();
  fake.retry();
  fake.finish(2, { output: 2 });
  fake.finish(1, { output: 1 });
  expect((await all(job.results())).map(({ unit }) => unit)).toEqual([0, 2, 1]);
  expect((await all(job.results({ ordered: true }))).map(({ unit }) => unit)).toEqual([0, 1, 2]);
  const entries = await all(job.results({ failures: 'yield' }));
  expect(entries.some((entry) => 'error' in entry)).toBe(false);
});

it('RF12: nor is one that was read before the retry, when its unit succeeds later in the same stream', async () => {
  const { job, fake } = await failed();
  const results = job.results();
  expect((await results.next()).value).toMatchObject({ unit: 0 });
  const rest = all(results);
  fake.retry();
  fake.finish(1, { output: 1 });
  fake.finish(2, { output: 2 });
  expect((await rest).map(({ unit }) => unit)).toEqual([1, 2]);
});

it('RF12: one that fails again is told once, with its last error', async () => {
  const { job, fake } = await failed();
  fake.retry();
  fake.finish(2, { output: 2 });
  fake.finish(1, { error: 'no luck either' });
  const error = (await thrown(job.results())) as JobFailedError;
  expect([error.code, error.count, error.failures]).toMatchObject([
    'job-failed',
    1,
    [{ unit: 1, error: 'no luck either' }],
  ]);
});
