import { type JobSpecInput, LIMITS, PROBLEMS, ProblemError, type ProblemCode } from '@gossamer/protocol';
import fc from 'fast-check';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { takeUndeclared } from '../harness/declared-problems.ts';
import { expectProblem, KEYS, PROGRAM, serve, sha256 } from './serve.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const spec = (change: object = {}): object => ({
  name: 'A job',
  program: sha256(PROGRAM),
  source: { kind: 'range', start: 0, stop: 3 },
  ...change,
});

describe('bodies', () => {
  test('BI1: a body that is no JSON, empty, or poisons a prototype is refused', async () => {
    const grid = await serve();
    for (const body of ['{"name": ', '', 'null,', '{"__proto__": {"a": 1}}', '\u0000\u0001']) {
      const response = await grid.call('/v1/jobs', { method: 'POST', body, headers: JSON_TYPE });
      await expectProblem(response, 'body-malformed');
    }
    expect(({} as { a?: number }).a).toBeUndefined();
  });

  test('BI2: a body over the limit is refused, with its length told or not', async () => {
    const grid = await serve();
    const body = JSON.stringify(spec({ params: 'x'.repeat(LIMITS.body) }));
    await expectProblem(await grid.call('/v1/jobs', { method: 'POST', body, headers: JSON_TYPE }), 'body-too-large');
    const stream = new Blob([body]).stream();
    const init = { method: 'POST', body: stream, headers: JSON_TYPE, duplex: 'half' } as RequestInit;
    await expectProblem(await grid.call('/v1/jobs', init), 'body-too-large');
    expect((await grid.call('/v1/jobs')).status).toBe(200);
  });

  test('BI3: a body of another media type is refused', async () => {
    const grid = await serve();
    for (const type of ['text/csv', 'application/x-www-form-urlencoded', 'application/xml']) {
      const init = { method: 'POST', body: '{}', headers: { 'content-type': type } };
      await expectProblem(await grid.call('/v1/jobs', init), 'media-type-unsupported');
    }
  });

  test('BI4: unknown fields are refused and named, at every depth', async () => {
    const grid = await serve();
    const paths = async (body: object) =>
      (await expectProblem(await grid.post('/v1/jobs', body), 'request-invalid')).errors!.map((error) => error.path);
    expect(await paths(spec({ nmae: 1, extra: 2 }))).toEqual(['body.nmae', 'body.extra']);
    expect(await paths(spec({ limits: { deadline: 5 } }))).toEqual(['body.limits.deadline']);
    expect(await paths(spec({ source: { kind: 'range', start: 0, stop: 3, stpe: 1 } }))).toEqual(['body.source.stpe']);
    const { id } = await grid.submit();
    const hold = await grid.post(`/v1/jobs/${id}/hold`, { why: 'x' });
    expect((await expectProblem(hold, 'request-invalid')).errors![0]!.path).toBe('body.why');
    const release = await grid.post(`/v1/jobs/${id}/release`, { reason: 'x', why: 'x' });
    expect((await expectProblem(release, 'request-invalid')).errors![0]!.path).toBe('body.why');
  });

  test('BI5: a field that does not fit is named with what is wrong', async () => {
    const grid = await serve();
    const problem = await expectProblem(
      await grid.post('/v1/jobs', spec({ limits: { deadlineMs: 1 }, program: 'abc', name: ' ' })),
      'request-invalid',
    );
    expect(problem.errors!.map((error) => error.path).sort()).toEqual([
      'body.limits.deadlineMs',
      'body.name',
      'body.program',
    ]);
    for (const { message } of problem.errors!) expect(message.length).toBeGreaterThan(5);
  });

  test('BI6: queries and paths are checked as strictly', async () => {
    const grid = await serve();
    const paths = async (path: string) =>
      (await expectProblem(await grid.call(path), 'request-invalid')).errors!.map((error) => error.path);
    expect(await paths('/v1/jobs?limit=0')).toEqual(['query.limit']);
    expect(await paths('/v1/jobs?limit=1001')).toEqual(['query.limit']);
    expect(await paths('/v1/jobs?limmit=5')).toEqual(['query.limmit']);
    expect(await paths('/v1/jobs?state=asleep')).toEqual(['query.state']);
    expect(await paths('/v1/jobs/17')).toEqual(['path.id']);
    const { id } = await grid.submit();
    expect(await paths(`/v1/jobs/${id}/units/-1`)).toEqual(['path.index']);
    expect(await paths(`/v1/jobs/${id}/units/1.5`)).toEqual(['path.index']);
    expect(await paths(`/v1/jobs/${id}/units/4294967296`)).toEqual(['path.index']);
    expect(await paths(`/v1/jobs/${id}/facts?after=-1`)).toEqual(['query.after']);
  });

  test('BI7: whatever JSON is sent to create a job, the answer is a job or a problem of the registry', async () => {
    const grid = await serve();
    await grid.upload(PROGRAM);
    const parts = fc.record(
      {
        name: fc.oneof(fc.string(), fc.jsonValue()),
        program: fc.constantFrom(sha256(PROGRAM), sha256('none'), 7),
        source: fc.oneof(
          fc.record({ kind: fc.constant('range'), start: fc.integer(), stop: fc.integer(), step: fc.integer() }),
          fc.record({ kind: fc.constant('list'), items: fc.jsonValue() }),
          fc.jsonValue(),
        ),
        limits: fc.jsonValue(),
        policy: fc.jsonValue(),
        params: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const codes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.oneof(parts, fc.jsonValue()), async (body) => {
        const response = await grid.post('/v1/jobs', body);
        const answer = (await response.json()) as { code?: string };
        codes.add(answer.code ?? 'created');
        expect(response.status).not.toBe(500);
        if (response.status !== 201) expect(Object.keys(PROBLEMS)).toContain(answer.code);
      }),
      { numRuns: 200 },
    );
    expect(codes).toContain('request-invalid');
  });
});

describe('what the grid refuses', () => {
  test('BI8: a source without units and a program that was never uploaded are refused, and no job is made', async () => {
    const grid = await serve();
    await expectProblem(await grid.post('/v1/jobs', spec()), 'blob-unknown');
    await grid.upload(PROGRAM);
    const sources: JobSpecInput['source'][] = [
      { kind: 'range', start: 3, stop: 3 },
      { kind: 'list', items: [] },
    ];
    for (const source of sources) await expectProblem(await grid.post('/v1/jobs', spec({ source })), 'source-empty');
    expect(await (await grid.call('/v1/jobs')).json()).toEqual({ items: [], next: null });
  });

  test('BI9: every error of the registry that the grid throws comes with its status, title, detail and fields', async () => {
    const grid = await serve();
    await grid.upload(PROGRAM);
    for (const code of Object.keys(PROBLEMS) as ProblemCode[]) {
      if (code === 'internal') continue;
      grid.grid.createJob = async () => {
        throw new ProblemError(code, 'line 7', [{ path: 'body.source', message: 'look here' }]);
      };
      const problem = await expectProblem(await grid.post('/v1/jobs', spec()), code);
      expect(problem).toMatchObject({
        title: PROBLEMS[code].title,
        status: PROBLEMS[code].status,
        detail: 'line 7',
        errors: [{ path: 'body.source', message: 'look here' }],
        instance: expect.stringMatching(/^urn:uuid:/),
      });
    }
    // No grid throws them all there.
    expect(takeUndeclared()).toContain('POST /v1/jobs: job-open');
  });

  test('BI10: an unexpected error tells nothing but the id under which it is logged', async () => {
    const grid = await serve();
    grid.grid.jobs = () => {
      throw new Error('secret of /var/lib/grid.sqlite');
    };
    const response = await grid.call('/v1/jobs');
    const problem = await expectProblem(response, 'internal');
    expect(JSON.stringify(problem)).not.toContain('secret');
    const id = problem.instance!.replace('urn:uuid:', '');
    expect(response.headers.get('x-request-id')).toBe(id);
    expect(grid.logged.some((line) => line.includes(id) && line.includes('secret of'))).toBe(true);
  });

  test('BI11: an answer that does not fit its schema is an internal error, not a leak', async () => {
    const grid = await serve();
    grid.grid.view = () => ({ ...grid.grid.keys({ limit: 1 }).items[0], passwords: 'x' }) as never;
    await expectProblem(await grid.call('/v1/grid'), 'internal');
  });
});

describe('requests', () => {
  test('BI12: a path or method that is not served is a problem, for anybody', async () => {
    const grid = await serve();
    for (const [method, path] of [
      ['GET', '/v1/nothing'],
      ['DELETE', '/v1/jobs'],
      ['GET', '/nothing'],
      ['POST', '/'],
      ['GET', '/v1/%E0%A4%A'],
    ]) {
      await expectProblem(await grid.call(path!, { method: method!, key: null }), 'route-unknown');
    }
  });

  test('BI13: bytes that are no HTTP are answered by a problem, and the coordinator goes on', async () => {
    const grid = await serve();
    const socket = connect(grid.port, '127.0.0.1');
    socket.write('\u0016\u0003\u0001 hello\r\n\r\n');
    let text = '';
    socket.on('data', (chunk) => void (text += chunk.toString()));
    await new Promise((resolve) => socket.once('close', resolve));
    expect(text).toMatch(/^HTTP\/1\.1 400 .*application\/problem\+json/s);
    expect(text).toContain('"code":"request-invalid"');
    expect((await grid.call('/v1/jobs', { key: KEYS.operator })).status).toBe(200);
  });
});
