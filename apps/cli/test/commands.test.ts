import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '@gossamer/sdk/testing';
import { ndjson, useGossamer } from './gossamer.ts';

const { coordinator, folder, main, run, start, write } = useGossamer();
const newest = () => coordinator.jobs.at(-1)!;
const UNKNOWN = `job_${'0'.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}`;

/** What a grid says of itself to anybody. */
const GRID = {
  name: 'Test grid',
  operator: 'me',
  about: '',
  protocol: 1,
  publicUrl: 'http://x',
  jobs: [],
  sessions: 3,
};

beforeAll(() => {
  write('double.ts', 'export const run = (x: number) => x * 2;');
  write('node.ts', "import { cpus } from 'node:os';\nexport const run = () => cpus().length;");
  write('broken.ts', 'export const run = (x => ;');
  write('norun.ts', 'export const main = () => 1;');
});
beforeEach(() => {
  coordinator.compute = false;
  coordinator.intercept = () => false;
});

const create = async (...args: string[]): Promise<string> => {
  const { stdout, status } = await run(['jobs', 'create', 'double.ts', '--range', '0..4', '--detach', ...args]);
  expect(status).toBe(0);
  return stdout.trim();
};

describe('gossamer jobs', () => {
  it('CL11: create prints the id, follows to the end and tells by its status whether all units succeeded', async () => {
    coordinator.compute = true;
    const good = await run(['jobs', 'create', 'double.ts', '--range', '0..4', '--name', 'four']);
    expect(good).toMatchObject({ status: 0, stdout: `${newest().id}\n`, stderr: expect.stringContaining('4/4 units') });
    coordinator.compute = false;
    const { done } = start(['jobs', 'create', 'double.ts', '--input', write('lines.txt', 'a\nb\n')]);
    const before = coordinator.jobs.length;
    await until(() => coordinator.jobs.length > before);
    expect(newest().inputs).toEqual(['a', 'b']);
    newest().finish(0, { output: 1 });
    newest().finish(1, { error: 'no' });
    expect((await done).status).toBe(1);
  });

  it('CL12: list, show and units speak to people, to cut, and with --json to programs', async () => {
    await create('--name', 'evil\u001b[31m\tname');
    newest().finish(1, { output: 1 });
    const list = await run(['jobs', 'list']);
    expect(list.stdout.split('\n')[0]!.split('\t')).toEqual([
      'JOB',
      'NAME',
      'STATE',
      'DONE',
      'FAILED',
      'UNITS',
      'CREATED',
    ]);
    expect(list.stdout.split('\n')[1]!.split('\t').slice(0, 6)).toEqual([
      newest().id,
      'evil\ufffd[31m\ufffdname',
      'running',
      '1',
      '0',
      '4',
    ]);
    expect(list.stdout).not.toContain('\u001b');
    const all = ndjson((await run(['jobs', 'list', '--json'])).stdout);
    expect(all).toHaveLength(coordinator.jobs.length);
    expect(all[0]).toEqual(newest().view());
    expect((await run(['jobs', 'show', newest().id])).stdout).toMatch(/units\t4: 3 pending, 1 validated/);
    expect(ndjson((await run(['--json', 'jobs', 'show', newest().id])).stdout)).toEqual([newest().view()]);
    const units = await run(['jobs', 'units', newest().id, '--limit', '3', '--json']);
    expect(ndjson(units.stdout)).toMatchObject([
      { index: 0, state: 'pending' },
      { index: 1, state: 'validated' },
      { index: 2 },
    ]);
  });

  it('CL28: show tells policy, warnings and estimates in words; explain tells why a job or a unit waits', async () => {
    const id = await create('--max-error-rate', '0.005');
    newest().told = {
      waiting: 'No volunteer is connected.',
      warnings: ['Replicas of a unit may go to one device: their agreement proves less.'],
      errorEstimate: {
        maxErrorRate: 0.005,
        rate: 0.0012,
        confirmed: 1,
        single: 2,
        checks: 5,
        failedChecks: 1,
        caught: 1,
        revoked: 3,
        assumedLiars: 0.05,
      },
      estimate: { leftMs: 7_200_000, attemptsPerUnit: 1.25, unitMs: 2000, computeMs: 36_000_000, credit: 5 },
    };
    const { stdout } = await run(['jobs', 'show', id]);
    expect(stdout).toMatch(/policy\tadaptive, at most 0.5 % wrong/);
    expect(stdout).toMatch(/warning\tReplicas of a unit may go to one device/);
    expect(stdout).toMatch(
      /errors\t0.12 % of the final results may be wrong \(stated: 0.5 %\); 1 confirmed, 2 of one device/,
    );
    expect(stdout).toMatch(
      /estimate\tit waits, .* told; the whole job 10 h of run time and 5 credit, at 1.25 attempts a unit/,
    );
    expect((await run(['jobs', 'explain', id])).stdout).toBe('No volunteer is connected.\n');
    newest().finish(1, { output: 1 });
    expect((await run(['jobs', 'explain', id, '0'])).stdout).toMatch(/^It does not wait/);
    expect((await run(['jobs', 'explain', id, '1'])).stdout).toBe('It is validated.\n');
  });

  it('CL36: answer tells what results come to, and --watch until that is final', async () => {
    const id = await create();
    newest().finish(0, { output: 1 });
    expect((await run(['jobs', 'answer', id])).stdout).toMatch(
      /^answer\t{"mean":1}\nno interval\t.*\nresults in it\t1 of 4\n$/,
    );
    const { done } = start(['jobs', 'answer', id, '--watch']);
    await until(() => newest().listenerCount('change') > 0);
    for (const unit of [1, 2, 3]) newest().finish(unit, { output: 1 });
    const { status, stdout } = await done;
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /answer\t{"mean":4}\n\/mean between\t1.5 and 2.5 \(95 %\)\nresults in it\t4 of 4, and no more will come\n$/,
    );
    expect(ndjson((await run(['jobs', 'answer', id, '--json'])).stdout)).toMatchObject([{ folded: 4, isFinal: true }]);
  });

  it('CL36: --split leaves the inputs to the program', async () => {
    const { status } = await run(['jobs', 'create', 'double.ts', '--split', '--params', '{"n":3}', '--detach']);
    expect(status).toBe(0);
    expect(newest().spec).toMatchObject({ source: { kind: 'split' }, params: { n: 3 } });
    const both = await run(['jobs', 'create', 'double.ts', '--split', '--range', '0..4']);
    expect(both).toMatchObject({ status: 2, stderr: expect.stringContaining('give --range or --split, not both') });
  });

  it('CL13: watch follows a job; with --json each state is a line', async () => {
    const id = await create();
    const { done } = start(['jobs', 'watch', id, '--json']);
    await until(() => newest().listenerCount('change') > 0);
    for (let unit = 0; unit < 4; unit++) newest().finish(unit, { output: unit });
    const { status, stdout } = await done;
    expect(status).toBe(0);
    const views = ndjson(stdout) as { state: string; units: { validated: number } }[];
    expect(views.map(({ units }) => units.validated)).toEqual([0, 1, 2, 3, 4]);
    expect(views.at(-1)!.state).toBe('completed');
    expect(await run(['jobs', 'watch', id])).toMatchObject({
      status: 0,
      stdout: '',
      stderr: expect.stringContaining('4/4'),
    });
  });

  it('CL14: results come again after the job, and --no-follow gives those that are there', async () => {
    const id = await create();
    newest().finish(3, { output: 30 });
    const early = await run(['jobs', 'results', id, '--no-follow']);
    expect(early).toMatchObject({ status: 0, stdout: '{"unit":3,"input":3,"output":30}\n' });
    for (const unit of [2, 1, 0]) newest().finish(unit, unit === 1 ? { error: 'oh' } : { output: unit });
    const all = await run(['jobs', 'results', id, '--ordered']);
    expect(all.status).toBe(1);
    expect(ndjson(all.stdout)).toEqual([
      { unit: 0, input: 0, output: 0 },
      { unit: 1, input: 1, error: 'oh' },
      { unit: 2, input: 2, output: 2 },
      { unit: 3, input: 3, output: 30 },
    ]);
  });

  it('CL15: hold, release and cancel with a reason; what a finished job refuses has status 7', async () => {
    const id = await create();
    expect((await run(['jobs', 'hold', id, '--reason', 'night'])).stdout).toContain('held: night');
    expect((await run(['jobs', 'release', id])).stdout).toMatch(/state\trunning/);
    expect((await run(['jobs', 'cancel', id, '--reason', 'typo'])).status).toBe(0);
    expect(newest()).toMatchObject({ state: 'cancelled', reason: 'typo' });
    const again = await run(['jobs', 'hold', id]);
    expect(again).toMatchObject({ status: 7, stdout: '', stderr: expect.stringContaining('(job-cancelled)') });
    const results = await run(['jobs', 'results', id]);
    expect(results).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('cancelled: typo') });
  });

  it('RF16: retry --failed tells how many units are open again, and says so when nothing has failed', async () => {
    const id = await create();
    newest().finish(1, { error: 'no' });
    expect(await run(['jobs', 'retry', id, '--failed'])).toMatchObject({ status: 0, stdout: '1 unit is open again\n' });
    expect((await run(['jobs', 'retry', id, '--failed'])).stdout).toBe('nothing has failed\n');
    expect(ndjson((await run(['jobs', 'retry', id, '--failed', '--json'])).stdout)).toMatchObject([{ retried: 0 }]);
  });
});

describe('gossamer keys, blobs, grid', () => {
  it('CL16: a key’s secret is all of standard output, and keys are listed and revoked', async () => {
    const created = await run(['keys', 'create', 'lab', '--role', 'submitter']);
    expect(created).toMatchObject({ status: 0, stdout: 'gsk_secret\n' });
    const [key] = ndjson((await run(['keys', 'list', '--json'])).stdout) as { id: string }[];
    expect((await run(['keys', 'revoke', key!.id])).stdout).toBe(`${key!.id} is revoked\n`);
    expect((await run(['keys', 'list'])).stdout).toContain('lab');
  });

  it('CL17: a blob goes up from a file or standard input and comes back the same', async () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 256));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect((await run(['blobs', 'put', write('blob.bin', bytes)])).stdout).toBe(`${sha256}\n`);
    const text = await run(['blobs', 'put', '-', '--json'], { stdin: 'hello' });
    expect(ndjson(text.stdout)).toMatchObject([{ size: 5 }]);
    expect((await run(['blobs', 'get', sha256, '-o', 'back.bin'])).status).toBe(0);
    expect(Buffer.compare(readFileSync(join(folder, 'back.bin')), bytes)).toBe(0);
    const hello = createHash('sha256').update('hello').digest('hex');
    expect((await run(['blobs', 'get', hello])).stdout).toBe('hello');
  });

  it('CL17: a blob whose bytes are not those of its name is refused and leaves no file', async () => {
    coordinator.intercept = (_, response) => {
      response.writeHead(200).end('other bytes');
      return true;
    };
    const bad = await run(['blobs', 'get', '7'.repeat(64), '-o', 'bad.bin']);
    expect(bad).toMatchObject({ status: 6, stderr: expect.stringContaining('(blob-mismatch)') });
    expect(existsSync(join(folder, 'bad.bin')) || existsSync(join(folder, 'bad.bin.part'))).toBe(false);
  });

  it('CL32: an archive goes to a file, by default of the job’s name, or to standard output', async () => {
    const job = await create();
    expect(await run(['jobs', 'archive', job])).toMatchObject({ status: 0, stdout: `${job}.zip\n` });
    expect(readFileSync(join(folder, `${job}.zip`), 'utf8')).toBe('PK and bytes');
    expect((await run(['jobs', 'archive', job, '-o', '-'])).stdout).toBe('PK and bytes');
    coordinator.intercept = (request, response) => {
      if (!request.url!.endsWith('/archive')) return false;
      response.writeHead(200, { 'content-length': 12 }).write('PK and');
      setTimeout(() => request.socket.destroy(), 20);
      return true;
    };
    const broken = await run(['jobs', 'archive', job, '-o', 'broken.zip']);
    expect(broken.status).not.toBe(0);
    expect(broken.stderr).not.toMatch(/\n {4}at /);
    expect(existsSync(join(folder, 'broken.zip')) || existsSync(join(folder, 'broken.zip.part'))).toBe(false);
  });

  it('CL18: grid needs no key', async () => {
    const view = GRID;
    coordinator.intercept = (request, response) => {
      response.writeHead(request.headers.authorization === undefined ? 200 : 500).end(JSON.stringify(view));
      return true;
    };
    const { status, stdout } = await run(['grid'], { env: { GOSSAMER_KEY: '' } });
    expect(status).toBe(0);
    expect(stdout).toMatch(/grid\tTest grid\n/);
  });
});

describe('first steps', () => {
  it('CL33: doctor says what is there and what to do about what is not, and by its status what is worst', async () => {
    coordinator.intercept = (request, response) => {
      if (request.url !== '/v1/grid') return false;
      response.writeHead(200).end(JSON.stringify({ ...GRID, sessions: 1 }));
      return true;
    };
    const good = await run(['doctor', '--json']);
    expect(good.status).toBe(0);
    expect(JSON.parse(good.stdout)).toMatchObject({
      ok: true,
      findings: [
        { name: 'node', outcome: 'ok' },
        { name: 'bundler', outcome: 'ok' },
        { name: 'browser' },
        { name: 'coordinator', outcome: 'ok', text: expect.stringContaining('Test grid') },
        { name: 'volunteers', outcome: 'warning', todo: expect.stringContaining('a quorum of 2 needs two') },
        { name: 'key', outcome: 'ok', text: 'tester, submitter' },
      ],
    });
    const keyless = await run(['doctor'], { env: { GOSSAMER_KEY: '' } });
    expect(keyless).toMatchObject({ status: 3, stdout: expect.stringMatching(/FAILED +key .*\n +→ ask an operator/) });
    const away = await run(['doctor', '--url', 'http://127.0.0.1:4', '--patience', '0']);
    expect(away).toMatchObject({ status: 5, stdout: expect.stringMatching(/FAILED +coordinator .*ECONNREFUSED/) });
  });

  it('CL34: a shell is offered commands, flags and the values of a flag, by a script for each of three shells', async () => {
    const offered = async (...words: string[]): Promise<string[]> =>
      (await run(['complete', '--', ...words])).stdout.split('\n').filter((line) => line !== '');
    expect(await offered('jo')).toEqual(['jobs']);
    expect(await offered('jobs', 're')).toEqual(['release', 'results', 'retry']);
    expect(await offered('--url', 'http://x', 'jobs', 'cr')).toEqual(['create']);
    expect(await offered('map', '--form')).toEqual(['--format']);
    expect(await offered('map', '--format', 't')).toEqual(['text', 'tsv']);
    expect(await offered('map', '--input', '')).toEqual([]);
    expect(await offered('map', '--js')).toEqual(['--json']);
    for (const shell of ['bash', 'zsh', 'fish']) {
      expect((await run(['completion', shell])).stdout).toContain('complete');
    }
    expect(await run(['completion', 'tcsh'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('bash, zsh'),
    });
    const script = `eval "$(gossamer completion bash)"; COMP_WORDS=(gossamer jobs ca); COMP_CWORD=2; _gossamer; echo "$COMPREPLY"`;
    const { stdout } = await promisify(execFile)('bash', [
      '-c',
      `gossamer() { "${process.execPath}" "${main}" "$@"; }; ${script}`,
    ]);
    expect(stdout).toBe('cancel\n');
  });
});

describe('exit status and messages', () => {
  it.each([
    ['an unknown command', ['frobnicate'], 2, 'unknown command'],
    ['an unknown flag', ['jobs', 'list', '--frob'], 2, '--frob'],
    ['a range that is none', ['map', 'double.ts', '--range', '1-5'], 2, 'a..b'],
    ['params that are no JSON', ['map', 'double.ts', '--params', '{x'], 2, 'expected JSON'],
    ['a quorum that is no number', ['map', 'double.ts', '--quorum', 'two'], 2, 'integer'],
    ['range and input', ['map', 'double.ts', '--range', '1..2', '--input', 'x'], 2, 'not both'],
    ['axis and range', ['map', 'double.ts', '--axis', 'a=1', '--range', '0..1'], 2, '--range or --axis, not both'],
    ['an axis without values', ['map', 'double.ts', '--axis', 'a='], 2, 'expected name=values'],
    ['an axis twice', ['map', 'double.ts', '--axis', 'a=1', '--axis', 'a=2'], 2, '"a" is given twice'],
    ['an axis that is no JSON', ['map', 'double.ts', '--axis', 'a=[1'], 2, 'expected JSON'],
    ['records without a file', ['map', 'double.ts', '--records', '4'], 2, '--input FILE'],
    ['no inputs', ['jobs', 'create', 'double.ts'], 2, 'no inputs'],
    ['a file that is not there', ['jobs', 'create', 'double.ts', '--input', 'no.csv'], 2, 'no.csv'],
    ['an address that is none', ['jobs', 'list', '--url', 'localhost'], 2, 'localhost'],
    ['a wrong key', ['jobs', 'list', '--key', 'wrong'], 3, '(key-wrong)'],
    ['an unknown job', ['jobs', 'show', UNKNOWN], 4, '(job-unknown)'],
    ['an unknown key', ['keys', 'revoke', 'key_x'], 4, '(key-unknown)'],
    ['an unknown blob', ['blobs', 'get', '1'.repeat(64)], 4, '(blob-unknown)'],
    ['no coordinator', ['jobs', 'list', '--url', 'http://127.0.0.1:4', '--patience', '0'], 5, 'ECONNREFUSED'],
    [
      'a program with an import of Node',
      ['map', 'node.ts', '--range', '0..1'],
      6,
      'node.ts:1:22: "node:os" is built into Node',
    ],
    ['a program that does not compile', ['map', 'broken.ts', '--range', '0..1'], 6, 'broken.ts:1:26'],
    ['a program without run', ['map', 'norun.ts', '--range', '0..1'], 6, '(program-exports)'],
    ['a program that is not there', ['map', 'nothing.ts', '--range', '0..1'], 2, 'there is no file nothing.ts'],
    ['an empty range', ['map', 'double.ts', '--range', '3..3'], 6, '(source-empty)'],
    ['a quorum that is too high', ['map', 'double.ts', '--range', '0..1', '--quorum', '99'], 6, 'policy'],
  ])('CL19: %s', async (_, args, status, said) => {
    const jobs = coordinator.jobs.length;
    const result = await run(args);
    expect(result).toMatchObject({ status, stdout: '' });
    expect(result.stderr).toContain(said);
    expect(result.stderr).not.toMatch(/\n {4}at /);
    expect(coordinator.jobs).toHaveLength(jobs);
  });

  it('CL19: no key at all, and empty standard input', async () => {
    expect(await run(['jobs', 'list'], { env: { GOSSAMER_KEY: '' } })).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('GOSSAMER_KEY'),
    });
    expect(await run(['map', 'double.ts'])).toMatchObject({
      status: 6,
      stderr: expect.stringContaining('source-empty'),
    });
  });

  it('CL20: with --json an error is one JSON object on standard error', async () => {
    const { stderr, status } = await run(['jobs', 'show', UNKNOWN, '--json']);
    expect(status).toBe(4);
    expect(JSON.parse(stderr)).toEqual({ code: 'job-unknown', message: 'There is no such job', status: 404 });
  });

  it('CL21: help lists every exit status and never the key', async () => {
    const { status, stdout } = await run(['--help']);
    expect(status).toBe(0);
    for (const code of [0, 1, 2, 3, 4, 5, 6, 7, 70, 130]) expect(stdout).toMatch(new RegExp(`^  ${code} +\\w`, 'm'));
    expect(stdout).not.toContain('gsk_test');
  });
});
