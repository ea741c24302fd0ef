import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type ChangingOutput, type Job, JobFailedError, range, type UnitOutput } from '../src/node/index.ts';
import { all, thrown, useCoordinator } from './client.ts';
import type { FakeJob } from './fake-jobs.ts';
import { until } from './until.ts';

const { coordinator, client } = useCoordinator();
const code = 'export const run = (input) => input;';

const submit = async (units: number): Promise<{ job: Job<number, number>; fake: FakeJob }> => {
  const job = await client().map<number, number>(range(0, units), { code });
  return { job, fake: coordinator.jobs.at(-1)! };
};

describe('provisional results', () => {
  it('SD38: come with final ones and revocations, each of its kind, in the order in which they happen', async () => {
    const { job, fake } = await submit(3);
    const results = job.results({ provisional: true });
    fake.suppose(0, { output: 7 });
    const { value } = await results.next();
    expect(value).toEqual({ kind: 'provisional', unit: 0, input: 0, output: 7, cursor: 'c1' });
    fake.suppose(0);
    expect((await results.next()).value).toEqual({ kind: 'revoked', unit: 0, input: 0, cursor: 'c2' });
    for (const unit of [0, 1, 2]) fake.finish(unit, { output: unit });
    expect((await all(results)).map(({ kind, unit }) => [kind, unit])).toEqual([
      ['final', 0],
      ['final', 1],
      ['final', 2],
    ]);
    expect((await all(job.results())).map((entry) => [entry.unit, 'kind' in entry])).toEqual([
      [0, false],
      [1, false],
      [2, false],
    ]);
  });

  it('SD38: go on after a cursor, over cut connections and restarts, with nothing lost or repeated', async () => {
    const { job, fake } = await submit(30);
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { kind, unit } of job.results({ provisional: true })) seen.push(`${kind} ${unit}`);
    })();
    const happened: string[] = [];
    for (let unit = 0; unit < 30; unit++) {
      fake.suppose(unit, { output: -1 });
      happened.push(`provisional ${unit}`);
      if (unit % 3 === 0) {
        fake.suppose(unit);
        happened.push(`revoked ${unit}`);
      }
      if (unit % 7 === 3) {
        await until(() => seen.length > happened.length - 3);
        coordinator.cut();
      }
      if (unit === 15) {
        await coordinator.stop();
        await sleep(100);
        await coordinator.start();
      }
      fake.finish(unit, { output: unit });
      happened.push(`final ${unit}`);
    }
    await reading;
    expect(seen).toEqual(happened);
    const rest = await all(job.results({ provisional: true, after: 'c40' }));
    expect(rest.map(({ kind, unit }) => `${kind} ${unit}`)).toEqual(happened.slice(40));
  });

  it('SD38: a failure is final; that something was provisional does not undo it, and `ordered` is refused', async () => {
    const { job, fake } = await submit(2);
    fake.finish(0, { error: 'no' });
    fake.suppose(0, { output: 1 });
    fake.finish(1, { output: 1 });
    expect(await thrown(job.results({ provisional: true }))).toBeInstanceOf(JobFailedError);
    const entries = await all(job.results({ provisional: true, failures: 'yield' }));
    expect(entries[0]).toEqual({ kind: 'final', unit: 0, input: 0, error: 'no', cursor: 'c1' });
    expect(await thrown(job.results({ provisional: true, ordered: true }))).toMatchObject({ code: 'usage' });
  });

  it('SD38: their types tell them apart, and those of final results are as they were', () => {
    const job = client().jobs.get<number, string>(`job_${'0'.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}`);
    expectTypeOf(job.results()).toEqualTypeOf<AsyncGenerator<UnitOutput<number, string>>>();
    expectTypeOf(job.results({ provisional: true })).toEqualTypeOf<AsyncGenerator<ChangingOutput<number, string>>>();
    type Revoked = Extract<ChangingOutput<number, string>, { kind: 'revoked' }>;
    expectTypeOf<Revoked>().not.toHaveProperty('output');
  });
});
