import { build } from 'esbuild';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Gossamer, GossamerError, range } from '../src/node/index.ts';
import { all, thrown, useCoordinator } from './client.ts';

const { coordinator, client } = useCoordinator();
const code = 'export const run = (input) => input;';
const problem = (fields: object) => JSON.stringify({ type: '/errors/x', title: 'T', status: 500, ...fields });

/** Answers the next `times` requests with this. */
const answer = (times: number, status: number, body: string, headers: Record<string, string> = {}): void => {
  let left = times;
  coordinator.intercept = (_, response) => {
    if (left-- <= 0) return false;
    response.writeHead(status, headers).end(body);
    return true;
  };
};

describe('calls', () => {
  it('SD19: lists of jobs and units come page after page', async () => {
    const made = [];
    for (let i = 0; i < 5; i++) made.push(await client().map(range(0, 8), { code }, { name: `job ${i}` }));
    const names = (await all(client().jobs.list())).map(({ name }) => name);
    expect(names).toEqual(['job 4', 'job 3', 'job 2', 'job 1', 'job 0']);
    const [job] = made;
    expect((await all(job!.units())).map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(await job!.unit(3)).toMatchObject({ index: 3, state: 'pending' });
    expect(await job!.facts(3)).toEqual([]);
  });

  it('SD50: programs come page after page and one by one, and jobs by their program', async () => {
    const view = (digit: string) => ({
      sha256: digit.repeat(64),
      kind: 'js',
      size: 7,
      name: 'fit',
      jobs: 1,
      openJobs: 0,
      firstUsedAt: 1,
      lastUsedAt: 2,
      signer: null,
      sourceMap: null,
      later: true,
    });
    const key = `key_${'0'.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}`;
    const answers: Record<string, unknown> = {
      [`/v1/programs?submitter=${key}`]: { items: [view('1'), view('2')], next: '9-4' },
      [`/v1/programs?after=9-4&submitter=${key}`]: { items: [view('3')], next: null },
      [`/v1/programs/${'3'.repeat(64)}`]: view('3'),
      [`/v1/jobs?program=${'3'.repeat(64)}`]: { items: [], next: null },
    };
    coordinator.intercept = (request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answers[request.url!]));
      return true;
    };
    const { programs, jobs } = client();
    const digits = (await all(programs.list({ submitter: key }))).map(({ sha256 }) => sha256[0]);
    expect(digits).toEqual(['1', '2', '3']);
    expect(await programs.get('3'.repeat(64))).toMatchObject({ name: 'fit', jobs: 1 });
    expect(await all(jobs.list({ program: '3'.repeat(64) }))).toEqual([]);
    coordinator.intercept = () => false;
    expect(await thrown(programs.get('fit.ts'))).toMatchObject({ code: 'program-unknown', status: 404 });
  });

  it('SD48: the spec of a job is read, and makes the same job again', async () => {
    const job = await client().map(range(0, 3), { code }, { name: 'fit', quorum: 3, params: { a: 1 } });
    const spec = await client().jobs.spec(job.id);
    expect(spec).toMatchObject({ name: 'fit', params: { a: 1 }, policy: { quorum: 3 }, source: { stop: 3 } });
    const again = await client().jobs.create(spec);
    expect(again.id).not.toBe(job.id);
    expect(await client().jobs.spec(again.id)).toEqual(spec);
    expect(await thrown(client().jobs.spec('fit'))).toMatchObject({ code: 'job-unknown', status: 404 });
  });

  it('SD20: keys are made, listed and revoked; me says whose key it is', async () => {
    const created = await client().keys.create({ role: 'submitter', name: 'lab' });
    expect(created.secret).toBe('gsk_secret');
    expect(await client().keys.list()).toMatchObject([{ id: created.id, name: 'lab' }]);
    expect((await client().keys.revoke(created.id)).revokedAt).toBe(5);
    expect(await thrown(client().keys.revoke('key_none'))).toMatchObject({ code: 'key-unknown', status: 404 });
    expect(await client().me()).toMatchObject({ role: 'submitter', name: 'tester' });
  });

  it('SD20: all keys and quotas are there, however many pages that takes', async () => {
    const id = (at: number) => `key_${String(at).padStart(8, '0')}-0000-7000-8000-${'0'.repeat(12)}`;
    const rest = { role: 'submitter', name: 'lab', createdAt: 1, expiresAt: null, revokedAt: null, quota: {} };
    const use = { limit: null, used: 0 };
    coordinator.intercept = (request, response) => {
      const { pathname, searchParams } = new URL(request.url!, coordinator.url);
      const at = Number(searchParams.get('after') ?? 0);
      const quotas = { blobBytes: use, resultBytes: use, openJobs: use, units: use };
      const item = pathname === '/v1/keys' ? { id: id(at), ...rest } : { key: id(at), quotas };
      response.end(JSON.stringify({ items: [item], next: at < 2 ? String(at + 1) : null }));
      return true;
    };
    expect((await client().keys.list()).map((key) => key.id)).toEqual([id(0), id(1), id(2)]);
    expect((await client().keys.quotas()).map(({ key }) => key)).toEqual([id(0), id(1), id(2)]);
    coordinator.intercept = () => false;
  });

  it.each([
    ['a wrong key', () => client({ apiKey: 'gsk_wrong' }).me(), 'key-wrong', 401],
    ['no key', () => client({ apiKey: '' }).me(), 'key-missing', 401],
    [
      'an unknown job',
      () =>
        client()
          .jobs.get(`job_${'0'.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}`)
          .view(),
      'job-unknown',
      404,
    ],
  ])('SD21: %s is told with the code of the registry', async (_, call, expected, status) => {
    expect(await thrown(call())).toMatchObject({ code: expected, status });
  });

  it('SD21: the fields that do not fit come along', async () => {
    answer(1, 400, problem({ code: 'request-invalid', detail: 'no', errors: [{ path: 'a.b', message: 'c' }] }));
    expect(await thrown(client().me())).toMatchObject({
      code: 'request-invalid',
      message: 'The request does not fit its schema: no'.replace('The request does not fit its schema', 'T'),
      errors: [{ path: 'a.b', message: 'c' }],
    });
  });

  it('SD49: what a quota lacks is told in numbers', async () => {
    const quota = { name: 'units', limit: 100, used: 60, asked: 41 };
    answer(1, 409, problem({ code: 'quota-exceeded', quota }));
    expect(await thrown(client().me())).toMatchObject({ name: 'ConflictError', code: 'quota-exceeded', quota });
    answer(1, 409, problem({ code: 'quota-exceeded' }));
    expect(await thrown(client().me())).toMatchObject({ code: 'quota-exceeded', quota: undefined });
  });

  it('SD22: calls are tried again through 503, 429 and a proxy’s 502; a job is made once', async () => {
    for (const [status, body] of [
      [503, problem({ code: 'unavailable' })],
      [429, problem({ code: 'rate-limited' })],
      [502, '<html>bad gateway</html>'],
    ] as const) {
      answer(2, status, body, { 'retry-after': '0' });
      expect((await client().me()).name).toBe('tester');
    }
    const { sha256 } = await client().upload({ code });
    answer(1, 503, problem({ code: 'unavailable' }), { 'retry-after': '0' });
    const before = coordinator.jobs.length;
    const spec = { name: 'x', program: sha256, source: { kind: 'range', start: 0, stop: 1 } } as const;
    coordinator.forgetAnswers = 2;
    const made = await client().jobs.create(spec);
    expect(coordinator.jobs.slice(before).map(({ id }) => id)).toEqual([made.id]);
    expect((await client().jobs.create(spec)).id).not.toBe(made.id);
    const named = { idempotencyKey: 'campaign-7' };
    const first = await client().map(range(0, 1), { code }, named);
    expect((await client().map(range(0, 1), { code }, named)).id).toBe(first.id);
    expect(await thrown(client().jobs.create(spec, { idempotencyKey: 'two words' }))).toMatchObject({ code: 'usage' });
  });

  it('SD22: other errors are not tried again', async () => {
    answer(1, 500, problem({ code: 'internal' }));
    expect(await thrown(client().me())).toMatchObject({ code: 'internal', status: 500 });
  });

  it('SD23: what answers but is no coordinator is told', async () => {
    answer(1, 200, '<html>hello</html>');
    expect(await thrown(client().me())).toMatchObject({ code: 'answer-unreadable', status: 200 });
    answer(1, 404, 'nothing here');
    expect(await thrown(client().me())).toMatchObject({ code: 'answer-unreadable', status: 404 });
    answer(1, 418, problem({ code: 'of-a-later-version', title: 'New' }));
    expect((await thrown(client().me())).message).toContain('New');
  });

  it('SD32: an archive is a stream of bytes, which ends with an error where it does not come whole', async () => {
    const job = await client().map(range(0, 1), { code });
    expect(await new Response(await job.archive()).text()).toBe('PK and bytes');
    coordinator.intercept = (request, response) => {
      if (!request.url!.endsWith('/archive')) return false;
      response.writeHead(200, { 'content-length': 12 }).write('PK and');
      setTimeout(() => request.socket.destroy(), 20);
      return true;
    };
    const broken = new Response(await job.archive()).text();
    expect(await thrown(broken)).toMatchObject({ code: 'unreachable', message: 'the archive did not come whole' });
    coordinator.intercept = () => false;
  });

  it('SD24: fields that a newer coordinator adds do no harm', async () => {
    const job = await client().map(range(0, 1), { code });
    const view = coordinator.jobs.at(-1)!.view();
    answer(1, 200, JSON.stringify({ ...view, mood: 'cheerful' }));
    expect(await job.view()).toEqual(view);
  });

  it('SD25: an address that is none is refused at once, a path before /v1 is kept', async () => {
    for (const url of ['grid.example.org', 'ftp://grid.example.org', '']) {
      expect(() => client({ url })).toThrow(GossamerError);
    }
    const urls: string[] = [];
    const fetch = async (url: string): Promise<Response> => {
      urls.push(url);
      return new Response('{}', { status: 403 });
    };
    await thrown(new Gossamer({ url: 'https://h.example/grid/', apiKey: 'k', fetch }).me());
    expect(urls).toEqual(['https://h.example/grid/v1/me']);
  });

  it('SD26: an upload that breaks is begun again', async () => {
    let cuts = 2;
    coordinator.intercept = (request) => {
      if (request.method !== 'PUT' || cuts-- <= 0) return false;
      request.socket.destroy();
      return true;
    };
    async function* chunks() {
      for (let i = 0; i < 10; i++) yield new Uint8Array(20_000).fill(i);
    }
    const { sha256, size } = await client().blobs.put(chunks());
    expect(size).toBe(200_000);
    expect(coordinator.blobs.get(sha256)).toHaveLength(200_000);
    expect(cuts).toBeLessThan(0);
    coordinator.intercept = () => false;
  });

  it('SD27: the entry for browsers needs nothing of Node', async () => {
    const built = await build({
      entryPoints: [resolve(import.meta.dirname, '../src/index.ts')],
      bundle: true,
      write: false,
      metafile: true,
      platform: 'browser',
      conditions: ['source'],
      format: 'esm',
    });
    const inputs = Object.keys(built.metafile.inputs);
    expect(inputs.some((path) => path.endsWith('sdk/src/gossamer.ts'))).toBe(true);
    expect(inputs.filter((path) => path.includes('/node/') || path.includes('esbuild'))).toEqual([]);
  });
});
