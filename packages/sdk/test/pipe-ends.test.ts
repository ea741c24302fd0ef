import { type ProblemCode, ProblemError } from '@gossamer/protocol';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { GossamerError, PipeOptions } from '../src/node/index.ts';
import { all, thrown } from './client.ts';
import { numbers, tap, tapped } from './tap.ts';
import { until } from './until.ts';
import { usePipe } from './use-pipe.ts';

const { coordinator, client, code, fake, finish, pipe } = usePipe();

/** A pipe whose first result is final as soon as its input is there. */
async function finishing(inputs: Iterable<number> | AsyncIterable<number>, options: PipeOptions = {}) {
  const made = await pipe(inputs, options);
  void until(() => fake().inputs.length > 0).then(() => finish(0));
  return made;
}

/** Some at once, and the others one by one. */
async function* slowly(count: number): AsyncGenerator<number> {
  for (let n = 0; n < count; n++) {
    if (n >= 40) await sleep(2);
    yield n;
  }
}

const refused = (response: ServerResponse, code: ProblemCode): void => {
  const problem = new ProblemError(code).toProblem();
  response.writeHead(problem.status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
};

describe('a pipe', () => {
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

  it('SD44: where there is no room for results it throws at once: no result makes any', async () => {
    const { give, inputs } = tap<number>();
    give(1);
    const reading = thrown(await pipe(inputs));
    await until(() => fake().inputs.length === 1);
    coordinator.refuseQuota = { name: 'resultBytes', limit: 10, used: 10, asked: 1 };
    coordinator.refuse = 'quota-exceeded';
    give(2);
    await until(() => !fake().isOpen || coordinator.requests.length > 3);
    finish(0);
    const error = await reading;
    [coordinator.refuse, coordinator.refuseQuota] = [null, undefined];
    expect(error).toMatchObject({ code: 'quota-exceeded', quota: { name: 'resultBytes' } });
  });

  it('SD44: a quota that is smaller than what comes at once, with inputs that go on coming, is no end', async () => {
    // So many units may be open: each result makes room for one more.
    const ROOM = 10;
    coordinator.most = ROOM;
    const made = await pipe(slowly(100));
    const reading = all(made);
    let done = 0;
    while (done < 100) {
      await until(() => fake().inputs.length > done);
      finish(done++);
    }
    coordinator.most = null;
    expect(await reading).toHaveLength(100);
    expect(fake().inputs).toEqual([...numbers(100)]);
  });

  it('SD42: a value that the coordinator would refuse is named, and those that go with it count', async () => {
    for (const value of ['x'.repeat(70_000), 'ö'.repeat(33_000)]) {
      const error = thrown(await pipe(['a', 'b', value]));
      await until(() => fake().inputs.length === 2 && !fake().isOpen);
      for (const unit of [0, 1]) fake().finish(unit, { output: 1 });
      expect(await error).toMatchObject({ code: 'source-invalid', message: expect.stringContaining('input 2 has') });
    }
    const fits = thrown(await pipe(['ö'.repeat(32_000), Number.NaN]));
    await until(() => fake().inputs.length === 1 && !fake().isOpen);
    fake().finish(0, { output: 1 });
    expect(await fits).toMatchObject({ message: expect.stringContaining('NaN') });
  });

  it('SD43: where inputs can neither be sent nor closed, it says so and does not wait for results', async () => {
    const { give, inputs } = tap<number>();
    give(1);
    const made = await pipe(inputs);
    coordinator.refuse = 'storage-full';
    coordinator.intercept = (request, response) => {
      if (!request.url!.endsWith('/inputs/close')) return false;
      refused(response, 'storage-full');
      return true;
    };
    const error = await thrown(made);
    coordinator.refuse = null;
    coordinator.intercept = () => false;
    expect(error).toMatchObject({ code: 'storage-full' });
  });

  it('SD43: an abort while it waits for its first input ends that, too; a job that cannot be made leaves the inputs', async () => {
    const idle = tap<number>();
    const stop = new AbortController();
    const opening = thrown(pipe(idle.inputs, { signal: stop.signal }));
    await until(() => idle.seen.asked === 1);
    stop.abort(new Error('enough'));
    expect((await opening).message).toBe('enough');
    expect(idle.seen.left).toBe(true);
    const other = tap<number>();
    other.give(1);
    expect(await thrown(pipe(other.inputs, { quorum: 0 }))).toMatchObject({ code: 'request-invalid' });
    expect(other.seen.left).toBe(true);
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
