import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '@gossamer/sdk/testing';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { estimateWords } from '../src/job-words.ts';
import { ndjson, useGossamer } from './gossamer.ts';
import { useCoordinator } from './real-grid.ts';

const { coordinator, folder, main, run, start, write } = useGossamer();
const real = useCoordinator(folder);
const newest = () => coordinator.jobs.at(-1)!;
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

beforeAll(() => {
  write('double.ts', 'export const run = (x: number) => x * 2;');
  write('mended.ts', 'export const run = (x: string) => x.length;');
});
beforeEach(() => {
  coordinator.compute = false;
});

const asReal = (args: string[], key?: string) => run(args, { env: real.env(key) });

const BATCH = ['one', 'two']
  .map((name) => JSON.stringify({ name, program: './double.ts', source: { kind: 'range', start: 0, stop: 3 } }))
  .join('\n');

const makeBatch = async (...flags: string[]): Promise<string> => {
  const made = await asReal(['batches', 'create', write('batch.ndjson', BATCH), ...flags]);
  expect(made.status, made.stderr).toBe(0);
  return made.stdout.trim();
};

it('CL48: --version tells the version, in words and as JSON, wherever it stands', async () => {
  expect(await run(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
  expect(await run(['jobs', 'list', '--version'])).toMatchObject({ status: 0, stdout: `${version}\n` });
  expect(JSON.parse((await run(['--version', '--json'])).stdout)).toEqual({ version });
});

describe('batches', () => {
  it('CL49: a batch is followed from state to state to its end, which its status tells; with --json each is an object', async () => {
    const id = await makeBatch();
    const lines = start(['batches', 'watch', id], real.env());
    const objects = start(['batches', 'watch', id, '--json'], real.env());
    let [seen, told] = ['', ''];
    lines.child.stderr!.on('data', (chunk) => (seen += String(chunk)));
    objects.child.stdout!.on('data', (chunk) => (told += String(chunk)));
    await until(() => seen.includes('2 jobs: 2 running') && told.includes('"running":2'));
    expect((await asReal(['batches', 'hold', id])).status).toBe(0);
    await until(() => seen.includes('2 jobs: 2 held') && told.includes('"held":2'));
    expect((await asReal(['batches', 'cancel', id])).status).toBe(0);
    const [said, states] = [await lines.done, await objects.done];
    expect([said.status, said.stdout, states.status, states.stderr]).toEqual([1, '', 1, '']);
    expect(said.stderr.trimEnd().split('\n').at(-1)).toContain('0/0 units  6 cancelled  2 jobs: 2 cancelled');
    const views = ndjson(states.stdout) as { id: string; jobs: { cancelled: number } }[];
    expect(views.length).toBeGreaterThan(2);
    expect(views.at(-1)).toMatchObject({ id, jobs: { cancelled: 2 } });
  }, 120_000);

  it('CL49: an interrupt ends the following alone, and a restart of the coordinator is waited for', async () => {
    const id = await makeBatch();
    const { child, done } = start(['batches', 'watch', id], real.env());
    let seen = '';
    child.stderr!.on('data', (chunk) => (seen += String(chunk)));
    await until(() => seen.includes('2 running'));
    await real.killCoordinator();
    await real.startCoordinator();
    expect((await asReal(['batches', 'hold', id])).status).toBe(0);
    await until(() => seen.includes('2 held'));
    child.kill('SIGINT');
    const { status, stderr } = await done;
    expect([status, stderr]).toEqual([
      130,
      expect.stringContaining(`\`gossamer batches watch ${id}\` follows it again`),
    ]);
    expect((await asReal(['batches', 'show', id])).stdout).toMatch(/^jobs\t2: 2 held$/m);
  }, 180_000);

  it('CL50: an archive of a batch and of a job is a file, whose name goes to standard output and its size to standard error', async () => {
    const id = await makeBatch();
    const saved = await asReal(['batches', 'archive', id, '-o', 'batch.zip']);
    const { size } = statSync(join(folder, 'batch.zip'));
    expect(saved).toMatchObject({ status: 0, stdout: 'batch.zip\n' });
    expect(saved.stderr).toContain(`batch.zip is written: ${size.toLocaleString('en')} bytes`);
    expect(readFileSync(join(folder, 'batch.zip')).subarray(0, 2).toString()).toBe('PK');
    const [job] = ndjson((await asReal(['jobs', 'list', '--batch', id, '--json'])).stdout) as { id: string }[];
    const one = await asReal(['jobs', 'archive', job!.id, '--json']);
    expect(JSON.parse(one.stdout)).toEqual({
      file: `${job!.id}.zip`,
      bytes: statSync(join(folder, `${job!.id}.zip`)).size,
    });
    expect(existsSync(join(folder, 'batch.zip.part'))).toBe(false);
  }, 120_000);

  it('CL51: a batch is made held, and says how to let it go', async () => {
    const made = await asReal(['batches', 'create', write('batch.ndjson', BATCH), '--held']);
    const id = made.stdout.trim();
    expect(made.stderr).toContain(`gossamer batches release ${id}`);
    expect((await asReal(['batches', 'show', id])).stdout).toMatch(/^jobs\t2: 2 held$/m);
    expect((await asReal(['batches', 'release', id])).stdout).toBe('2 jobs changed\n');
  }, 120_000);
});

describe('retrying', () => {
  it('CL52: without --failed it is said what that would do; another program is refused with what to do', async () => {
    const created = await run(['jobs', 'create', 'double.ts', '--range', '0..4', '--detach']);
    const id = created.stdout.trim();
    const nothing = await run(['jobs', 'retry', id]);
    expect(nothing).toMatchObject({ status: 0, stdout: expect.stringContaining('nothing to retry') });
    newest().finish(1, { error: 'no' });
    newest().finish(3, { error: 'no' });
    const requests = coordinator.requests.length;
    const told = await run(['jobs', 'retry', id]);
    expect(told).toMatchObject({ status: 0 });
    expect(told.stdout).toContain(
      `2 of 4 units have failed, and nothing was done; this opens them again:\n  gossamer jobs retry ${id} --failed`,
    );
    expect(JSON.parse((await run(['jobs', 'retry', id, '--json'])).stdout)).toEqual({
      retried: 0,
      failed: 2,
      total: 4,
    });
    expect(coordinator.requests.slice(requests).filter((request) => request.startsWith('POST'))).toEqual([]);
    const other = await run(['jobs', 'retry', id, '--failed', '--program', 'mended.ts']);
    expect(other).toMatchObject({ status: 2, stdout: '' });
    expect(other.stderr).toMatch(/a job keeps its program.*cannot run mended\.ts.*jobs retry --help/);
  }, 120_000);

  it('CL52: the recipe of the help makes a job of just the inputs of the units that failed', async () => {
    write('inputs.txt', 'alpha\nbeta\ngamma\ndelta\nepsilon\n');
    const created = await run(['jobs', 'create', 'mended.ts', '--input', 'inputs.txt', '--detach']);
    for (const unit of [0, 2, 4]) newest().finish(unit, { output: 1 });
    for (const unit of [1, 3]) newest().finish(unit, { error: 'no' });
    const help = (await run(['jobs', 'retry', '--help'])).stdout;
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const recipe = help.split('\n').filter((line) => /^ {2}(gossamer jobs units|awk)/.test(line));
    expect(recipe).toHaveLength(2);
    for (const line of recipe) expect(readme).toContain(line.trim());
    const script = recipe
      .join('\n')
      .replaceAll('JOB', created.stdout.trim())
      .replace('mended.ts', 'mended.ts --detach');
    const shell = `gossamer() { "${process.execPath}" "${main}" "$@"; }\n${script}`;
    const env = {
      PATH: process.env['PATH']!,
      GOSSAMER_URL: coordinator.url,
      GOSSAMER_KEY: 'gsk_test_submitter_0123456789',
    };
    await promisify(execFile)('bash', ['-c', shell], { cwd: folder, env });
    expect(newest().inputs).toEqual(['beta', 'delta']);
  }, 120_000);
});

it.each([
  ['jobs', ['jobs', 'show', 'job_x'], 'job-unknown'],
  ['batches', ['batches', 'show', 'batch_x'], 'batch-unknown'],
  ['batches that are watched', ['batches', 'watch', '../jobs'], 'batch-unknown'],
  ['blobs', ['blobs', 'get', 'abc', '-o', 'blob'], 'blob-unknown'],
  ['keys', ['keys', 'revoke', 'gsk_secret'], 'key-unknown'],
  ['webhooks', ['webhooks', 'show', 'x'], 'webhook-unknown'],
])('CL53: a text that can be no id ends as an unknown one does, and asks nothing: %s', async (_, args, code) => {
  const requests = coordinator.requests.length;
  const { status, stderr } = await run([...args, '--json']);
  expect([status, (JSON.parse(stderr) as { code: string }).code]).toEqual([4, code]);
  expect(coordinator.requests.length).toBe(requests);
});

it('CL54: doctor names the browser of run local and its version, or says how to get one; neither is a failure', async () => {
  const browser = join(folder, 'some-chrome');
  writeFileSync(browser, '#!/bin/sh\necho "Chromium 199.0.1.2"\n');
  chmodSync(browser, 0o755);
  type Doctor = { findings: { name: string; outcome: string; text: string; todo?: string }[] };
  const found = async (env: Record<string, string>) => {
    const { stdout } = await run(['doctor', '--json'], { env: { ...real.env(), ...env } });
    return (JSON.parse(stdout) as Doctor).findings.find(({ name }) => name === 'browser');
  };
  expect(await found({ GOSSAMER_CHROMIUM: browser })).toEqual({
    name: 'browser',
    outcome: 'ok',
    text: `Chromium 199, which \`run local\` uses: ${browser}`,
  });
  writeFileSync(browser, '#!/bin/sh\necho "Chromium 90.0.1.2"\n');
  const old = await found({ GOSSAMER_CHROMIUM: browser });
  expect(old).toMatchObject({ outcome: 'warning', text: expect.stringContaining('is version 90') });
  expect(old!.todo).toMatch(/^install .*152 or later/);
  expect(await run(['doctor'], { env: { ...real.env(), GOSSAMER_CHROMIUM: browser } })).toMatchObject({ status: 0 });
}, 120_000);

it('CL55: completion works where no shell finds the command by its name', async () => {
  const empty = join(folder, 'empty path');
  mkdirSync(empty, { recursive: true });
  const script = `eval "$("${process.execPath}" "${main}" completion bash)"; COMP_WORDS=(gossamer jobs ca); COMP_CWORD=2; _gossamer; echo "$COMPREPLY"`;
  const { stdout } = await promisify(execFile)('/bin/bash', ['-c', script], { env: { PATH: empty } });
  expect(stdout).toBe('cancel\n');
}, 60_000);

describe('--input', () => {
  it.each([['{"a": 1}'], ['[1,2]'], ['27'], ['@file.json']])(
    'CL56: a value where a file is meant is told so, and where a value is taken: %s',
    async (value) => {
      const { status, stderr } = await run(['map', 'double.ts', '--input', value]);
      expect([status, stderr]).toEqual([2, expect.stringContaining('here --input names a file')]);
      expect(stderr).toContain('run local');
    },
  );

  it('CL56: a file where a value is meant is told how to be given; the help of both says what it means', async () => {
    write('stars.json', '{"star": 1}');
    const file = await run(['run', 'local', 'double.ts', '--input', 'stars.json']);
    expect([file.status, file.stderr]).toEqual([2, expect.stringContaining('say --input @stars.json')]);
    const word = await run(['run', 'local', 'double.ts', '--input', 'sirius']);
    expect([word.status, word.stderr]).toEqual([2, expect.stringContaining(`--input '"sirius"'`)]);
    expect((await run(['run', 'local', '--help'])).stdout).toMatch(/--input is one unit's input here, a value/);
    expect((await run(['map', '--help'])).stdout).toMatch(/a file of inputs: its lines/);
  });
});

it('CL57: explain of a held job says who holds it and how it is released', async () => {
  const created = await asReal(['jobs', 'create', 'double.ts', '--range', '0..4', '--detach']);
  const id = created.stdout.trim();
  await asReal(['jobs', 'hold', id, '--reason', 'night']);
  const own = await asReal(['jobs', 'explain', id]);
  expect(own.stdout).toMatch(/^It is held: night\nIt was held by this key \(.+\)\.\n`gossamer jobs release job_/);
  await asReal(['jobs', 'release', id]);
  await asReal(['jobs', 'hold', id], real.operator);
  const others = await asReal(['jobs', 'explain', id]);
  expect(others.stdout).toMatch(/It was held by another key, key_[0-9a-f-]+\./);
  expect(JSON.parse((await asReal(['jobs', 'explain', id, '--json'])).stdout)).toMatchObject({
    id,
    heldBy: expect.stringMatching(/^another key, key_/),
  });
}, 120_000);

it('CL84: independence is chosen when a job is made and changed later, and unknown kinships make no job', async () => {
  const job = ['jobs', 'create', 'double.ts', '--range', '0..4', '--detach', '--json', '--max-attempts', '7'];
  const made = await asReal([...job, '--allow-same', 'network', '--weight', '2', '--credit', '3', '--no-reduce']);
  expect(made.stderr).not.toContain('error');
  const [view] = ndjson(made.stdout) as [{ id: string }];
  expect(view).toMatchObject({
    independence: { device: true, volunteer: true, prefix: false },
    limits: { maxAttempts: 7 },
    weight: 2,
  });
  const change = (...flags: string[]) => asReal(['jobs', 'change', view.id, ...flags]);
  const changed = await change('--allow-same', 'device,volunteer', '--refuse-same', 'network');
  expect(changed).toMatchObject({ status: 0, stdout: expect.stringMatching(/^warning\tReplicas .* one device, and/m) });
  const [now] = ndjson((await asReal(['jobs', 'show', view.id, '--json'])).stdout);
  expect(now).toMatchObject({ independence: { device: false, volunteer: false, prefix: true } });
  expect(await change()).toMatchObject({ status: 2, stderr: expect.stringContaining('there is nothing to change') });
  const both = await change('--allow-same', 'network', '--refuse-same', 'device,network');
  expect(both).toMatchObject({ status: 2, stderr: expect.stringContaining('the same network is to be allowed and') });
  const unknown = await asReal([...job, '--allow-same', 'prefix']);
  expect(unknown).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('network, volunteer, device'),
  });
  await asReal(['jobs', 'cancel', view.id]);
  expect(await change('--allow-same', 'network')).toMatchObject({ status: 7 });
}, 120_000);

it.each([
  [['device'], 'device'],
  [['device', 'prefix'], 'network'],
  [['device', 'volunteer'], 'volunteer'],
] as const)('CL85: explain names the command for the switch that gives up least of: %j', async (kinships, least) => {
  const created = await run(['jobs', 'create', 'double.ts', '--range', '0..2', '--detach']);
  const id = created.stdout.trim();
  // The sentence is for people: nothing is read out of it.
  const waiting = '1 unit waits for somebody else; switch off independence by device for this job.';
  newest().told = { waiting, waitingFor: { kind: 'independent-device', kinships: [...kinships] } };
  expect((await run(['jobs', 'explain', id])).stdout).toBe(
    `${waiting}\n\`gossamer jobs change ${id} --allow-same ${least}\` does that; the agreement of such replicas proves less.\n`,
  );
  for (const waitingFor of [{ kind: 'slot' as const, kinships: [] }, null]) {
    newest().told = { waiting, waitingFor };
    expect((await run(['jobs', 'explain', id])).stdout).toBe(`${waiting}\n`);
  }
});

it('CL58: the estimate of a job that waits names no time', () => {
  const estimate = { leftMs: 3_600_000, attemptsPerUnit: 1, unitMs: 10, computeMs: 100_000, credit: 4 };
  expect(estimateWords(estimate, null)).toMatch(/^60 min left; /);
  expect(estimateWords(estimate, 'It waits for a free slot; other jobs are served first.')).toMatch(
    /^it waits, and for how long cannot be told; the whole job /,
  );
});

it('CL59: where an answer has no interval it is said why', async () => {
  write('sum.ts', 'export const run = (x: number) => x;\nexport const reduce = (a = 0, b: number) => a + b;');
  const created = await asReal(['jobs', 'create', 'sum.ts', '--range', '0..4', '--detach']);
  const { stdout } = await asReal(['jobs', 'answer', created.stdout.trim()]);
  expect(stdout).toMatch(/^no interval\tthe program exports no `answer`/m);
}, 60_000);
