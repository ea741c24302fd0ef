import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Gossamer } from '@gossamer/sdk/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandTree } from '../src/command-tree.ts';
import { leavesOf } from './commands-of.ts';
import { ndjson, useGossamer } from './gossamer.ts';
import { useCoordinator } from './real-grid.ts';

const { folder, run, write } = useGossamer();
const { env, operator } = useCoordinator(folder, { GOSSAMER_WEBHOOK_TARGETS: 'any' });
const receiver = createServer((request, response) => request.resume().on('end', () => response.writeHead(204).end()));
const covered = new Set<string>();

beforeAll(async () => {
  write('double.ts', 'export const run = (x: number) => x * 2;');
  write('sum.ts', 'export const run = (x: number) => x;\nexport const reduce = (a: number, b: number) => a + b;');
  write('jobs.ndjson', '{"name":"a","program":"./double.ts","source":{"kind":"range","start":0,"stop":2}}\n');
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
});
afterAll(() => void receiver.close());

type Answer = Record<string, unknown>;

/** Runs a command (its path, then the rest) with --json and --quiet: what it says is JSON objects, and nothing else. */
const ask = async (path: string, rest: string[] = [], { as, status = 0 }: { as?: string; status?: number } = {}) => {
  covered.add(path);
  const config = { XDG_CONFIG_HOME: join(folder, 'config') };
  const result = await run([...path.split(' '), ...rest, '--json', '--quiet'], { env: { ...env(as), ...config } });
  expect([path, result.status, result.stderr]).toEqual([path, status, '']);
  const answers = ndjson(result.stdout) as Answer[];
  for (const answer of answers) expect([path, typeof answer, Array.isArray(answer)]).toEqual([path, 'object', false]);
  return answers;
};

const one = async (...args: Parameters<typeof ask>): Promise<Answer> => {
  const answers = await ask(...args);
  expect([args[0], answers.length]).toEqual([args[0], 1]);
  return answers[0]!;
};

/** A job whose inputs are open, as a pipe leaves it that was killed. */
const openJob = async (): Promise<string> => {
  const { GOSSAMER_URL: url, GOSSAMER_KEY: apiKey } = env();
  const grid = new Gossamer({ url, apiKey });
  return (await grid.open({ code: 'export const run = (x) => x;' })).job.id;
};

it('CL38: jobs: each command answers with JSON objects on standard output, and is silent on standard error', async () => {
  const { id } = (await one('jobs create', ['double.ts', '--range', '0..4', '--detach'])) as { id: string };
  expect(await one('map', ['double.ts', '--range', '0..4', '--detach'])).toMatchObject({ state: 'running' });
  expect(await ask('jobs list')).toHaveLength(2);
  for (const path of ['jobs show', 'jobs explain', 'jobs hold']) expect(await one(path, [id])).toMatchObject({ id });
  expect(await one('jobs release', [id, '--reason', 'seen'])).toMatchObject({ id, state: 'running' });
  expect(await one('jobs spec', [id])).toMatchObject({ source: { kind: 'range', start: 0, stop: 4 } });
  expect(await one('jobs change', [id, '--allow-same', 'network'])).toMatchObject({ independence: { prefix: false } });
  expect(await ask('jobs units', [id])).toHaveLength(4);
  expect(await ask('jobs results', [id, '--no-follow'])).toEqual([]);
  expect(await ask('jobs attempts', [id])).toEqual([]);
  expect(await ask('jobs failures', [id])).toEqual([]);
  expect(await one('jobs retry', [id, '--failed'])).toMatchObject({ retried: 0 });
  expect(await one('jobs archive', [id])).toEqual({ file: `${id}.zip`, bytes: expect.any(Number) });
  expect(await one('jobs cancel', [id, '--reason', 'enough'])).toMatchObject({ state: 'cancelled' });
  for (const path of ['jobs watch', 'watch']) {
    expect(await one(path, [id], { status: 1 })).toMatchObject({ state: 'cancelled', reason: 'enough' });
  }
  expect(await one('jobs delete', [id])).toHaveProperty('cleared');
  expect(await one('jobs close', [await openJob()])).toMatchObject({ state: 'completed', inputs: 'closed' });
  const sums = await one('jobs create', ['sum.ts', '--range', '0..4', '--detach']);
  expect(await one('jobs answer', [sums['id'] as string])).toMatchObject({ folded: 0, total: 4, isFinal: false });
}, 300_000);

it('CL38: batches, programs, blobs and signers do so', async () => {
  const made = await one('batches create', ['jobs.ndjson']);
  const { id } = made['batch'] as { id: string };
  expect(await ask('batches list')).toMatchObject([{ id }]);
  expect(await one('batches show', [id])).toMatchObject({ id, jobs: { total: 1 } });
  expect(await one('batches archive', [id])).toEqual({ file: `${id}.zip`, bytes: expect.any(Number) });
  for (const verb of ['hold', 'release', 'cancel']) {
    expect(await one(`batches ${verb}`, [id, '--reason', 'why'])).toMatchObject({ changed: 1 });
  }
  expect(await one('batches watch', [id], { status: 1 })).toMatchObject({ id, jobs: { cancelled: 1 } });

  expect(await one('programs check', ['double.ts'])).toEqual({ name: 'double.ts', ok: true });
  const { sha256: program } = (await one('programs upload', ['double.ts'])) as { sha256: string };
  expect(await ask('programs list')).toContainEqual(expect.objectContaining({ sha256: program, kind: 'js' }));
  expect(await one('programs show', [program])).toMatchObject({ sha256: program, jobs: expect.any(Number) });

  const sha256 = createHash('sha256').update('hello').digest('hex');
  expect(await one('blobs put', [write('hello.txt', 'hello')])).toEqual({ sha256, size: 5 });
  expect(await one('blobs get', [sha256, '-o', 'back.txt'])).toEqual({ sha256, file: 'back.txt' });

  expect(await one('signers create', ['mine', '--offline'])).toMatchObject({ name: 'mine' });
  expect(await one('signers register', ['mine'])).toMatchObject({ name: 'mine' });
  expect(await one('programs sign', ['double.ts', '--signer', 'mine'])).toHaveProperty('signature');
  expect(await one('signers rotate', ['mine'])).toMatchObject({ name: 'mine' });
  expect(await ask('signers list')).toHaveLength(2);
  expect(await one('signers revoke', ['mine'])).toMatchObject({ revokedAt: expect.any(Number) });
}, 300_000);

it('CL92: what a job was made of is printed, and the same job is made of that line', async () => {
  const { id } = (await one('jobs create', ['double.ts', '--range', '5..9', '--name', 'nine', '--detach'])) as {
    id: string;
  };
  const { status, stdout } = await run(['jobs', 'spec', id, '--json'], { env: env() });
  expect([status, stdout.split('\n').length]).toEqual([0, 2]);
  const again = await run(['batches', 'create', '-', '--json'], { env: env(), stdin: stdout });
  const [{ jobs }] = ndjson(again.stdout) as [{ jobs: [string] }];
  expect(jobs).toHaveLength(1);
  expect((await run(['jobs', 'spec', jobs[0], '--json'], { env: env() })).stdout).toBe(stdout);
  const inWords = await run(['jobs', 'spec', id], { env: env() });
  expect(JSON.parse(inWords.stdout)).toEqual(JSON.parse(stdout));
  expect(inWords.stdout).toMatch(/^ {2}"name": "nine",$/m);
}, 120_000);

it('CL38: webhooks do so', async () => {
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const { id } = (await one('webhooks create', [url])) as { id: string };
  expect(await ask('webhooks list')).toMatchObject([{ id }]);
  expect(await one('webhooks change', [id, '--to', `${url}other`])).toMatchObject({ url: `${url}other` });
  for (const verb of ['show', 'disable', 'enable', 'rotate'])
    expect(await one(`webhooks ${verb}`, [id])).toMatchObject({ id });
  const { id: delivery } = (await one('webhooks test', [id])) as { id: string };
  const stateOf = async () => (await ask('webhooks deliveries', [id]))[0]!['state'];
  await expect.poll(stateOf, { timeout: 60_000, interval: 200 }).toBe('succeeded');
  expect(await one('webhooks redeliver', [id, delivery])).toMatchObject({ id: delivery });
  expect(await one('webhooks delete', [id])).toMatchObject({ id });
}, 300_000);

it('CL38: keys, me, devices, grid, doctor, completion and a run here do so', async () => {
  const { id } = (await one('keys create', ['lab'], { as: operator })) as { id: string };
  expect(await ask('keys list', [], { as: operator })).toContainEqual(expect.objectContaining({ id, name: 'lab' }));
  expect(await one('keys quota', [id, '--quota-jobs', '3'], { as: operator })).toMatchObject({
    quota: { openJobs: 3 },
  });
  expect(await one('keys show', [id], { as: operator })).toMatchObject({ id, name: 'lab', quota: { openJobs: 3 } });
  expect(await one('keys revoke', [id], { as: operator })).toMatchObject({ id, revokedAt: expect.any(Number) });
  expect(await ask('devices', [], { as: operator })).toEqual([]);
  expect(await one('me')).toMatchObject({ role: 'submitter' });
  expect(await one('grid')).toMatchObject({ sessions: 0 });
  expect(await one('doctor')).toMatchObject({ ok: true });
  expect(await one('completion', ['fish'])).toMatchObject({ shell: 'fish', script: expect.any(String) });
  covered.add('complete');
  const words = await run(['--json', '--quiet', 'complete', '--', 'jobs', 're']);
  expect(ndjson(words.stdout)).toEqual([{ word: 'release' }, { word: 'results' }, { word: 'retry' }]);
  expect(await one('run local', ['double.ts', '--input', '21'])).toMatchObject({ ok: true, output: 42 });
}, 300_000);

it('CL94: tabs are not lent where there is no page to lend them by', async () => {
  // It is not asked with the others, as it has no end of its own; the end-to-end tests run it.
  covered.add('volunteer');
  const { status, stderr } = await run(['volunteer', '--json', '--quiet'], { env: env() });
  expect([status, JSON.parse(stderr)]).toEqual([
    2,
    {
      code: 'usage',
      message: expect.stringMatching(/^the coordinator at \S+ has no volunteer's page \(status 503\)$/),
    },
  ]);
}, 120_000);

it('CL38: no command was left out of these', () => {
  const all = leavesOf(commandTree()).map(({ path }) => path.join(' '));
  expect([...covered].sort()).toEqual(all.sort());
});

it('CL38: bytes go to a file where standard output is JSON, and mistakes in arguments are told as JSON', async () => {
  for (const args of [
    ['blobs', 'get', '1'.repeat(64)],
    ['jobs', 'archive', 'job_x', '-o', '-'],
    ['jobs', 'list', '--frob'],
    ['jobs', 'frob'],
    ['jobs'],
    ['map'],
  ]) {
    const { status, stdout, stderr } = await run([...args, '--json'], { env: env() });
    expect([args, status, stdout]).toEqual([args, 2, '']);
    expect(JSON.parse(stderr)).toEqual({ code: 'usage', message: expect.stringMatching(/^(?!error:).{8}/) });
  }
}, 120_000);

it('CL39: without --quiet the same commands speak on standard error; with it errors are told still', async () => {
  const args = ['map', 'double.ts', '--range', '0..4', '--detach'];
  expect((await run(args, { env: env() })).stderr).toContain('can be seen by the volunteers');
  expect((await run([...args, '--quiet'], { env: env() })).stderr).toBe('');
  const refused = await run(['jobs', 'list', '--quiet'], { env: { ...env(), GOSSAMER_KEY: 'wrong' } });
  expect(refused).toMatchObject({ status: 3, stdout: '', stderr: expect.stringContaining('(key-wrong)') });
}, 120_000);
