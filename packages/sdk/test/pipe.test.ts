import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type GossamerError, JobFailedError, type PipeOptions } from '../src/node/index.ts';
import { all, thrown, useCoordinator } from './client.ts';
import type { FakeJob } from './fake-jobs.ts';
import { until } from './until.ts';

const { coordinator, client } = useCoordinator();
const code = 'export const run = (input) => input;';

const fake = (): FakeJob => coordinator.jobs.at(-1)!;
const finish = (unit: number): void => fake().finish(unit, { output: (fake().inputs[unit] as number) * 10 });

/** Inputs that a test gives one by one, and which tell how many were asked for. */
const tap = <In>() => {
  const waiting: ((step: IteratorResult<In>) => void)[] = [];
  const given: IteratorResult<In>[] = [];
  const seen = { asked: 0, left: false };
  const put = (step: IteratorResult<In>): void => {
    const first = waiting.shift();
    if (first === undefined) given.push(step);
    else first(step);
  };
  return {
    seen,
    give: (...values: In[]) => values.forEach((value) => put({ done: false, value })),
    end: () => put({ done: true, value: undefined }),
    inputs: {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          seen.asked += 1;
          const ready = given.shift();
          return ready === undefined
            ? new Promise<IteratorResult<In>>((give) => waiting.push(give))
            : Promise.resolve(ready);
        },
        return: async () => {
          seen.left = true;
          return { done: true as const, value: undefined };
        },
      }),
    } satisfies AsyncIterable<In>,
  };
};

const pipe = <In>(inputs: Iterable<In> | AsyncIterable<In>, options: PipeOptions = {}) =>
  client().pipe<In, number>(inputs, { code }, options);

const numbers = function* (count: number): Generator<number> {
  for (let n = 0; n < count; n++) yield n;
};

describe('a pipe', () => {
  it('SD39: gives results while inputs still come, each with its input', async () => {
    const { give, end, inputs } = tap<number>();
    give(7);
    const results = (await pipe(inputs))[Symbol.asyncIterator]();
    const first = results.next();
    await until(() => fake().inputs.length === 1);
    finish(0);
    expect((await first).value).toEqual({ unit: 0, input: 7, output: 70, cursor: 'c1' });
    give(8, 9);
    const second = results.next();
    await until(() => fake().inputs.length === 3);
    finish(2);
    expect((await second).value).toMatchObject({ unit: 2, input: 9, output: 90 });
    end();
    const last = results.next();
    await until(() => !fake().isOpen);
    finish(1);
    expect((await last).value).toMatchObject({ unit: 1, input: 8 });
    expect((await results.next()).done).toBe(true);
    expect(fake().state).toBe('completed');
  });

  it('SD39: in the order of the inputs, where that is asked for', async () => {
    const made = await pipe([1, 2, 3], { ordered: true });
    const reading = all(made);
    await until(() => fake().inputs.length === 3);
    for (const unit of [2, 0, 1]) finish(unit);
    expect((await reading).map((entry) => entry.input)).toEqual([1, 2, 3]);
  });

  it('SD40: whoever takes no results is sent no more inputs than the window has', async () => {
    const asked = { count: 0 };
    const endless = function* (): Generator<number> {
      for (;;) yield asked.count++;
    };
    const results = (await pipe(endless(), { window: 50 }))[Symbol.asyncIterator]();
    const first = results.next();
    await until(() => fake().inputs.length === 50);
    for (let unit = 0; unit < 50; unit++) finish(unit);
    await first;
    await sleep(200);
    // One was read to see whether it is bytes; the one that was taken makes room when the next is asked for.
    expect(asked.count).toBe(50);
    // It is filled when a quarter of it is free.
    for (let n = 0; n < 12; n++) await results.next();
    await sleep(100);
    expect(asked.count).toBe(50);
    await results.next();
    await until(() => fake().inputs.length === 63);
    await sleep(100);
    expect(asked.count).toBe(63);
    await results.return(undefined);
    expect(fake().isOpen).toBe(false);
  });

  it('SD40: the window counts what inputs take, too', async () => {
    const large = 'x'.repeat(8 * 1024 * 1024);
    const asked = { count: 0 };
    const endless = function* (): Generator<string> {
      for (;;) yield `${asked.count++}${large}`;
    };
    const results = (await pipe(endless()))[Symbol.asyncIterator]();
    const first = results.next();
    await until(() => fake().inputs.length === 8);
    await sleep(200);
    expect(asked.count).toBe(8);
    fake().finish(0, { output: 1 });
    await first;
    await results.return(undefined);
  });

  it('SD39: many inputs go out together, in one request after the other', async () => {
    const made = await pipe(numbers(40_000));
    const reading = all(made);
    await until(() => !fake().isOpen);
    for (let unit = 0; unit < 40_000; unit++) fake().results.push({ unit, cursor: `c${unit + 1}`, output: unit });
    fake().close();
    expect(await reading).toHaveLength(40_000);
    expect(fake().appended.length).toBeLessThan(10);
    expect(Math.max(...fake().appended)).toBe(16_384);
    expect(fake().inputs).toEqual([...numbers(40_000)]);
  });

  it('SD41: broken connections, lost answers and restarts on the way lose and repeat no input', async () => {
    const { give, end, inputs } = tap<number>();
    const seen: unknown[] = [];
    give(0);
    const made = await pipe(inputs);
    const reading = (async () => {
      for await (const { input } of made) seen.push(input);
    })();
    for (let unit = 0; unit < 40; unit++) {
      if (unit > 0) give(unit);
      if (unit % 7 === 3) coordinator.forgetAnswers = 1;
      if (unit === 25) {
        await coordinator.stop();
        await sleep(50);
        await coordinator.start();
      }
      if (unit % 9 === 4) coordinator.cut();
      await until(() => fake().inputs.length === unit + 1);
      finish(unit);
    }
    coordinator.forgetAnswers = 0;
    end();
    await reading;
    expect(seen).toEqual([...numbers(40)]);
    expect(fake().inputs).toEqual([...numbers(40)]);
  });

  it('SD41: with an idempotency key the client goes on after a restart: no input is sent twice, and its results come from the first on', async () => {
    const first = await pipe(tapped(3), { idempotencyKey: 'the-same' });
    const results = first[Symbol.asyncIterator]();
    void results.next().catch(() => undefined);
    await until(() => fake().inputs.length === 3);
    finish(1);
    const jobs = coordinator.jobs.length;
    // The first client is gone: nothing of it comes any more.
    const second = await pipe(numbers(5), { idempotencyKey: 'the-same' });
    expect(coordinator.jobs).toHaveLength(jobs);
    const reading = all(second);
    await until(() => !fake().isOpen);
    for (const unit of [0, 2, 3, 4]) finish(unit);
    expect((await reading).map(({ unit, input }) => [unit, input])).toEqual([1, 0, 2, 3, 4].map((n) => [n, n]));
    expect(fake().appended).toEqual([3, 2]);
  });

  it('SD42: where the inputs break off, the results of those that came are given before the error is thrown', async () => {
    const broken = function* (): Generator<number> {
      yield* [1, 2, 3];
      throw new Error('the disk is gone');
    };
    const seen: number[] = [];
    const made = await pipe(broken());
    const reading = (async () => {
      for await (const { unit } of made) seen.push(unit);
    })();
    const error = thrown(reading);
    await until(() => fake().inputs.length === 3 && !fake().isOpen);
    for (const unit of [0, 1, 2]) finish(unit);
    expect((await error).message).toBe('the disk is gone');
    expect(seen).toEqual([0, 1, 2]);
  });

  it('SD42: a value that cannot travel is named, and those before it count', async () => {
    const error = thrown(await pipe([1, Number.NaN, 3]));
    await until(() => fake().inputs.length === 1 && !fake().isOpen);
    finish(0);
    expect(await error).toMatchObject({ code: 'source-invalid', message: expect.stringContaining('input 1: NaN') });
    expect(await thrown(pipe([]))).toMatchObject({ code: 'source-empty' });
    expect(await thrown(pipe([1], { window: 0 }))).toMatchObject({ code: 'usage' });
  });

  it('SD43: whoever leaves early closes the inputs and leaves those that give them', async () => {
    const { give, inputs, seen } = tap<number>();
    give(1, 2);
    for await (const { unit } of await finishing(inputs)) {
      expect(unit).toBe(0);
      break;
    }
    expect([fake().isOpen, fake().state, seen.left]).toEqual([false, 'running', true]);
    for await (const _ of await finishing(tapped(2), { leaveOpen: true })) break;
    expect(fake().isOpen).toBe(true);
  });

  it('SD43: an abort ends it at once, while it waits for an input, too', async () => {
    const { give, inputs, seen } = tap<number>();
    give(1);
    const stop = new AbortController();
    const reading = thrown(await pipe(inputs, { signal: stop.signal }));
    await until(() => seen.asked > 1 && fake().inputs.length === 1);
    stop.abort(new Error('enough'));
    expect((await reading).message).toBe('enough');
    expect(fake().isOpen).toBe(false);
  });

  it('SD43: a job that is cancelled meanwhile ends it', async () => {
    const { give, inputs } = tap<number>();
    give(1);
    const reading = thrown(await pipe(inputs));
    await until(() => fake().inputs.length === 1);
    fake().become('cancelled', 'no more');
    expect(await reading).toMatchObject({ code: 'job-cancelled' });
  });

  it('SD44: where the quota is full it waits for results, and throws where none are out', async () => {
    const { give, end, inputs } = tap<number>();
    give(1);
    const made = await pipe(inputs);
    const reading = all(made);
    await until(() => fake().inputs.length === 1);
    coordinator.refuse = 'quota-exceeded';
    give(2);
    await sleep(50);
    expect(fake().inputs).toHaveLength(1);
    coordinator.refuse = null;
    finish(0);
    await until(() => fake().inputs.length === 2);
    end();
    finish(1);
    expect(await reading).toHaveLength(2);
    coordinator.refuse = 'quota-exceeded';
    const error = await thrown(await pipe([1]));
    coordinator.refuse = null;
    expect((error as GossamerError).code).toBe('quota-exceeded');
  });

  it('SD39: bytes keep their type; failures are thrown, given or left out as for any job', async () => {
    const reading = all(await pipe([Float32Array.of(1.5), { and: 'JSON' }], { failures: 'yield' }));
    await until(() => !fake().isOpen);
    expect(fake().inputs).toEqual([Float32Array.of(1.5), { and: 'JSON' }]);
    fake().finish(0, { error: 'no luck' });
    fake().finish(1, { output: 1 });
    expect(await reading).toMatchObject([{ error: 'no luck', input: Float32Array.of(1.5) }, { output: 1 }]);
    const failing = thrown(await pipe([1, 2]));
    await until(() => fake().inputs.length === 2 && !fake().isOpen);
    fake().finish(0, { error: 'no luck' });
    fake().finish(1, { output: 1 });
    expect(await failing).toBeInstanceOf(JobFailedError);
    const skipping = all(await pipe([1, 2], { failures: 'skip', window: 1 }));
    await until(() => fake().inputs.length === 1);
    fake().finish(0, { error: 'no luck' });
    await until(() => fake().inputs.length === 2);
    finish(1);
    expect(await skipping).toMatchObject([{ unit: 1 }]);
  });

  it('SD45: by hand: append, and close', async () => {
    const open = await client().open<number, number>({ code });
    expect(await open.append([1, 2])).toBe(2);
    const [a, b] = await Promise.all([open.append([3]), open.append([4, 5])]);
    expect([a, b, open.total]).toEqual([3, 5, 5]);
    expect(await thrown(open.append([6, undefined as never]))).toMatchObject({ code: 'source-invalid' });
    await open.close();
    expect(fake().inputs).toEqual([1, 2, 3, 4, 5]);
    expect(await thrown(open.append([6]))).toMatchObject({ code: 'inputs-closed' });
    for (let unit = 0; unit < 5; unit++) finish(unit);
    expect(await all(open.job.results())).toHaveLength(5);
  });
});

/** So many inputs, and then none for ever. */
function tapped(count: number): AsyncIterable<number> {
  const { give, inputs } = tap<number>();
  give(...numbers(count));
  return inputs;
}

/** A pipe whose first result is final as soon as its input is there. */
async function finishing(inputs: Iterable<number> | AsyncIterable<number>, options: PipeOptions = {}) {
  const made = await pipe(inputs, options);
  void until(() => fake().inputs.length > 0).then(() => finish(0));
  return made;
}
