import { describe, expect, test } from 'vitest';
import { expectProblem, KEYS, serve } from './serve.ts';

describe('who may call what', () => {
  test('AU3: a route of the API that declares no access does not start', async () => {
    const { recordRoutes } = await import('../../src/http/route-config.ts');
    const { fastify } = await import('fastify');
    const app = fastify();
    recordRoutes(app);
    expect(() => app.get('/v1/secret', async () => 'x')).toThrow('declares no access');
  });

  test('AU9: a route of a job is shut to others even when what it asks forgets to look', async () => {
    const grid = await serve();
    const { id } = await grid.submit();
    grid.grid.units = () => ({ items: [], next: null });
    expect((await grid.call(`/v1/jobs/${id}/units`)).status).toBe(200);
    await expectProblem(await grid.call(`/v1/jobs/${id}/units`, { key: KEYS.other }), 'job-unknown');
  });

  test('AU4: a refusal says how to send a key, and other schemes count as none', async () => {
    const grid = await serve();
    const basic = await grid.call('/v1/me', { key: null, headers: { authorization: 'Basic eDp5' } });
    expect(basic.headers.get('www-authenticate')).toBe('Bearer realm="gossamer"');
    await expectProblem(basic, 'key-missing');
  });

  test('AU5: a body is not read before the key was found good', async () => {
    const grid = await serve();
    const response = await grid.call('/v1/jobs', {
      method: 'POST',
      key: 'a-key-of-nobody',
      body: '{"no json',
      headers: { 'content-type': 'application/json' },
    });
    await expectProblem(response, 'key-wrong');
  });
});
