import { wasmModule } from '@gossamer/program/testing';
import { Gossamer } from '@gossamer/sdk';
import { until } from '@gossamer/sdk/testing';
import { beforeAll, expect, it } from 'vitest';
import { ndjson, useGossamer } from './gossamer.ts';
import { useCoordinator } from './real-grid.ts';

const { folder, run, start, write } = useGossamer();
const { env, killCoordinator, operator, startCoordinator } = useCoordinator(folder);

beforeAll(() => write('double.ts', 'export const run = (x: number) => x * 2;'));

it('CL25: a job is made, listed, held, released, watched across kill -9, and cancelled', async () => {
  const created = await run(['jobs', 'create', 'double.ts', '--range', '0..5', '--detach'], { env: env() });
  expect(created).toMatchObject({ status: 0 });
  const id = created.stdout.trim();
  expect((await run(['jobs', 'show', id], { env: env() })).stdout).toContain('5 pending');
  expect((await run(['jobs', 'hold', id, '--reason', 'night'], { env: env() })).stdout).toContain('held: night');
  const { child: watching, done } = start(['jobs', 'watch', id, '--json'], env());
  let seen = '';
  watching.stdout!.on('data', (chunk) => (seen += String(chunk)));
  await until(() => seen.includes('\n'));
  await killCoordinator();
  await startCoordinator();
  expect((await run(['jobs', 'release', id], { env: env() })).stdout).toMatch(/state\trunning/);
  expect((await run(['jobs', 'results', id, '--no-follow'], { env: env() })).stdout).toBe('');
  expect((await run(['jobs', 'cancel', id, '--reason', 'enough'], { env: env() })).status).toBe(0);
  const watched = await done;
  expect(watched.status).toBe(1);
  const states = (ndjson(watched.stdout) as { state: string; reason: string | null }[]).map(({ state }) => state);
  expect(states[0]).toBe('held');
  expect(states.at(-1)).toBe('cancelled');
  expect(await run(['jobs', 'results', id], { env: env() })).toMatchObject({ status: 1 });
}, 180_000);

it('CL25: large standard input goes up as a blob; keys, devices and roles are as documented', async () => {
  const stdin = Array.from({ length: 150_000 }, (_, i) => `${i}\n`).join('');
  const mapped = await run(['map', 'double.ts', '--detach'], { stdin, env: env() });
  expect(mapped.status).toBe(0);
  const shown = await run(['jobs', 'show', mapped.stdout.trim(), '--json'], { env: env() });
  expect(ndjson(shown.stdout)).toMatchObject([{ units: { total: 150_000 } }]);
  expect(await run(['devices'], { env: env() })).toMatchObject({ status: 3 });
  expect(await run(['devices', '--json'], { env: env(operator) })).toMatchObject({ status: 0, stdout: '' });
  const key = await run(['keys', 'create', 'lab', '--json'], { env: env(operator) });
  const [made] = ndjson(key.stdout) as { id: string; secret: string }[];
  expect((await run(['jobs', 'list', '--json'], { env: env(made!.secret) })).stdout).toBe('');
  await run(['keys', 'revoke', made!.id], { env: env(operator) });
  expect(await run(['jobs', 'list'], { env: env(made!.secret) })).toMatchObject({ status: 3 });
}, 180_000);

it('WA28: a wasm module is a program, and a broken one is refused with its byte before anything is uploaded', async () => {
  const broken = await run(['jobs', 'create', write('broken.wasm', wasmModule().subarray(0, 30)), '--range', '0..3'], {
    env: { ...env(), GOSSAMER_URL: 'http://127.0.0.1:1' },
  });
  expect(broken).toMatchObject({ status: 6, stdout: '', stderr: expect.stringContaining('broken.wasm:0x') });
  const args = [write('nothing.wasm', wasmModule()), '--range', '0..3', '--detach'];
  const created = await run(['jobs', 'create', ...args], { env: env() });
  expect(created).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(/^job_\S+: its inputs can be seen by the volunteers who compute them\n$/),
  });
  expect((await run(['jobs', 'show', created.stdout.trim()], { env: env() })).stdout).toMatch(
    /^program\t[0-9a-f]{64}, WebAssembly$/m,
  );
  const mapped = await run(['map', ...args], { env: env() });
  expect(mapped).toMatchObject({ status: 0 });
  const asked = await run(['map', ...args, '--policy', 'check'], { env: env() });
  expect(asked).toMatchObject({ status: 6, stderr: expect.stringContaining('only a JavaScript program has') });
}, 180_000);

it('CL26: an uploaded module that is no program is refused by the coordinator, with the place', async () => {
  const { GOSSAMER_URL: url, GOSSAMER_KEY: apiKey } = env();
  const web = new Gossamer({ url, apiKey });
  const refusal = (code: string) => web.map([1], { code }).catch((error: unknown) => error);
  expect(await refusal('export const run = (;')).toMatchObject({ code: 'program-invalid', status: 422 });
  const imports = await refusal('\nimport "node:fs";\nexport const run = 1;');
  expect(imports).toMatchObject({ code: 'program-imports', message: expect.stringContaining('program.js:2:1') });
  expect(await refusal('export const main = 1;')).toMatchObject({ code: 'program-exports' });
  expect(await refusal('('.repeat(1_000_000))).toMatchObject({ code: 'program-invalid' });
  expect(await web.me()).toMatchObject({ role: 'submitter' });
});

it('CL41: programs of one’s jobs are listed and shown, one is checked offline, and a key tells what it may have', async () => {
  const create = [
    'jobs',
    'create',
    write('triple.ts', 'export const run = (x: number) => x * 3;'),
    '--range',
    '0..5',
    '--detach',
  ];
  const first = (await run(create, { env: env() })).stdout.trim();
  const second = (await run([...create, '--name', 'again'], { env: env() })).stdout.trim();
  const sha256 = (await run(['programs', 'upload', 'triple.ts'], { env: env() })).stdout.trim();
  await run(['jobs', 'cancel', first], { env: env() });
  const [row] = (await run(['programs', 'list'], { env: env() })).stdout
    .split('\n')
    .filter((line) => line.startsWith(sha256));
  expect(row!.split('\t').slice(1, 3)).toEqual(['JavaScript', 'again']);
  const shown = ndjson((await run(['programs', 'show', sha256, '--json'], { env: env() })).stdout);
  expect(shown).toMatchObject([{ sha256, name: 'again', jobs: 2, openJobs: 1, sourceMap: expect.any(String) }]);
  const jobs = ndjson((await run(['jobs', 'list', '--program', sha256, '--json'], { env: env() })).stdout);
  expect(jobs).toMatchObject([{ id: second }, { id: first }]);
  const inWords = (await run(['programs', 'show', sha256], { env: env() })).stdout;
  expect(inWords).toMatch(/^bytes\t\d+$[^]*^jobs\t2, of which 1 have not ended$/m);
  const ofKey = await run(['programs', 'list', '--submitter', 'key_x'], { env: env() });
  expect(ofKey).toMatchObject({ status: 6, stderr: expect.stringContaining('(request-invalid)') });
  const unknown = await run(['programs', 'show', '7'.repeat(64)], { env: env() });
  expect(unknown).toMatchObject({ status: 4, stderr: expect.stringContaining('(program-unknown)') });

  const offline = { ...env(), GOSSAMER_URL: 'http://127.0.0.1:1' };
  expect(await run(['programs', 'check', 'double.ts'], { env: offline })).toMatchObject({
    status: 0,
    stdout: 'double.ts can be a program\n',
  });
  const bad = await run(['programs', 'check', write('bad.ts', 'export const main = 1;')], { env: offline });
  expect(bad).toMatchObject({ status: 6, stderr: expect.stringContaining('(program-exports)') });

  const made = await run(['keys', 'create', 'lab', '--quota-jobs', '3', '--quota-units', 'none', '--json'], {
    env: env(operator),
  });
  const [{ id }] = ndjson(made.stdout) as [{ id: string }];
  const { stdout } = await run(['keys', 'show', id], { env: env(operator) });
  expect(stdout).toMatch(/^name\tlab\nrole\tsubmitter$/m);
  expect(stdout).toMatch(
    /^bytes of blobs\t0 of .+ \(the grid's default\)\nbytes of results\t0 of .+\nopen jobs\t0 of 3\nunits in open jobs\t0 of any number$/m,
  );
  expect(await run(['keys', 'show', 'key_x'], { env: env(operator) })).toMatchObject({ status: 4 });
}, 180_000);
