import { JobView, KeyCreated, type ResultView } from '@gossamer/protocol';
import fc, { type JsonValue } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectProblem, KEYS, PROGRAM, serve, sha256 } from './serve.ts';

const SOURCE = { kind: 'range', start: 0, stop: 3 };

describe('jobs', () => {
  test('RS1: a job is created, located, listed and read as one and the same view', async () => {
    const grid = await serve();
    const program = await grid.upload(PROGRAM);
    const created = await grid.post('/v1/jobs', { name: 'A job', program, source: SOURCE });
    const job = JobView.parse(await created.json());
    expect(created.headers.get('location')).toBe(`/v1/jobs/${job.id}`);
    expect(job).toMatchObject({
      name: 'A job',
      submitter: 'Sue',
      state: 'running',
      policy: { kind: 'quorum', quorum: 2 },
    });
    expect(await (await grid.call(`/v1/jobs/${job.id}`)).json()).toEqual(job);
    expect(await (await grid.call('/v1/jobs')).json()).toEqual({ items: [job], next: null });
    expect(await (await grid.call('/v1/jobs?state=held')).json()).toEqual({ items: [], next: null });
  });

  test('RS12: whatever a spec holds comes back as it was sent, and is taken again', async () => {
    const grid = await serve();
    const program = await grid.upload(PROGRAM);
    // What JSON itself does not keep, and what is refused as a poisoned prototype.
    const value = fc.jsonValue({ maxDepth: 4 }).map((drawn) => JSON.parse(JSON.stringify(drawn)) as JsonValue);
    const clean = value.filter((drawn) => !/"(__proto__|constructor)"/.test(JSON.stringify(drawn)));
    const spec = fc.record(
      {
        name: fc.string({ minLength: 1, maxLength: 50, unit: 'grapheme' }).map((text) => `n${text.trim()}`),
        params: clean,
        source: fc.record({
          kind: fc.constant('list' as const),
          items: fc.array(clean, { minLength: 1, maxLength: 5 }),
        }),
        seed: fc.nat(0xffff_ffff),
        weight: fc.double({ min: 1e-6, max: 1000, noNaN: true }),
        chunkSeconds: fc.option(fc.double({ min: 0.1, max: 3600, noNaN: true })),
        priority: fc.integer({ min: -10, max: 10 }),
        sameClass: fc.boolean(),
        reduce: fc.boolean(),
        retention: fc.option(fc.double({ min: 0, max: 36_500, noNaN: true })),
        policy: fc.record({ kind: fc.constant('quorum' as const), quorum: fc.integer({ min: 1, max: 16 }) }),
        limits: fc.record({ maxErrors: fc.integer({ min: 1, max: 100 }) }),
      },
      { requiredKeys: ['name', 'source'] },
    );
    const made = async (body: object) => {
      const response = await grid.post('/v1/jobs', body);
      expect([response.status, JSON.stringify(body)]).toEqual([201, JSON.stringify(body)]);
      const { id } = (await response.json()) as JobView;
      return (await (await grid.call(`/v1/jobs/${id}/spec`)).json()) as object;
    };
    await fc.assert(
      fc.asyncProperty(spec, async (drawn) => {
        const sent = { ...drawn, program };
        const read = await made(sent);
        expect(read).toMatchObject(JSON.parse(JSON.stringify(sent)) as object);
        expect(await made(read)).toEqual(read);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  test('RS2: hold, release and cancel work with a reason, without one and without a body', async () => {
    const grid = await serve();
    const { id } = await grid.submit();
    const state = async (response: Response) => {
      expect(response.status).toBe(200);
      const { state, reason } = (await response.json()) as JobView;
      return [state, reason];
    };
    expect(await state(await grid.post(`/v1/jobs/${id}/hold`, { reason: 'wait' }))).toEqual(['held', 'wait']);
    expect(await state(await grid.call(`/v1/jobs/${id}/release`, { method: 'POST' }))).toEqual(['running', null]);
    expect(await state(await grid.call(`/v1/jobs/${id}/hold`, { method: 'POST' }))).toEqual(['held', '']);
    expect(await state(await grid.post(`/v1/jobs/${id}/cancel`, {}))).toEqual(['cancelled', '']);
    await expectProblem(await grid.post(`/v1/jobs/${id}/hold`, {}), 'job-cancelled');
  });

  test('RS3: independence is changed field by field', async () => {
    const grid = await serve();
    const { id } = await grid.submit();
    const response = await grid.call(`/v1/jobs/${id}`, {
      method: 'PATCH',
      body: JSON.stringify({ independence: { prefix: false } }),
      headers: { 'content-type': 'application/json' },
    });
    expect(((await response.json()) as JobView).independence).toEqual({ device: true, volunteer: true, prefix: false });
  });

  test('RS4: units, their facts and those of the job come by pages', async () => {
    const grid = await serve();
    const { id } = await grid.submit();
    grid.grid.finish(id, 'one');
    const get = async (path: string) => (await grid.call(`/v1/jobs/${id}${path}`)).json();
    expect(await get('/units?limit=2')).toMatchObject({ items: [{ index: 0 }, { index: 1 }], next: '2' });
    expect(await get('/units?limit=2&after=2')).toMatchObject({ items: [{ index: 2 }], next: null });
    expect(await get('/units?state=validated')).toMatchObject({ items: [{ index: 0, state: 'validated' }] });
    expect(await get('/units/0')).toMatchObject({ index: 0, state: 'validated' });
    expect(await get('/units/0/facts')).toMatchObject({ items: [{ fact: 2, kind: 'unit-validated' }], next: null });
    expect(await get('/facts?limit=1')).toMatchObject({ items: [{ fact: 1 }], next: '1' });
    expect(await get('/facts?after=1')).toMatchObject({ items: [{ fact: 2 }], next: null });
    await expectProblem(await grid.call(`/v1/jobs/${id}/units/3`), 'unit-unknown');
    await expectProblem(await grid.call(`/v1/jobs/${id}/units?after=nonsense`), 'cursor-invalid');
  });

  test('RS5: results come by pages, and one by one with media type and ETag', async () => {
    const grid = await serve();
    const { id } = await grid.submit();
    grid.grid.finish(id, 'text');
    grid.grid.finish(id, new Uint8Array([0, 1, 255]));
    const page = (await (await grid.call(`/v1/jobs/${id}/results?limit=1`)).json()) as { items: ResultView[] };
    expect(page).toEqual({ items: [{ unit: 0, cursor: '1', output: 'text' }], next: '1' });
    const json = await grid.call(`/v1/jobs/${id}/units/0/result`);
    expect(json.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await json.json()).toBe('text');
    const bytes = await grid.call(`/v1/jobs/${id}/units/1/result`);
    expect(bytes.headers.get('content-type')).toBe('application/octet-stream');
    expect(bytes.headers.get('x-content-type-options')).toBe('nosniff');
    expect(new Uint8Array(await bytes.arrayBuffer())).toEqual(new Uint8Array([0, 1, 255]));
    const etag = bytes.headers.get('etag')!;
    expect(etag).toBe(`"${sha256(new Uint8Array([0, 1, 255]))}"`);
    const again = await grid.call(`/v1/jobs/${id}/units/1/result`, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    await expectProblem(await grid.call(`/v1/jobs/${id}/units/2/result`), 'result-pending');
  });

  test('RS6: a submitter sees no job of another one, an operator sees all', async () => {
    const grid = await serve();
    const { id } = await grid.submit();
    for (const path of [
      '',
      '/units',
      '/units/0',
      '/units/0/facts',
      '/units/0/result',
      '/facts',
      '/results',
      '/events',
    ]) {
      await expectProblem(await grid.call(`/v1/jobs/${id}${path}`, { key: KEYS.other }), 'job-unknown');
    }
    const stream = { headers: { accept: 'application/x-ndjson' }, key: KEYS.other };
    await expectProblem(await grid.call(`/v1/jobs/${id}/results?follow=true`, stream), 'job-unknown');
    await expectProblem(await grid.post(`/v1/jobs/${id}/cancel`, {}, KEYS.other), 'job-unknown');
    expect(await (await grid.call('/v1/jobs', { key: KEYS.other })).json()).toEqual({ items: [], next: null });
    expect((await grid.call(`/v1/jobs/${id}`, { key: KEYS.operator })).status).toBe(200);
    expect(grid.grid.watchers).toBe(0);
  });
});

describe('keys and the grid', () => {
  test('RS7: an operator makes, lists and revokes keys; a revoked key is refused at once', async () => {
    const grid = await serve();
    const response = await grid.post('/v1/keys', { role: 'submitter', name: 'New' }, KEYS.operator);
    expect(response.status).toBe(201);
    const { id, secret } = KeyCreated.parse(await response.json());
    const list = await (await grid.call('/v1/keys', { key: KEYS.operator })).text();
    expect(list).toContain(id);
    expect(list).not.toContain(secret);
    expect(await (await grid.call('/v1/me', { key: secret })).json()).toEqual({
      key: id,
      role: 'submitter',
      name: 'New',
      quotas: {
        blobBytes: { limit: null, used: 0 },
        resultBytes: { limit: null, used: 0 },
        openJobs: { limit: null, used: 0 },
        units: { limit: null, used: 0 },
      },
    });
    const revoked = await grid.call(`/v1/keys/${id}`, { method: 'DELETE', key: KEYS.operator });
    expect(await revoked.json()).toMatchObject({ id, revokedAt: 2 });
    await expectProblem(await grid.call('/v1/me', { key: secret }), 'key-wrong');
    const unknown = await grid.call(`/v1/keys/${id.replace(/.$/, (end) => (end === '0' ? '1' : '0'))}`, {
      method: 'DELETE',
      key: KEYS.operator,
    });
    await expectProblem(unknown, 'key-unknown');
  });

  test('RS8: the grid is described to anybody, its devices and statistics to operators', async () => {
    const grid = await serve();
    expect(await (await grid.call('/v1/grid', { key: null })).json()).toMatchObject({
      name: 'A test',
      operator: 'Tess',
    });
    expect(await (await grid.call('/v1/devices', { key: KEYS.operator })).json()).toEqual({ items: [], next: null });
    expect(await (await grid.call('/v1/stats', { key: KEYS.operator })).json()).toMatchObject({ store: 'memory' });
  });
});
