import { createHash, randomBytes } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { useGossamer } from './gossamer.ts';
import { useCoordinator } from './real-grid.ts';

/* Large uploads by the real command to the real coordinator, of which one is killed in the middle. */

const { folder, run, start, write } = useGossamer();
const { env, killCoordinator, startCoordinator } = useCoordinator(folder);

const MIB = 1024 * 1024;
const SIZE = 48 * MIB + 11;
const PIECE = 8 * MIB;

/** Between command and coordinator: counts what goes up, and lets no more through than it is told. */
const wire = {
  passed: 0,
  most: Number.POSITIVE_INFINITY,
  waiting: [] as (() => void)[],
  open(): void {
    wire.most = Number.POSITIVE_INFINITY;
    for (const go of wire.waiting.splice(0)) go();
  },
};
const proxy = createServer((client) => {
  const server: Socket = connect(Number(new URL(env().GOSSAMER_URL).port), '127.0.0.1');
  const end = (): void => void (client.destroy(), server.destroy());
  for (const socket of [client, server]) socket.on('error', end).on('close', end);
  server.pipe(client);
  client.on('data', (chunk) => {
    wire.passed += chunk.byteLength;
    server.write(chunk);
    if (wire.passed < wire.most) return;
    client.pause();
    wire.waiting.push(() => client.resume());
  });
});
const through = () => ({ ...env(), GOSSAMER_URL: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });

beforeAll(() => new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve)));
afterAll(() => void proxy.close());
beforeEach(() => {
  wire.passed = 0;
  wire.most = Number.POSITIVE_INFINITY;
});

const fileOf = (name: string): { name: string; sha256: string } => {
  const bytes = randomBytes(SIZE);
  write(name, bytes);
  return { name, sha256: createHash('sha256').update(bytes).digest('hex') };
};

const storedHash = async (sha256: string): Promise<string> => {
  const response = await fetch(`${env().GOSSAMER_URL}/v1/blobs/${sha256}`);
  return createHash('sha256')
    .update(new Uint8Array(await response.arrayBuffer()))
    .digest('hex');
};

it('UP9: kill -9 of the coordinator in the middle costs the bytes of a piece, and the command goes on by itself', async () => {
  const { name, sha256 } = fileOf('one.bin');
  wire.most = 20 * MIB;
  const { done } = start(['blobs', 'put', name], through());
  await vi.waitUntil(() => wire.passed >= wire.most, { timeout: 60_000 });
  await killCoordinator();
  wire.open();
  await startCoordinator();
  const { status, stdout, stderr } = await done;
  expect([status, stdout], stderr).toEqual([0, `${sha256}\n`]);
  expect(await storedHash(sha256)).toBe(sha256);
  // What was in the sockets, and the piece that was on its way.
  expect(wire.passed).toBeLessThan(SIZE + 2 * PIECE);
  expect(stderr).toMatch(/one\.bin: 0 of 48 MiB are there\n/);
  expect(stderr).toMatch(/one\.bin: 48 of 48 MiB are there\n/);
}, 180_000);

it('UP10: kill -9 of the command in the middle, and the same command again, send each byte once but for a piece', async () => {
  const { name, sha256 } = fileOf('two.bin');
  wire.most = 20 * MIB;
  const { child, done } = start(['blobs', 'put', name], through());
  await vi.waitUntil(() => wire.passed >= wire.most, { timeout: 60_000 });
  child.kill('SIGKILL');
  await done;
  wire.open();
  wire.passed = 0;
  const again = await run(['blobs', 'put', name], { env: through() });
  expect([again.status, again.stdout], again.stderr).toEqual([0, `${sha256}\n`]);
  expect(await storedHash(sha256)).toBe(sha256);
  expect(wire.passed).toBeLessThan(SIZE - 2 * PIECE + MIB);
  expect(again.stderr).toMatch(/two\.bin: (1[6-9]|2[0-4]) of 48 MiB are there, going on where it stopped\n/);
  // A third time there is nothing to send.
  wire.passed = 0;
  expect((await run(['blobs', 'put', name], { env: through() })).status).toBe(0);
  expect(wire.passed).toBeLessThan(MIB);
}, 180_000);

it('UP12: a large upload is told of on standard error, unless it is to be quiet; a small one is not', async () => {
  const { name } = fileOf('three.bin');
  const told = await run(['blobs', 'put', name], { env: env() });
  expect(told.stderr.trim().split('\n').length).toBeGreaterThanOrEqual(3);
  const other = fileOf('four.bin');
  expect((await run(['blobs', 'put', other.name, '--quiet'], { env: env() })).stderr).toBe('');
  write('small.bin', new Uint8Array(10));
  expect((await run(['blobs', 'put', 'small.bin'], { env: env() })).stderr).toBe('');
}, 120_000);
