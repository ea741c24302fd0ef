import type { KeyCreated, KeyView } from '@gossamer/protocol';
import { once } from 'node:events';
import { chmodSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig, redacted } from '../../src/config.ts';
import { openStores, startCoordinator } from '../../src/start.ts';
import { Child, withKey } from '../harness/child.ts';
import { FaultyLog } from '../harness/faulty-log.ts';
import { afterwards, eventually, OPERATOR_KEY, startGrid, temporaryDirectory } from '../harness/grid.ts';

const SUBMITTER_KEY = 'submitter-key-of-these-tests';
const me = async (port: number, key: string): Promise<unknown> => {
  const response = await fetch(`http://127.0.0.1:${port}/v1/me`, { headers: { authorization: `Bearer ${key}` } });
  return response.ok ? ((await response.json()) as { role: string }).role : response.status;
};

test('LI1: the first start makes two keys and prints them once, with the way to replace them; the second makes none', async () => {
  const data = temporaryDirectory();
  const first = new Child({ GOSSAMER_DATA: data });
  const { keys, port } = await first.ready;
  expect(keys.map(({ role }) => role)).toEqual(['operator', 'submitter']);
  for (const { role, secret } of keys) {
    expect(first.stdout.split(secret)).toHaveLength(2);
    expect(await me(port, secret)).toBe(role);
  }
  expect(first.stdout).toContain('To replace one');
  expect(await first.kill('SIGTERM')).toBe(0);
  for (const file of readdirSync(data)) {
    if (!file.includes('.db')) continue;
    for (const { secret } of keys) expect(readFileSync(join(data, file)).includes(secret), file).toBe(false);
  }
  const second = new Child({ GOSSAMER_DATA: data });
  const ready = await second.ready;
  expect(ready.keys).toEqual([]);
  expect(second.stdout).not.toMatch(/gso_|gss_|key /);
  for (const { role, secret } of keys) expect(await me(ready.port, secret)).toBe(role);
});

test('LI2: configured keys are taken instead, are not printed, and stay the same at the next start', async () => {
  const env = { GOSSAMER_SUBMITTER_KEY: SUBMITTER_KEY };
  const before = await startGrid({ env });
  expect(before.coordinator.madeKeys).toEqual([]);
  const grid = await before.restart();
  expect(await me(grid.port, OPERATOR_KEY)).toBe('operator');
  expect(await me(grid.port, SUBMITTER_KEY)).toBe('submitter');
  const { items } = await grid.rest.json<{ items: object[] }>('GET', '/v1/keys');
  expect(items).toHaveLength(2);
});

test('LI3: a configured key that is known in another role is refused, not taken for it', async () => {
  const data = temporaryDirectory();
  const first = await startGrid({ data, env: { GOSSAMER_SUBMITTER_KEY: SUBMITTER_KEY } });
  await first.coordinator.close();
  await expect(startGrid({ data, env: { GOSSAMER_OPERATOR_KEY: SUBMITTER_KEY } })).rejects.toThrow(
    /known as a submitter's/,
  );
});

test('LI25: a configured key that was revoked, or has expired, is good no more, in any role: the start is refused and makes nothing', async () => {
  let now = Date.now();
  const start = { data: temporaryDirectory(), wall: () => now };
  const first = await startGrid({ ...start, env: { GOSSAMER_SUBMITTER_KEY: SUBMITTER_KEY } });
  const { rest } = first;
  const { items } = await rest.json<{ items: KeyView[] }>('GET', '/v1/keys');
  await rest.json('DELETE', `/v1/keys/${items.find(({ role }) => role === 'submitter')!.id}`);
  const expiring = { role: 'submitter', name: 'for an hour', expiresAt: now + 3_600_000 };
  const { secret } = await rest.json<KeyCreated>('POST', '/v1/keys', expiring);
  await first.coordinator.close();
  // It would be good for as long as it was configured.
  const env = { GOSSAMER_SUBMITTER_KEY: secret };
  await (await startGrid({ ...start, env })).coordinator.close();

  const another = 'another-operator-key-of-these-tests';
  const refusedWith = (given: Record<string, string>, words: RegExp) =>
    // With an operator's key that would be made.
    expect(startGrid({ ...start, env: { GOSSAMER_OPERATOR_KEY: another, ...given } })).rejects.toThrow(words);
  await refusedWith({ GOSSAMER_SUBMITTER_KEY: SUBMITTER_KEY }, /GOSSAMER_SUBMITTER_KEY was revoked; configure another/);
  await refusedWith({ GOSSAMER_OPERATOR_KEY: SUBMITTER_KEY }, /GOSSAMER_OPERATOR_KEY is known as a submitter's/);
  now += 3_600_000;
  await refusedWith(env, /GOSSAMER_SUBMITTER_KEY has expired; configure another/);

  const last = await startGrid(start);
  for (const key of [SUBMITTER_KEY, secret, another]) expect(await me(last.port, key)).toBe(401);
  expect((await last.rest.json<{ items: object[] }>('GET', '/v1/keys')).items).toHaveLength(4);
});

test('LI4: a start that fails prints no keys and makes none; it lets go of its data', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  afterwards(() => void taken.close());
  const data = temporaryDirectory();
  const port = String((taken.address() as AddressInfo).port);
  const config = readConfig({
    GOSSAMER_DATA: data,
    GOSSAMER_PORT: port,
    GOSSAMER_LOG_LEVEL: 'silent',
    GOSSAMER_PAGES: '0',
  });
  await expect(startCoordinator(config)).rejects.toThrow(/EADDRINUSE/);
  const second = await startCoordinator({ ...config, port: 0 });
  afterwards(() => second.close());
  expect(second.madeKeys).toHaveLength(2);
});

test('LI5: a data directory that is in use is refused in words, with an exit code, and its owner goes on', async () => {
  const data = temporaryDirectory();
  const owner = withKey(data);
  const { port } = await owner.ready;
  const second = withKey(data);
  expect(await second.ended).toBe(1);
  expect(second.stderr).toMatch(/another coordinator is running on this data directory/);
  expect(second.stderr).not.toMatch(/\n\s+at /);
  expect(await me(port, OPERATOR_KEY)).toBe('operator');
});

test('LI6: a configuration that does not fit ends the start with the name of every variable', async () => {
  const child = new Child({
    GOSSAMER_DATA: temporaryDirectory(),
    GOSSAMER_PORT: '70000',
    GOSSAMER_TRUST_PROXY: 'yes',
    GOSSAMER_LOG_LEVEL: 'loud',
    GOSSAMER_PUBLIC_URL: 'mailto:somebody@example.org',
    GOSSAMER_CAGE_ORIGIN: 'https://cage.example.org',
    GOSSAMER_OPERATOR_KEY: 'short',
    GOSSAMER_PAGES: 'maybe',
    GOSSAMER_HEARTBEAT_MS: '1.5',
  });
  expect(await child.ended).toBe(1);
  for (const name of [
    'PORT',
    'TRUST_PROXY',
    'LOG_LEVEL',
    'PUBLIC_URL',
    'CAGE_ORIGIN',
    'OPERATOR_KEY',
    'PAGES',
    'HEARTBEAT_MS',
  ]) {
    expect(child.stderr).toContain(`  GOSSAMER_${name}: `);
  }
  expect(child.stderr.trim().split('\n')).toHaveLength(9);
});

test('LI7: an empty variable is one that is not set; a public URL is kept as its origin', () => {
  expect(readConfig({ GOSSAMER_PORT: '', GOSSAMER_DATA: '', GOSSAMER_PUBLIC_URL: '' })).toMatchObject({
    port: 8080,
    data: 'data',
    publicUrl: null,
  });
  expect(readConfig({ GOSSAMER_PUBLIC_URL: 'https://Grid.example.org/' }).publicUrl).toBe('https://grid.example.org');
  for (const wrong of [
    'https://grid.example.org/path',
    'ftp://grid.example.org',
    'grid.example.org',
    'https://',
    'https://*.example.org',
  ]) {
    expect(() => readConfig({ GOSSAMER_PUBLIC_URL: wrong }), wrong).toThrow('GOSSAMER_PUBLIC_URL');
  }
  const key = 'k'.repeat(20);
  expect(() => readConfig({ GOSSAMER_OPERATOR_KEY: key, GOSSAMER_SUBMITTER_KEY: key })).toThrow(
    'GOSSAMER_SUBMITTER_KEY',
  );
});

test('LI8: the configuration can be printed: secrets are named, not shown', () => {
  const config = readConfig({ GOSSAMER_OPERATOR_KEY: OPERATOR_KEY, GOSSAMER_GRID_NAME: 'Ours' });
  const text = JSON.stringify(redacted(config));
  expect(text).not.toContain(OPERATOR_KEY);
  expect(redacted(config)).toMatchObject({ operatorKey: '(set)', submitterKey: null, gridName: 'Ours' });
});

test('LI9: while the logs are read it is alive and not ready; when it is ready, everything is there', async () => {
  const before = await startGrid();
  const { id } = await before.rest.submit(3);
  await before.coordinator.close();
  let go = (): void => {};
  const waits = new Promise<void>((resolve) => (go = resolve));
  let port = 0;
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  port = (taken.address() as AddressInfo).port;
  taken.close();
  await once(taken, 'close');
  const starting = startGrid({
    data: before.data,
    env: { GOSSAMER_PORT: String(port) },
    open: async (config) => {
      const { stores } = new FaultyLog(await openStores(config));
      const { log } = stores;
      const slow = new Proxy(log, {
        get: (target, name) => {
          if (name !== 'read') return Reflect.get(target, name) as unknown;
          return async function* (shard: number, after: number) {
            if (shard > 0) await waits;
            yield* target.read(shard, after);
          };
        },
      });
      return { ...stores, log: slow };
    },
  });
  const status = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  await eventually(async () => expect(await status('/healthz')).toBe(200));
  expect([await status('/readyz'), await status('/v1/grid')]).toEqual([503, 503]);
  go();
  const grid = await starting;
  expect(await status('/readyz')).toBe(200);
  expect((await grid.rest.job(id)).units.total).toBe(3);
});

test.runIf(process.platform !== 'win32')(
  'LI24: a start makes a data directory its own; one that holds other things keeps its mode, and a warning says so',
  async () => {
    const data = temporaryDirectory();
    const modes = () => [data, join(data, 'log.db')].map((path) => (statSync(path).mode & 0o777).toString(8));
    const run = async (): Promise<string> => {
      const child = withKey(data, { GOSSAMER_LOG_LEVEL: 'warn' });
      await child.ready;
      expect(await child.kill('SIGTERM')).toBe(0);
      return child.stdout;
    };
    chmodSync(data, 0o755);
    expect(await run()).not.toContain('other users');
    expect(modes()).toEqual(['700', '600']);
    chmodSync(data, 0o755);
    chmodSync(join(data, 'log.db'), 0o644);
    writeFileSync(join(data, 'thesis.tex'), '');
    const said = await run();
    expect(said).toContain('other users of this machine may get at the secrets of the grid');
    expect(said).toContain(JSON.stringify({ path: data, mode: '0755' }).slice(1, -1));
    expect(said).toContain('thesis.tex');
    expect(modes()).toEqual(['755', '600']);
  },
);
