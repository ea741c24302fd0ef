import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobView } from '@gossamer/protocol';
import { describe, expect, it } from 'vitest';
import { type GossamerError, type Job, JobFailedError, range } from '../src/node/index.ts';
import { all, thrown, useCoordinator } from './client.ts';
import type { FakeJob } from './fake-jobs.ts';
import { until } from './until.ts';

const { coordinator, client } = useCoordinator();
const code = 'export const run = (input) => input;';

const submit = async (units: number, options = {}): Promise<{ job: Job<number, number>; fake: FakeJob }> => {
  const job = await client(options).map<number, number>(range(0, units), { code });
  return { job, fake: coordinator.jobs.at(-1)! };
};

describe('results', () => {
  it('SD8: come as they become final, and end with the job', async () => {
    const { job, fake } = await submit(3);
    const results = job.results();
    fake.finish(2, { output: 20 });
    expect((await results.next()).value).toEqual({ unit: 2, input: 2, output: 20, cursor: 'c1' });
    fake.finish(0, { output: 0 });
    fake.finish(1, { output: 10 });
    expect((await all(results)).map(({ unit }) => unit)).toEqual([0, 1]);
  });

  it('SD9: cut connections, half lines and restarts on the way lose and repeat nothing', async () => {
    const { job, fake } = await submit(40);
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { unit } of job.results()) seen.push(unit);
    })();
    for (let unit = 0; unit < 40; unit++) {
      fake.finish(unit, { output: unit });
      if (unit % 9 === 4) {
        await until(() => seen.length > unit - 3);
        coordinator.cut();
      }
      if (unit === 20) {
        await coordinator.stop();
        await sleep(100);
        await coordinator.start();
      }
    }
    await reading;
    expect(seen).toEqual(Array.from({ length: 40 }, (_, unit) => unit));
  });

  it('SD9: half a line before a broken connection is not taken for a result', async () => {
    const { job, fake } = await submit(2);
    fake.finish(0, { output: 12345 });
    let times = 0;
    coordinator.intercept = (request, response) => {
      if (!request.url!.includes('/results') || times++ > 0) return false;
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write('{"unit":0,"cursor":"c1","output":12345}\n{"unit":1,"cursor":"c2","output":1');
      setTimeout(() => response.destroy(), 50);
      return true;
    };
    const reading = all(job.results());
    await until(() => times > 1);
    fake.finish(1, { output: 777 });
    expect((await reading).map(({ output }) => output)).toEqual([12345, 777]);
    coordinator.intercept = () => false;
  });

  it('SD9: a stream that a leaving coordinator ends in order is taken up again', async () => {
    const { job, fake } = await submit(2);
    let times = 0;
    coordinator.intercept = (request, response) => {
      if (!request.url!.includes('/results') || times++ > 0) return false;
      response.writeHead(200).end('{"unit":1,"cursor":"c1","output":"no line end"}');
      fake.finish(1, { output: 'no line end' });
      return true;
    };
    const reading = all(job.results());
    await until(() => times > 1);
    fake.finish(0, { output: 'after' });
    expect((await reading).map(({ output }) => output)).toEqual(['no line end', 'after']);
    coordinator.intercept = () => false;
  });

  it('SD9: a last line without a line end counts where the stream ended in order', async () => {
    const { job, fake } = await submit(1);
    fake.finish(0, { output: 1 });
    coordinator.intercept = (request, response) => {
      if (!request.url!.includes('/results')) return false;
      response.writeHead(200).end(request.url!.includes('after=') ? '' : JSON.stringify(fake.results[0]));
      return true;
    };
    expect(await all(job.results())).toEqual([{ unit: 0, input: 0, output: 1, cursor: 'c1' }]);
    coordinator.intercept = () => false;
  });

  it('SD10: failed units: by default every result comes first, then JobFailedError', async () => {
    const { job, fake } = await submit(3);
    fake.finish(1, { error: 'it threw' });
    fake.finish(0, { output: 5 });
    fake.finish(2, { error: 'it too' });
    const seen: number[] = [];
    const error = await thrown(
      (async () => {
        for await (const { unit } of job.results()) seen.push(unit);
      })(),
    );
    expect(seen).toEqual([0]);
    expect(error).toBeInstanceOf(JobFailedError);
    expect(error).toMatchObject({ code: 'job-failed', count: 2, message: expect.stringContaining('unit 1: it threw') });
    expect((error as JobFailedError).failures).toEqual([
      { unit: 1, input: 1, error: 'it threw', cursor: 'c1' },
      { unit: 2, input: 2, error: 'it too', cursor: 'c3' },
    ]);
    expect(await all(job.results({ failures: 'skip' }))).toHaveLength(1);
    const entries = await all(job.results({ failures: 'yield' }));
    expect(entries.map((entry) => ('error' in entry ? entry.error : entry.output))).toEqual(['it threw', 5, 'it too']);
  });

  it('SD11: a cancelled job gives what is final, and then says so in every mode', async () => {
    const { job, fake } = await submit(3);
    fake.finish(0, { output: 1 });
    await job.cancel('enough');
    for (const failures of ['throw', 'yield', 'skip'] as const) {
      const seen: unknown[] = [];
      const error = await thrown(
        (async () => {
          for await (const entry of job.results({ failures } as { failures: 'skip' })) seen.push(entry.output);
        })(),
      );
      expect(error).toMatchObject({ code: 'job-cancelled', message: 'cancelled: enough' });
      expect(seen).toEqual([1]);
    }
  });

  it('SD12: ordered results wait for those before them; gaps of a cancelled job do not stop the rest', async () => {
    const { job, fake } = await submit(5);
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { unit } of job.results({ ordered: true })) seen.push(unit);
    })();
    reading.catch(() => undefined);
    for (const unit of [2, 0, 4]) fake.finish(unit, { output: unit });
    await until(() => seen.length === 1);
    fake.finish(1, { error: 'no' });
    await until(() => seen.length === 2);
    expect(seen).toEqual([0, 2]);
    await job.cancel();
    expect(await thrown(reading)).toMatchObject({ code: 'job-cancelled' });
    expect(seen).toEqual([0, 2, 4]);
  });

  it('SD13: results({ after }) goes on after a cursor, also by another client', async () => {
    const { job, fake } = await submit(2);
    fake.finish(1, { output: 'b' });
    fake.finish(0, { output: 'a' });
    const [first] = await all(job.results());
    const again = client().jobs.get<number, string>(job.id);
    expect(await all(again.results({ after: first!.cursor }))).toEqual([{ unit: 0, output: 'a', cursor: 'c2' }]);
    expect(await thrown(again.results({ after: 'forged' }))).toMatchObject({ code: 'cursor-invalid', status: 400 });
  });

  it('SD13: results({ follow: false }) gives what is final now and ends', async () => {
    const { job, fake } = await submit(3);
    fake.finish(1, { output: 'b' });
    expect((await all(job.results({ follow: false }))).map(({ unit }) => unit)).toEqual([1]);
  });

  it('SD14: an abort ends the stream with its reason, and a consumer who leaves closes the connection', async () => {
    const { job, fake } = await submit(2);
    fake.finish(0, { output: 1 });
    const controller = new AbortController();
    const results = job.results({ signal: controller.signal });
    await results.next();
    setTimeout(() => controller.abort(new Error('that will do')), 20);
    expect((await thrown(results)).message).toBe('that will do');
    for await (const _ of job.results()) break;
    await until(() => fake.listenerCount('change') === 0);
  });

  it('SD14: an abort ends the waiting for a coordinator that is away', async () => {
    const { job } = await submit(2, { patienceMs: 1e9 });
    const reading = all(job.results({ signal: AbortSignal.timeout(300) }));
    reading.catch(() => undefined);
    await coordinator.stop();
    expect(await thrown(reading)).toMatchObject({ name: 'TimeoutError' });
    await coordinator.start();
  });

  it('SD15: when patience is over, `unreachable` names the address', async () => {
    const { job } = await submit(2, { patienceMs: 2000 });
    await coordinator.stop();
    const error = await thrown(job.results());
    expect(error).toMatchObject({ code: 'unreachable', message: expect.stringContaining(coordinator.url) });
    expect(error.message).toContain('ECONNREFUSED');
    await coordinator.start();
  });

  it('SD16: what is no result is told, not waited for', async () => {
    const { job } = await submit(2);
    const answers = ['<html>\n', '{"unit":"x","cursor":"c1","output":1}\n'];
    coordinator.intercept = (request, response) => {
      if (!request.url!.includes('/results')) return false;
      response.writeHead(200).end(answers.pop());
      return true;
    };
    expect(await thrown(job.results())).toMatchObject({ code: 'answer-unreadable' });
    expect(await thrown(job.results())).toMatchObject({ code: 'answer-unreadable' });
    coordinator.intercept = () => false;
  });
});

describe('watch', () => {
  it('SD17: gives the job at each change until it is over, across cut connections, by Last-Event-ID', async () => {
    const { job, fake } = await submit(4);
    const seen: JobView[] = [];
    const told: string[] = [];
    const watching = (async () => {
      for await (const view of job.watch({ onConnection: (state) => told.push(state) })) seen.push(view);
    })();
    await until(() => seen.length === 1);
    expect(told).toEqual(['open']);
    fake.finish(0, { output: 0 });
    await until(() => seen.length === 2);
    coordinator.headers.length = 0;
    coordinator.cut();
    await until(() => coordinator.headers.length > 0);
    expect(coordinator.headers[0]!['last-event-id']).toBe('2');
    await coordinator.stop();
    fake.finish(1, { output: 0 });
    await coordinator.start();
    await until(() => seen.length === 3);
    fake.finish(2, { output: 0 });
    fake.finish(3, { error: 'x' });
    await watching;
    expect(seen.map(({ units }) => units.validated + units.failed)).toEqual([0, 1, 2, 3, 4]);
    expect(seen.at(-1)!.state).toBe('completed');
    expect(told.slice(0, 3)).toEqual(['open', 'lost', 'open']);
    expect(told.at(-1)).toBe('open');
    expect(await job.done()).toEqual(seen.at(-1));
  });

  it('SD17: events in pieces, with comments, other names and CRLF are read', async () => {
    const { job, fake } = await submit(1);
    let answer: ServerResponse | null = null;
    coordinator.intercept = (request, response) => {
      if (!request.url!.endsWith('/events')) return false;
      answer = response;
      return true;
    };
    const done = job.done();
    await until(() => answer !== null);
    fake.finish(0, { output: 1 });
    const text = `: hi\r\nevent: other\r\ndata: x\r\n\r\nevent: job\r\nid: 9\r\ndata:${JSON.stringify(fake.view())}\r\n\r\n`;
    for (const piece of text.match(/[^]{1,37}/g)!) {
      answer!.write(piece);
      await sleep(1);
    }
    expect(await done).toEqual(fake.view());
    coordinator.intercept = () => false;
  });

  it('SD17: a coordinator that says that nothing more will come (204) ends the watch', async () => {
    const { job, fake } = await submit(1);
    const watch = job.watch();
    expect((await watch.next()).value).toMatchObject({ state: 'running' });
    let said = false;
    coordinator.intercept = (request, response) => {
      if (!request.url!.endsWith('/events')) return false;
      said = true;
      response.writeHead(204).end();
      return true;
    };
    coordinator.cut();
    fake.removeAllListeners();
    fake.finish(0, { output: 1 });
    expect(await watch.next()).toEqual({ done: true, value: undefined });
    expect(said).toBe(true);
    expect((await job.done()).state).toBe('completed');
    coordinator.intercept = () => false;
  });

  it('SD18: hold, release and cancel change the job; a finished one refuses with its code', async () => {
    const { job } = await submit(4);
    expect(await job.hold('lunch')).toMatchObject({ state: 'held', reason: 'lunch' });
    expect(await job.release('back')).toMatchObject({ state: 'running', reason: null });
    expect(coordinator.orders.slice(-2)).toEqual([
      ['hold', 'lunch'],
      ['release', 'back'],
    ]);
    expect(await job.cancel('typo')).toMatchObject({ state: 'cancelled', reason: 'typo' });
    const error = (await thrown(job.hold())) as GossamerError;
    expect(error).toMatchObject({ code: 'job-cancelled', status: 409, message: 'The job was cancelled' });
    expect((await job.view()).state).toBe('cancelled');
  });
});

describe('answers', () => {
  it('SD35: the answer is read', async () => {
    const { job, fake } = await submit(4);
    fake.finish(1, { output: 1 });
    expect(await job.answer()).toEqual(fake.answer());
    fake.spec.reduce = false;
    expect(await thrown(job.answer())).toMatchObject({ code: 'answer-none' });
  });

  it('SD35: answers follow each other until one is final, over a restart', async () => {
    const { job, fake } = await submit(3);
    const folded: number[] = [];
    const reading = (async () => {
      for await (const answer of job.answers()) folded.push(answer.folded);
    })();
    await until(() => folded.length === 1);
    fake.finish(0, { output: 0 });
    await until(() => folded.at(-1) === 1);
    await coordinator.stop();
    fake.finish(1, { output: 0 });
    await coordinator.start();
    await until(() => folded.at(-1) === 2);
    fake.finish(2, { output: 0 });
    await reading;
    expect(folded).toEqual([0, 1, 2, 3, 3]);
  });
});
