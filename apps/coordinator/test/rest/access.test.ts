import { describe, expect, test } from 'vitest';
import type { Access, RouteEntry } from '../../src/http/route-config.ts';
import { expectProblem, KEYS, serve } from './serve.ts';

const ID = 'job_01890000-0000-7000-8000-000000000000';
const KEY = 'key_01890000-0000-7000-8000-000000000000';

const fill = (route: RouteEntry): string => {
  const id = route.url.includes('/keys/') ? KEY : ID;
  return route.url.replace(':id', id).replace(':index', '0').replace(':sha256', '0'.repeat(64)).replace('*', 'x');
};

/** The whole table of what each role may call; a new route must be added here as well. */
const TABLE: Record<string, Access> = {
  'POST /v1/jobs': 'key',
  'GET /v1/jobs': 'key',
  'GET /v1/jobs/:id': 'key',
  'PATCH /v1/jobs/:id': 'key',
  'POST /v1/jobs/:id/hold': 'key',
  'POST /v1/jobs/:id/release': 'key',
  'POST /v1/jobs/:id/cancel': 'key',
  'GET /v1/jobs/:id/units': 'key',
  'GET /v1/jobs/:id/units/:index': 'key',
  'GET /v1/jobs/:id/units/:index/facts': 'key',
  'GET /v1/jobs/:id/units/:index/result': 'key',
  'GET /v1/jobs/:id/facts': 'key',
  'GET /v1/jobs/:id/results': 'key',
  'GET /v1/jobs/:id/events': 'key',
  'GET /v1/events': 'operator',
  'PUT /v1/blobs/:sha256': 'key',
  'GET /v1/blobs/:sha256': 'public',
  'GET /v1/keys': 'operator',
  'POST /v1/keys': 'operator',
  'DELETE /v1/keys/:id': 'operator',
  'GET /v1/devices': 'operator',
  'GET /v1/stats': 'operator',
  'GET /v1/grid': 'public',
  'GET /v1/me': 'key',
  'POST /v1/session': 'public',
  'DELETE /v1/session': 'key',
  'OPTIONS /v1/*': 'public',
};

const named = (route: RouteEntry): string => `${route.method === 'HEAD' ? 'GET' : route.method} ${route.url}`;

describe('who may call what', () => {
  test('AU1: every route of the API is in the table of roles, and the table holds no other', async () => {
    const { app } = await serve();
    const api = app.routeTable.filter((route) => route.url.startsWith('/v1'));
    expect(Object.fromEntries(api.map((route) => [named(route), route.access]))).toEqual(TABLE);
  });

  test('AU2: every route refuses whom the table refuses, for each role, and nobody else', async () => {
    const grid = await serve();
    const roles = { none: null, wrong: 'a-key-of-nobody', submitter: KEYS.submitter, operator: KEYS.operator };
    let refused = 0;
    for (const route of grid.app.routeTable.filter((entry) => entry.url.startsWith('/v1'))) {
      for (const [role, key] of Object.entries(roles)) {
        const response = await grid.call(fill(route), {
          method: route.method,
          key,
          signal: AbortSignal.timeout(30_000),
        });
        const said = `${route.method} ${route.url} as ${role}: ${response.status}`;
        const wanted =
          route.access === 'public'
            ? null
            : role === 'none'
              ? 'key-missing'
              : role === 'wrong'
                ? 'key-wrong'
                : role === 'submitter' && route.access === 'operator'
                  ? 'role-forbidden'
                  : null;
        if (wanted === null) {
          expect([401, 403], said).not.toContain(response.status);
        } else {
          refused++;
          if (route.method === 'HEAD') expect([401, 403], said).toContain(response.status);
          else expect((await expectProblem(response, wanted)).code, said).toBe(wanted);
        }
        if (!response.bodyUsed) await response.body?.cancel();
      }
    }
    expect(refused).toBeGreaterThan(60);
  });

  test('AU3: a route of the API that declares no access does not start', async () => {
    const { recordRoutes } = await import('../../src/http/route-config.ts');
    const { fastify } = await import('fastify');
    const app = fastify();
    recordRoutes(app);
    expect(() => app.get('/v1/secret', async () => 'x')).toThrow('declares no access');
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
