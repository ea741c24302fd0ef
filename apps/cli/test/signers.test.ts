import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ndjson, useGossamer } from './gossamer.ts';

const { run, write } = useGossamer();
const coordinatorHome = resolve(import.meta.dirname, '../../coordinator');
const submitter = 'gss_submitter_of_this_test_only';
const operator = 'gss_operator_of_this_test_only0';
const home = mkdtempSync(join(tmpdir(), 'gossamer-home-'));
let child: ChildProcess;
let url = '';

/** The command as a submitter who keeps keys in a folder of the test. */
const gossamer = (args: string[], { key = submitter, ...more }: Record<string, string> = {}) =>
  run(args, { env: { GOSSAMER_URL: url, GOSSAMER_KEY: key, XDG_CONFIG_HOME: home, ...more } });
const fileOf = (name: string): string => join(home, 'gossamer/signers', `${name}.json`);

const api = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
  const headers = { authorization: `Bearer ${operator}`, 'content-type': 'application/json' };
  const response = await fetch(`${url}/v1${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as T;
};

beforeAll(async () => {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  await promisify(execFile)(process.execPath, [compiler, '-b', coordinatorHome]);
  child = fork(join(coordinatorHome, 'dist/main.js'), {
    silent: true,
    execArgv: [],
    env: {
      PATH: process.env['PATH']!,
      GOSSAMER_PORT: '0',
      GOSSAMER_DATA: ':memory:',
      GOSSAMER_LOG_LEVEL: 'error',
      GOSSAMER_PAGES: '0',
      GOSSAMER_UNVETTED: 'refuse',
      GOSSAMER_SUBMITTER_KEY: submitter,
      GOSSAMER_OPERATOR_KEY: operator,
    },
  });
  const [message] = (await once(child, 'message')) as [{ port: number }];
  url = `http://127.0.0.1:${message.port}`;
  write('double.ts', 'export const run = (x: number): number => x * 2;');
}, 300_000);
afterAll(() => {
  child.kill('SIGKILL');
  rmSync(home, { recursive: true });
});

it('CL29: a signer is made, kept for its owner alone, registered, and printed with its fingerprint', async () => {
  const made = await gossamer(['signers', 'create', 'ada', '--json']);
  expect(made).toMatchObject({ status: 0 });
  const [view] = ndjson(made.stdout) as { key: string; name: string; fingerprint: string; tier: null }[];
  expect(view).toMatchObject({ name: 'ada', tier: null, fingerprint: expect.stringMatching(/^([0-9a-f]{4} ){7}/) });
  expect(made.stderr).toContain('the operator has granted it nothing yet');
  expect(statSync(fileOf('ada')).mode & 0o777).toBe(0o600);
  const { seed, key } = JSON.parse(readFileSync(fileOf('ada'), 'utf8')) as { seed: string; key: string };
  expect(key).toBe(view!.key);
  expect(made.stdout + made.stderr).not.toContain(seed);
  expect(await gossamer(['signers', 'create', 'ada'])).toMatchObject({ status: 2 });
  expect(await gossamer(['signers', 'create', '../ada'])).toMatchObject({ status: 2 });
  chmodSync(fileOf('ada'), 0o644);
  const shown = await gossamer(['map', 'double.ts', '--range', '0..3', '--detach', '--signer', 'ada']);
  expect(shown).toMatchObject({ status: 2, stderr: expect.stringContaining('can be read by others') });
  chmodSync(fileOf('ada'), 0o600);
}, 60_000);

it('CL30: map and jobs create sign by flag or environment, and say why they are refused', async () => {
  const job = ['map', 'double.ts', '--range', '0..3', '--detach', '--json'];
  const errorOf = async (...more: Parameters<typeof gossamer>) => {
    const { status, stderr } = await gossamer(...more);
    return [status, (ndjson(stderr).at(-1) as { code: string }).code];
  };
  expect(await errorOf(job)).toEqual([3, 'signature-missing']);
  expect(await errorOf([...job, '--signer', 'ada'])).toEqual([3, 'signer-forbidden']);
  const { key } = JSON.parse(readFileSync(fileOf('ada'), 'utf8')) as { key: string };
  await api('PATCH', `/signers/${key}`, { tier: 'public' });
  expect(await gossamer([...job, '--signer', 'ada'])).toMatchObject({ status: 0 });
  const created = await gossamer(['jobs', ...job.with(0, 'create')], { GOSSAMER_SIGNER: 'ada' });
  expect(ndjson(created.stdout)).toMatchObject([{ signer: { key, name: 'ada' }, tier: 'public' }]);
  expect(await errorOf([...job, '--signer', 'nobody'])).toEqual([2, 'usage']);
}, 60_000);

it('CL30: a program is signed away from the network, and the signature counts for what it allows', async () => {
  const signed = await gossamer(['programs', 'sign', 'double.ts', '--signer', 'ada', '--deadline', '5000'], {
    GOSSAMER_URL: 'http://127.0.0.1:1',
  });
  expect(signed).toMatchObject({ status: 0 });
  expect(JSON.parse(signed.stdout)).toMatchObject({ manifest: { name: 'double.ts', limits: { deadlineMs: 5000 } } });
  write('signature.json', signed.stdout);
  const job = ['jobs', 'create', 'double.ts', '--range', '0..3', '--detach', '--signature', 'signature.json'];
  const wide = await gossamer(job);
  expect(wide).toMatchObject({ status: 6, stderr: expect.stringContaining('limits.deadlineMs') });
  expect(await gossamer([...job, '--deadline', '5000'])).toMatchObject({ status: 0 });
  write('double.ts', 'export const run = (x: number): number => x + x;');
  expect(await gossamer([...job, '--deadline', '5000'])).toMatchObject({ status: 6 });
  write('signature.json', '{}');
  expect(await gossamer(job)).toMatchObject({ status: 2 });
}, 60_000);

it('CL77: a grid that refuses unsigned programs takes a batch that is signed by flag or environment, and tells an unsigned one by its line', async () => {
  write('half.ts', 'export const run = (x: number): number => x / 2;');
  const line = (name: string, more: object = {}) =>
    JSON.stringify({ name, program: './half.ts', source: { kind: 'range', start: 0, stop: 3 }, ...more });
  write('batch.ndjson', `\n${line('one')}\n${line('two', { limits: { deadlineMs: 5000, maxErrors: 9 } })}\n`);
  const create = ['batches', 'create', 'batch.ndjson', '--json'];
  const unsigned = await gossamer(create);
  expect(unsigned).toMatchObject({ status: 3, stdout: '' });
  expect(ndjson(unsigned.stderr)).toMatchObject([
    { code: 'signature-missing', message: expect.stringMatching(/line 2 \(“one”\)/) },
  ]);
  for (const made of [
    await gossamer([...create, '--signer', 'ada']),
    await gossamer(create, { GOSSAMER_SIGNER: 'ada' }),
  ]) {
    expect(made.status, made.stderr).toBe(0);
    const [{ jobs }] = ndjson(made.stdout) as [{ jobs: string[] }];
    for (const job of jobs) {
      const [view] = ndjson((await gossamer(['jobs', 'show', job, '--json'])).stdout);
      expect(view).toMatchObject({ signer: { name: 'ada' }, tier: 'public' });
    }
  }
  const signed = await gossamer(['programs', 'sign', 'half.ts', '--signer', 'ada', '--deadline', '5000']);
  write('half.json', signed.stdout);
  const narrow = await gossamer([...create, '--signature', 'half.json']);
  expect(narrow).toMatchObject({ status: 6, stdout: '' });
  const [{ errors }] = ndjson(narrow.stderr) as [{ errors: { path: string }[] }];
  expect(errors.map(({ path }) => path)).toEqual(['line 2: limits.deadlineMs']);
}, 60_000);

it('CL31: a key is rotated and inherits what it may, and a revoked one signs nothing', async () => {
  const before = (JSON.parse(readFileSync(fileOf('ada'), 'utf8')) as { key: string }).key;
  expect(await gossamer(['signers', 'rotate', 'ada'])).toMatchObject({ status: 0 });
  const after = (JSON.parse(readFileSync(fileOf('ada'), 'utf8')) as { key: string }).key;
  expect(after).not.toBe(before);
  expect(statSync(fileOf(`ada.before-${before.slice(0, 8)}`)).mode & 0o777).toBe(0o600);
  const listed = ndjson((await gossamer(['signers', 'list', '--json'])).stdout);
  expect(listed).toMatchObject([
    { key: before, successor: after },
    { key: after, tier: 'public' },
  ]);
  const job = ['map', 'double.ts', '--range', '0..3', '--detach', '--signer', 'ada'];
  const { status, stdout } = await gossamer(job);
  expect(status).toBe(0);
  expect((await gossamer(['signers', 'list'])).stdout).toContain('succeeded');
  expect(await gossamer(['signers', 'revoke', 'ada'])).toMatchObject({ status: 0 });
  expect((await gossamer(['jobs', 'show', stdout.trim()])).stdout).toContain('was revoked');
  expect(await gossamer(job)).toMatchObject({ status: 3 });
}, 60_000);
