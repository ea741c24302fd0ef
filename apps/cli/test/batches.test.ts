import { BatchSpec, type JobSpec, type ProgramSignature } from '@gossamer/protocol';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ndjson, useGossamer } from './gossamer.ts';
import { useCoordinator } from './real-grid.ts';

const { coordinator, folder, run, write } = useGossamer();
const real = useCoordinator(folder);
const home = mkdtempSync(join(tmpdir(), 'gossamer-home-'));
afterAll(() => rmSync(home, { recursive: true }));

/** Bodies of the requests for a batch that came to the coordinator that only listens. */
const asked: BatchSpec[] = [];
const SOURCE = { kind: 'range', start: 0, stop: 3 };
const line = (job: object): string => JSON.stringify({ name: 'one', program: './double.ts', source: SOURCE, ...job });

beforeAll(() => {
  write('double.ts', 'export const run = (x: number) => x * 2;');
  write('broken.ts', 'export const run = (x => ;');
});
beforeEach(() => {
  asked.length = 0;
  coordinator.intercept = (request, response) => {
    if (request.url !== '/v1/batches') return false;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push(BatchSpec.parse(JSON.parse(String(Buffer.concat(chunks)))));
      const problem = { type: '', title: 'This is as far as it goes', status: 409, code: 'quota-exceeded' };
      response.writeHead(409, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
    });
    return true;
  };
});

const create = (lines: readonly string[], ...flags: string[]) =>
  run(['batches', 'create', write('jobs.ndjson', lines.join('\n')), ...flags], { env: { XDG_CONFIG_HOME: home } });
const onReal = (lines: readonly string[], ...flags: string[]) =>
  run(['batches', 'create', write('jobs.ndjson', lines.join('\n')), ...flags], { env: real.env() });
const sent = (): JobSpec[] => asked.at(-1)!.jobs;

describe('what a batch is made of', () => {
  it('CL76: a program that is bundled for a batch has its source map, as one of `map` has, unless the line names another', async () => {
    const other = 'ab'.repeat(32);
    await create([line({}), line({ name: 'two' }), line({ sourceMap: other }), line({ sourceMap: null })]);
    const [first, ...others] = sent().map(({ sourceMap }) => sourceMap);
    expect(others).toEqual([first, other, null]);
    expect(JSON.parse(String(coordinator.blobs.get(first!)))).toMatchObject({
      sources: [expect.stringContaining('double.ts')],
    });
    const [uploaded] = ndjson((await run(['programs', 'upload', 'double.ts', '--json'])).stdout);
    expect(uploaded).toEqual({ sha256: sent()[0]!.program, name: 'double.ts', sourceMap: first });
    await create([line({ program: other })]);
    expect(sent()[0]).toMatchObject({ program: other, sourceMap: null });
  });

  it('CL77: each job is signed for what it may use by --signer or GOSSAMER_SIGNER; a signature of its line stays', async () => {
    expect(await run(['signers', 'create', 'ada', '--offline'], { env: { XDG_CONFIG_HOME: home } })).toMatchObject({
      status: 0,
    });
    const short = { limits: { deadlineMs: 5000 } };
    await create([line({}), line({ name: 'two', ...short }), line({ name: 'three' })], '--signer', 'ada');
    const [one, two, three] = sent().map(({ signature }) => signature!);
    const of = { name: 'double.ts', sha256: sent()[0]!.program };
    expect(one!.manifest).toMatchObject({ ...of, limits: { deadlineMs: 60_000 } });
    expect(two!.manifest).toMatchObject({ ...of, ...short });
    // Jobs that differ in their names alone stay alike: the coordinator reads their source once.
    expect(three).toEqual(one);

    const own: ProgramSignature = sent()[1]!.signature!;
    const env = { GOSSAMER_SIGNER: 'ada', XDG_CONFIG_HOME: home };
    const lines = [
      line({}),
      line({ signature: own, ...short }),
      line({ signature: null }),
      line({ program: 'ab'.repeat(32) }),
    ];
    const named = await run(['batches', 'create', write('jobs.ndjson', lines.join('\n'))], { env });
    expect(sent()[1]!.signature).toEqual(own);
    expect(sent().map(({ signature }) => signature?.manifest.name ?? null)).toEqual([
      'double.ts',
      'double.ts',
      null,
      null,
    ]);
    expect(named.stderr).toContain('1 job names its program by SHA-256, and is not signed');

    await create(
      [line({}), line({ program: own.manifest.sha256 })],
      '--signature',
      write('two.json', JSON.stringify(own)),
    );
    expect(sent().map(({ signature }) => signature)).toEqual([own, own]);
    const wrong = await create([line({}), '', line({ program: 'ab'.repeat(32) })], '--signature', 'two.json');
    expect(wrong).toMatchObject({
      status: 6,
      stderr: expect.stringMatching(/line 3: the signature of --signature is of/),
    });
    expect(await create([line({})], '--signer', 'nobody')).toMatchObject({ status: 2 });
    expect(asked).toHaveLength(3);
  });

  it('CL78: it is said once that inputs can be seen; a relative path is relative to the working directory', async () => {
    mkdirSync(join(folder, 'elsewhere'), { recursive: true });
    writeFileSync(join(folder, 'elsewhere/jobs.ndjson'), [line({}), line({})].join('\n'));
    const made = await run(['batches', 'create', 'elsewhere/jobs.ndjson'], { env: real.env() });
    expect(made).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/^batch_\S+: its inputs can be seen by the volunteers who compute them\n$/),
    });
    const help = (await run(['batches', 'create', '--help'])).stdout;
    expect(help).toContain('A relative path is relative to the working directory, not to FILE.');
  });
});

it('CL79: all that does not fit of a line is told at once', async () => {
  const made = await create([line({}), line({ qorum: 2, wieght: 3, limits: { maxErrors: 0 } })]);
  expect(made.status).toBe(6);
  for (const field of ['qorum', 'wieght', 'limits.maxErrors']) expect(made.stderr).toContain(`line 2: ${field}: `);
});

/** What is wrong with a job, and what is said. */
const FIELDS: (readonly [job: object, says: string])[] = [
  [{ source: { kind: 'rage' } }, 'source.kind: there is no "rage": did you mean "range"?'],
  [{ source: { kind: 'xyz' } }, 'source.kind: expected one of range, list, lines, csv, product, packed'],
  [
    { source: 'range' },
    'source: expected an object, such as {"kind": "range", "start": 0, "stop": 100}, and found "range"',
  ],
  [{ source: undefined }, 'source: it is missing: expected an object, such as {"kind": "range"'],
  [{ source: { ...SOURCE, end: 3 } }, 'source.end: there is no such field; there are kind, start, stop, step'],
  [{ source: { kind: 'range', start: 0 } }, 'source.stop: it is missing: expected a number'],
  [
    { source: { kind: 'csv', blob: './stars.csv' } },
    'source.blob: expected the SHA-256 of a blob, and found "./stars.csv"; `gossamer blobs put FILE` puts a file there',
  ],
  [{ source: { kind: 'lines', blob: 'ab'.repeat(32) } }, 'source.format: it is missing: expected "ndjson" or "text"'],
  [{ quorum: 3 }, 'quorum: there is no such field here: did you mean "policy":{"kind":"quorum","quorum":3}?'],
  [{ trusted: true }, 'trusted: there is no such field here: did you mean "policy":{"kind":"trusted"}?'],
  [{ deadlineMs: 500 }, 'deadlineMs: there is no such field here: did you mean "limits":{"deadlineMs":500}?'],
  [{ sourc: 1 }, 'sourc: there is no such field: did you mean "source"?'],
  [{ limits: { deadline: 5 } }, 'limits.deadline: there is no such field: did you mean "deadlineMs"?'],
  [{ policy: { kind: 'quorum', quorum: '2' } }, 'policy.quorum: expected a number, and found "2"'],
  [{ priority: 50 }, 'priority: expected 10 at the most, and found 50'],
  [{ weight: 0 }, 'weight: expected more than 0, and found 0'],
  [{ seed: 1.5 }, 'seed: expected a whole number, and found 1.5'],
  [{ name: undefined }, 'name: it is missing: expected a text'],
];

it('CL97: what does not fit of a job is told in words, with what was probably meant', async () => {
  const { status, stderr } = await create(FIELDS.map(([job]) => line(job)));
  expect(status).toBe(6);
  FIELDS.forEach(([, says], at) => expect(stderr).toContain(`line ${at + 1}: ${says}`));
  expect(stderr).not.toMatch(/Invalid|Too |Unrecognized/);
});

it('CL98: every line of a batch that is wrong is told, up to twenty, and how many more there are', async () => {
  const bad = (count: number) => Array.from({ length: count }, (_, at) => (at % 2 === 0 ? '7' : line({ seed: -1 })));
  const all = await create([line({}), ...bad(20)]);
  expect(all.stderr.match(/line \d+: /g)!.map((text) => Number(/\d+/.exec(text)![0]))).toEqual(
    Array.from({ length: 20 }, (_, at) => at + 2),
  );
  const many = await create([line({}), ...bad(25)]);
  expect(many.stderr.match(/line \d+: /g)).toHaveLength(21);
  expect(many.stderr).toContain('  line 22: it is wrong, too, and 4 more after it\n');
  const [json] = ndjson((await create(bad(2), '--json')).stderr) as [{ errors: { path: string }[] }];
  expect(json.errors.map(({ path }) => path)).toEqual(['line 1', 'line 2: seed']);
});

it('CL98: every program of a batch that cannot be bundled is told by its first line', async () => {
  write('no-run.ts', 'export const walk = 1;');
  const programs = ['./broken.ts', './double.ts', './broken.ts', './no-run.ts', './nowhere.ts'];
  const { status, stderr } = await create(programs.map((program) => line({ program })));
  expect(status).toBe(6);
  expect(stderr).toMatch(/^gossamer: line 1: .*broken\.ts:1:\d+/);
  expect(stderr).toMatch(/\n {2}line 4: .*no-run\.ts: it exports walk/);
  expect(stderr).toMatch(/\n {2}line 5: .*nowhere\.ts/);
  expect(stderr).not.toMatch(/line [23]/);
  expect(asked).toEqual([]);
});

it('CL79: a job that is written over several lines, or an array of jobs, is told how lines are made of it', async () => {
  for (const text of [`[\n${line({})}\n]`, JSON.stringify(JSON.parse(line({})), null, 2), `[${line({})}]`]) {
    const made = await create([text]);
    expect(made).toMatchObject({ status: 6, stderr: expect.stringMatching(/line 1.*`jq -c/) });
  }
});

it('CL78: the lines that README and help show are jobs', async () => {
  write('fit.ts', 'export const run = (x: number) => x;');
  const help = (await run(['batches', 'create', '--help'])).stdout;
  for (const text of [help, readFileSync(new URL('../README.md', import.meta.url), 'utf8')]) {
    const shown = [...text.matchAll(/^ *(\{"name".*\})$/gm)].map(([, job]) => job!);
    expect(shown.length).toBeGreaterThan(0);
    await create(shown);
    expect(sent().map(({ name }) => name)).toEqual(shown.map((job) => (JSON.parse(job) as { name: string }).name));
  }
});

const HEX = 'ab'.repeat(32);

/** What is wrong, the lines after a blank one and a good one, and what is said. */
const MISTAKES: (readonly [what: string, lines: string[], says: RegExp])[] = [
  ['a line that is no JSON', ['{"a":'], /line 4: it is no JSON: .*\(request-invalid\)/],
  ['a line that is no object', ['7'], /line 4: expected an object, as `POST \/v1\/jobs` takes it/],
  ['a line without a program', ['{"name":"x"}'], /line 4: program: expected the path of a program, or its SHA-256/],
  ['a field that there is not', [line({ nmae: 2 })], /line 4: nmae: there is no such field: did you mean "name"\?/],
  [
    'a value that is too small',
    [line({ policy: { kind: 'quorum', quorum: 0 } })],
    /line 4: policy\.quorum: expected 1 at the least, and found 0/,
  ],
  [
    'a program that does not compile',
    [line({ program: './broken.ts' })],
    /line 4: .*broken\.ts:1:\d+: .*\(program-invalid\)/,
  ],
  [
    'a program that is not there',
    [line({ program: './none.ts' })],
    /line 4: there is no file \.\/none\.ts \(looked for \/\S+\/none\.ts\)/,
  ],
  ['a program that the grid has not', [line({ program: HEX })], /: line 4 \(“one”\): .*\(blob-unknown\)/],
  [
    'a source that holds nothing',
    [line({ name: 'jobs.0 x', source: { kind: 'range', start: 3, stop: 3 } })],
    /: line 4 \(“jobs\.0 x”\): .*\(source-empty\)/,
  ],
  [
    'a policy that contradicts itself',
    [line({ policy: { kind: 'trusted' }, sameClass: true })],
    /: line 4 \(“one”\): [^]*\(policy-contradictory\)/,
  ],
];

it.each(MISTAKES)(
  'CL79: %s is told by its line of the file, blank ones counted, and makes no batch',
  async (_, lines, says) => {
    const made = await onReal(['', line({}), '  ', ...lines]);
    const status = lines[0]!.includes(HEX) ? 4 : lines[0]!.includes('none.ts') ? 2 : 6;
    expect(made).toMatchObject({ stdout: '', status });
    expect(made.stderr).toMatch(says);
    expect(made.stderr).not.toMatch(/\n {4}at |(?<!“)jobs\.\d/);
    const piped = await run(['batches', 'create', '-', '--json'], {
      stdin: ['', line({}), '  ', ...lines].join('\r\n'),
      env: real.env(),
    });
    expect(piped.status).toBe(made.status);
    const [told] = ndjson(piped.stderr) as [{ errors?: { path: string }[] }];
    for (const { path } of told.errors ?? []) expect(path).toMatch(/^line 4\b|^(\.\/)?\w+\.ts/);
  },
);

it('CL79: nothing is uploaded for a file of which a later line is wrong', async () => {
  const before = coordinator.requests.length;
  expect(await create([line({ program: './double.ts' }), '7'])).toMatchObject({ status: 6 });
  expect(coordinator.requests).toHaveLength(before);
});

it('CL80: more jobs than a batch may have, and more bytes than a request, are refused with what to do', async () => {
  const many = await create(Array.from({ length: 1001 }, () => line({})));
  expect(many).toMatchObject({ status: 6, stdout: '' });
  expect(many.stderr).toMatch(/a batch has 1000 jobs at the most.*`split -l 1000 jobs\.ndjson part-`/);
  const items = Array.from({ length: 50_000 }, () => 'x'.repeat(60));
  const large = await create([1, 2].map(() => line({ source: { kind: 'list', items } })));
  expect(large).toMatchObject({ status: 6, stdout: '' });
  expect(large.stderr).toMatch(/a request may have 4194304: make several batches.*\(body-too-large\)/);
  expect(await create(['', ''])).toMatchObject({ status: 6, stderr: expect.stringContaining('there is no job') });
  expect(asked).toEqual([]);
});
