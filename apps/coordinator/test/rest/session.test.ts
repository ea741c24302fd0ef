import { expect, test } from 'vitest';
import { expectProblem, KEYS, serve, type Served } from './serve.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

const signIn = async (grid: Served, key: string, headers: Record<string, string> = {}) => {
  const response = await grid.raw(
    '/v1/session',
    { host: `localhost:${grid.port}`, ...JSON_TYPE, ...headers },
    'POST',
    JSON.stringify({ key }),
  );
  return {
    response,
    line: String(response.headers['set-cookie'] ?? ''),
    cookie: String(response.headers['set-cookie'] ?? '').split(';', 1)[0]!,
  };
};

test('SE1: signing in sets a cookie that scripts, other sites and other paths do not get, and that is not the key', async () => {
  const grid = await serve();
  const { response, line, cookie } = await signIn(grid, KEYS.operator);
  expect(response.status).toBe(200);
  expect(JSON.parse(response.body.toString())).toMatchObject({ role: 'operator', name: 'Olga' });
  expect(line).toMatch(/^gossamer_session=[\w-]{43}; Max-Age=43200; Path=\/v1; HttpOnly; SameSite=Strict$/);
  expect(line).not.toContain(KEYS.operator);
  const me = await grid.raw('/v1/me', { host: `localhost:${grid.port}`, cookie });
  expect(JSON.parse(me.body.toString())).toMatchObject({ name: 'Olga' });
});

test('SE2: over https the cookie is Secure', async () => {
  const grid = await serve({
    config: { publicUrl: 'https://grid.example.org', cageOrigin: null, trustProxy: 0, rateLimit: 1000 },
  });
  const { line } = await signIn(grid, KEYS.operator, { host: 'grid.example.org', origin: 'https://grid.example.org' });
  expect(line).toContain('; Secure');
});

test('SE3: with the cookie, an unsafe method must come from our own origin', async () => {
  const grid = await serve();
  const { cookie } = await signIn(grid, KEYS.operator);
  const host = `localhost:${grid.port}`;
  const make = (headers: Record<string, string>) =>
    grid.raw('/v1/keys', { host, ...JSON_TYPE, ...headers }, 'POST', JSON.stringify({ role: 'submitter', name: 'x' }));
  for (const origin of ['http://evil.example', 'null', `http://localhost:${grid.port + 1}`, `https://${host}`]) {
    await expectProblem(await make({ cookie, origin }), 'origin-forbidden');
  }
  await expectProblem(await make({ cookie }), 'origin-forbidden');
  expect((await make({ cookie, origin: `http://${host}` })).status).toBe(201);
  expect((await make({ authorization: `Bearer ${KEYS.operator}`, origin: 'http://evil.example' })).status).toBe(201);
});

test('SE4: signing in from another site is refused', async () => {
  const grid = await serve();
  const { response } = await signIn(grid, KEYS.operator, { origin: 'http://evil.example' });
  await expectProblem(response, 'origin-forbidden');
});

test('SE5: a sign-in ends by signing out, by time and with its key', async () => {
  let now = 1_000_000;
  const grid = await serve({ now: () => now, limits: { sessionMs: 5000 } });
  const host = `localhost:${grid.port}`;
  const me = (cookie: string) => grid.raw('/v1/me', { host, cookie });
  const out = await signIn(grid, KEYS.operator);
  const late = await signIn(grid, KEYS.operator);
  const left = await grid.raw('/v1/session', { host, cookie: out.cookie, origin: `http://${host}` }, 'DELETE');
  expect(left.status).toBe(204);
  expect(String(left.headers['set-cookie'])).toMatch(/^gossamer_session=; .*Path=\/v1/);
  await expectProblem(await me(out.cookie), 'key-missing');
  now += 4999;
  expect((await me(late.cookie)).status).toBe(200);
  now += 1;
  await expectProblem(await me(late.cookie), 'key-missing');
  const revoked = await signIn(grid, KEYS.submitter);
  const { id } = grid.grid.keys({ limit: 10 }).items.find((key) => key.name === 'Sue')!;
  await grid.grid.revokeKey(id);
  await expectProblem(await me(revoked.cookie), 'key-wrong');
});

test('SE6: attempts to sign in are few a minute and address, right or wrong', async () => {
  const grid = await serve({ limits: { signIns: 3 } });
  for (let i = 0; i < 3; i++) await expectProblem((await signIn(grid, 'wrong')).response, 'key-wrong');
  const { response } = await signIn(grid, KEYS.operator);
  expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
  await expectProblem(response, 'rate-limited');
  expect((await grid.call('/v1/me')).status).toBe(200);
});

test('SE7: a made-up cookie is no sign-in', async () => {
  const grid = await serve();
  const cookie = `gossamer_session=${'A'.repeat(43)}`;
  await expectProblem(await grid.raw('/v1/me', { host: `localhost:${grid.port}`, cookie }), 'key-missing');
});
