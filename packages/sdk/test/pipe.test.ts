import { setTimeout as sleep } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { JobFailedError } from '../src/node/index.ts';
import { all, thrown } from './client.ts';
import { numbers, tap, tapped } from './tap.ts';
import { until } from './until.ts';
import { usePipe } from './use-pipe.ts';

const { coordinator, fake, finish, pipe } = usePipe();

/** A promise of another realm, as of another frame. */
const ElsewherePromise = runInNewContext('Promise') as PromiseConstructor;

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
    const large = new Uint8Array(2 * 1024 * 1024);
    const asked = { count: 0 };
    const endless = function* (): Generator<Uint8Array> {
      for (;;) {
        asked.count += 1;
        yield large;
      }
    };
    const results = (await pipe(endless()))[Symbol.asyncIterator]();
    const first = results.next();
    await until(() => fake().inputs.length === 32);
    await sleep(200);
    expect(asked.count).toBe(32);
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

  it('SD39: inputs may be promises of any kind; results are taken once', async () => {
    let n = 0;
    const elsewhere: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          const step = n < 3 ? { done: false as const, value: n++ } : { done: true as const, value: undefined };
          return ElsewherePromise.resolve(step);
        },
      }),
    };
    const made = await pipe(elsewhere);
    const reading = all(made);
    await until(() => !fake().isOpen);
    for (let unit = 0; unit < 3; unit++) finish(unit);
    expect((await reading).map(({ input }) => input)).toEqual([0, 1, 2]);
    expect(await thrown(made)).toMatchObject({ code: 'usage' });
  });
});
