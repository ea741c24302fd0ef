import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { useGossamer } from './gossamer.ts';
import { useCoordinator } from './real-grid.ts';

const { folder, run, write } = useGossamer();
const { env } = useCoordinator(folder, { GOSSAMER_JOB_DATA_MB: '1' });

const RANGE = ['--range', '0..3'];

beforeAll(() => {
  write('ok.ts', 'export const run = (x: number) => x * 2;');
  write('syntax.ts', 'export const run = (x: number) => {\n  return x +;\n};');
  write('norun.ts', 'export const main = (x: number) => x;');
  write('value.ts', '// six times seven\nexport const run = 42;');
  write('generator.ts', 'export async function* run(x: number) { yield x; }');
  write(
    'computed-run.ts',
    'const define = (program: object) => program;\nexport const run = define({ run: () => 1 });',
  );
  write('node.ts', 'import { readFileSync } from "node:fs";\nexport const run = () => readFileSync("/x", "utf8");');
  write('package.ts', 'import { nothing } from "no-such-package";\nexport const run = () => nothing;');
  write('relative.ts', 'import { nothing } from "./not-there.ts";\nexport const run = () => nothing;');
  write('computed.ts', 'export const run = async (name: string) => (await import(name)).value;');
  write('native.ts', 'import addon from "./addon.node";\nexport const run = () => addon;');
  write('addon.node', 'x');
  write('picture.ts', 'import picture from "./cat.png";\nexport const run = () => picture;');
  write('cat.png', 'x');
  write('large.js', `export const run = () => "${'x'.repeat(5 * 1024 * 1024)}";`);
  write('empty.ts', '');
  write('program.py', 'print(1)');
  write('broken.wasm', Buffer.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 2, 3]));
  write('text.wasm', 'hello');
  mkdirSync(join(folder, 'folder'));

  write('split-number.ts', 'export const split = () => 7;\nexport const run = (x: number) => x;');
  write('split-throws.ts', 'export const split = () => { throw new Error("no data"); };\nexport const run = () => 1;');
  write('split-empty.ts', 'export const split = () => [];\nexport const run = () => 1;');
  write('split-loops.ts', 'export const split = () => { for (;;); };\nexport const run = () => 1;');
  write('split-function.ts', 'export const split = () => [() => 1];\nexport const run = () => 1;');

  write('bad.ndjson', '1\n{"a":\n3\n');
  write('empty.ndjson', '\n');
  write('long.txt', `short\n${'x'.repeat(70_000)}\n`);
  write('latin1.txt', Buffer.from('fine\ncaf\xe9\n', 'latin1'));
  write('latin1.csv', Buffer.from('a,b\ncaf\xe9,1\n', 'latin1'));
  write('ragged.csv', 'a,b\n1,2\n3\n');
  write('twice.csv', 'a,a\n1,2\n');
  write('quote.csv', 'a,b\n1,x"y\n');
  write('five.bin', 'abcde');
  write('object.json', '{"a": 1}');
  write('lines.json', '1\n2\n');
  write('none.json', '[]');
  write('large.bin', Buffer.alloc(1024 * 1024 + 1));
});

/** What is wrong, the arguments of `jobs create`, the status, and what is said: what, where, and what to do. */
type Mistake = readonly [what: string, args: readonly string[], status: number, says: RegExp];

const PROGRAMS: Mistake[] = [
  ['it does not compile', ['syntax.ts', ...RANGE], 6, /syntax\.ts:2:13: Unexpected ";" \(program-invalid\)/],
  [
    'it exports no run',
    ['norun.ts', ...RANGE],
    6,
    /norun\.ts: it exports main; write `export function run\(input, ctx\)/,
  ],
  [
    'its run is a value',
    ['value.ts', ...RANGE],
    6,
    /value\.ts:2:20: `run` is a number; it must be a function: export function run\(input, ctx\)/,
  ],
  [
    'its run is a generator',
    ['generator.ts', ...RANGE],
    6,
    /generator\.ts:1:\d+: `run` is an async generator, and a unit has one result: return it/,
  ],
  [
    'its run is what only an evaluation tells',
    ['computed-run.ts', ...RANGE],
    6,
    /program\.js: `run` is an object; it must be a function/,
  ],
  ['it is empty', ['empty.ts', ...RANGE], 6, /empty\.ts: it exports nothing; write `export function run/],
  [
    'it needs Node',
    ['node.ts', ...RANGE],
    6,
    /node\.ts:1:30: "node:fs" is built into Node.* pass what it gives as an input/,
  ],
  [
    'a package is missing',
    ['package.ts', ...RANGE],
    6,
    /package\.ts:1:25: "no-such-package" cannot be found: .*; `npm install no-such-package` in \/\S+ installs it/,
  ],
  [
    'a file is missing',
    ['relative.ts', ...RANGE],
    6,
    /relative\.ts:1:25: "\.\/not-there\.ts" cannot be found: there is no file \/\S+not-there\.ts; mend its path/,
  ],
  ['it imports by a computed name', ['computed.ts', ...RANGE], 6, /computed\.ts:1:\d+: .*\(program-imports\)/],
  [
    'a native add-on',
    ['native.ts', ...RANGE],
    6,
    /native\.ts:1:19: "\.\/addon\.node" is a native add-on.*; use a JavaScript or wasm package/,
  ],
  [
    'it imports what is no code',
    ['picture.ts', ...RANGE],
    6,
    /picture\.ts:1:21: .*cat\.png: pass what is in it as an input/,
  ],
  ['it is too large', ['large.js', ...RANGE], 6, /large\.js is 52\d+ bytes as a bundle; 4194304 are allowed/],
  [
    'another language',
    ['program.py', ...RANGE],
    6,
    /gossamer: program\.py is no program: no volunteer's browser has Python: write/,
  ],
  ['no module of wasm', ['text.wasm', ...RANGE], 6, /text\.wasm:0x00: this is no module of WebAssembly/],
  [
    'a module of wasm that is cut off',
    ['broken.wasm', ...RANGE],
    6,
    /broken\.wasm:0x0a: the section of types has 2 bytes, of which 1/,
  ],
  [
    'it is not there',
    ['nowhere.ts', ...RANGE],
    2,
    /gossamer: there is no file nowhere\.ts \(looked for \/\S+nowhere\.ts\)/,
  ],
  ['its name has another end', ['ok.js', ...RANGE], 2, /there is no file ok\.js .*; did you mean ok\.ts\?/],
  ['it is a table', ['ragged.csv', ...RANGE], 6, /ragged\.csv is no program: it is data: .*\(--input ragged\.csv\)/],
  ['it is a folder', ['folder', ...RANGE], 2, /folder is a folder, and a program is one file/],
  [
    'equals is asked for and is not there',
    ['ok.ts', ...RANGE, '--equals'],
    6,
    /must export a function equals\(a, b\) that tells/,
  ],
  [
    'check is asked for and is not there',
    ['ok.ts', ...RANGE, '--policy', 'check'],
    6,
    /must export a function check\(input, result\)/,
  ],
  [
    'split is asked for and is not there',
    ['ok.ts', '--split'],
    6,
    /must export a function split\(params\) that returns the inputs/,
  ],
  [
    'split gives a number',
    ['split-number.ts', '--split'],
    6,
    /split must return its inputs, as an array.*and returned a number/,
  ],
  ['split throws', ['split-throws.ts', '--split'], 6, /the program threw Error: no data \(at split/],
  ['split gives nothing', ['split-empty.ts', '--split'], 6, /\(source-empty\)/],
  ['split never ends', ['split-loops.ts', '--split'], 6, /split failed: the program gave no answer within \d+ ms/],
  ['split gives a function', ['split-function.ts', '--split'], 6, /split.* a function/],
];

const SOURCES: Mistake[] = [
  ['none', ['ok.ts'], 2, /there are no inputs: give --range a\.\.b, --axis NAME=VALUES, --split or --input FILE/],
  ['two', ['ok.ts', '--axis', 'a=1', ...RANGE], 2, /give --range or --axis, not both/],
  ['a range that holds nothing', ['ok.ts', '--range', '3..0'], 6, /range\(3, 0, 1\) holds no number/],
  ['a range of a word', ['ok.ts', '--range', '0..x'], 2, /argument '0\.\.x' is invalid\. expected an integer/],
  ['a step of nothing', ['ok.ts', '--range', '0..5..0'], 6, /expected integers, and a step not 0/],
  ['more units than can be named', ['ok.ts', '--range', '0..5000000000'], 6, /\(source-too-large\)/],
  ['a parameter without values', ['ok.ts', '--axis', 'a='], 2, /expected name=values/],
];

const FILES: Mistake[] = [
  ['it is not there', ['ok.ts', '--input', 'nowhere.csv'], 2, /there is no file nowhere\.csv/],
  ['it is a folder', ['ok.ts', '--input', 'folder'], 2, /folder is no file/],
  [
    'it has no lines',
    ['ok.ts', '--input', 'empty.ndjson'],
    6,
    /yields no work units: empty\.ndjson: it has nothing but blank lines; each line is an input \(source-empty\)/,
  ],
  [
    'a line is no JSON',
    ['ok.ts', '--input', 'bad.ndjson'],
    6,
    /line 2 is no JSON: .*; mend it, or read the lines as text/,
  ],
  [
    'a line is too long',
    ['ok.ts', '--input', 'long.txt', '--format', 'text'],
    6,
    /line 2 has 70000 bytes; at most 65536 are allowed/,
  ],
  [
    'a line is no UTF-8',
    ['ok.ts', '--input', 'latin1.txt', '--format', 'text'],
    6,
    /line 2 is no text in UTF-8: convert the file to UTF-8/,
  ],
  ['a table is no UTF-8', ['ok.ts', '--input', 'latin1.csv'], 6, /after line 1 is no text in UTF-8: convert the file/],
  ['a row is short', ['ok.ts', '--input', 'ragged.csv'], 6, /line 3 has 1 field, and the first row 2: mend the row/],
  [
    'a column has the name of another',
    ['ok.ts', '--input', 'twice.csv'],
    6,
    /the first row has the name “a” twice: give each column a name/,
  ],
  [
    'a quote stands within a value',
    ['ok.ts', '--input', 'quote.csv'],
    6,
    /line 2: a quote stands within a value; write ""/,
  ],
  ['records of no bytes', ['ok.ts', '--input', 'five.bin', '--records', '0'], 6, /body\.source\.bytes: .*>=1/],
  [
    'records that never get on',
    ['ok.ts', '--input', 'five.bin', '--records', '2', '--overlap', '2'],
    2,
    /--overlap 2 must be less than --records 2: it is the part of a record/,
  ],
  ['shared data that is not there', ['ok.ts', ...RANGE, '--data', 'x=nowhere.bin'], 2, /there is no file nowhere\.bin/],
  ['shared data without a name', ['ok.ts', ...RANGE, '--data', 'x'], 2, /expected name=file/],
  ['shared data that is too large', ['ok.ts', ...RANGE, '--data', 'x=large.bin'], 6, /\(data-too-large\)/],
];

/** Flags that would do nothing, what is said instead, and what to do. */
const USELESS: Mistake[] = [
  [
    'an overlap of no records',
    ['ok.ts', '--input', 'five.bin', '--overlap', '2'],
    2,
    /--overlap is of records: give --records BYTES with it/,
  ],
  ['an offset of no records', ['ok.ts', ...RANGE, '--offset', '2'], 2, /--offset is of records: give --records/],
  ['a type of no records', ['ok.ts', ...RANGE, '--type', 'int8'], 2, /--type is of records: give --records/],
  [
    'a type that there is not',
    ['ok.ts', '--input', 'five.bin', '--type', 'int7'],
    2,
    /Allowed choices are int8, uint8/,
  ],
  [
    'a range without a header',
    ['ok.ts', ...RANGE, '--no-header'],
    2,
    /--no-header says how lines are read, and with --range none are: leave it out/,
  ],
  ['a range in a format', ['ok.ts', ...RANGE, '--format', 'csv'], 2, /--format says .* with --range none are/],
  ['a split in a format', ['ok.ts', '--split', '--format', 'text'], 2, /--format says .* with --split none are/],
  ['axes in a format', ['ok.ts', '--axis', 'a=1', '--format', 'text'], 2, /--format says .* with --axis none are/],
  [
    'records in a format',
    ['ok.ts', '--input', 'five.bin', '--records', '2', '--format', 'csv'],
    2,
    /--format says .* with --records none are/,
  ],
  [
    'lines without a header',
    ['ok.ts', '--input', 'long.txt', '--no-header'],
    2,
    /--no-header is of tables, and here long\.txt is read as lines: give --format csv/,
  ],
  [
    'records of a table',
    ['ok.ts', '--input', 'ragged.csv', '--records', '4'],
    2,
    /by its name ragged\.csv is read as a table: leave out --records, or/,
  ],
  [
    'records of a list',
    ['ok.ts', '--input', 'object.json', '--records', '4'],
    2,
    /by its name object\.json is read as a list/,
  ],
  [
    'JSON that is no list',
    ['ok.ts', '--input', 'object.json'],
    6,
    /object\.json is JSON but no array, whose items are the inputs: put it in \[ \] .*\(source-invalid\)/,
  ],
  [
    'lines of JSON under the name of a list',
    ['ok.ts', '--input', 'lines.json'],
    6,
    /lines\.json is to be one array of JSON: .* say --format ndjson/,
  ],
  [
    'an empty list',
    ['ok.ts', '--input', 'none.json'],
    6,
    /there are no inputs: none\.json is an empty array, and its items are the inputs \(source-empty\)/,
  ],
  ['a list that is not there', ['ok.ts', '--input', 'nowhere.json'], 2, /there is no file nowhere\.json/],
];

const POLICIES: Mistake[] = [
  [
    'parameters that are no JSON',
    ['ok.ts', ...RANGE, '--params', '{a:1}'],
    2,
    /'\{a:1\}' is invalid\. expected JSON: Expected property name/,
  ],
  ['a quorum of nobody', ['ok.ts', ...RANGE, '--quorum', '0'], 6, /policy\.quorum: .*>=1/],
  ['a quorum of too many', ['ok.ts', ...RANGE, '--quorum', '99'], 6, /policy\.quorum: .*<=16/],
  [
    'two policies',
    ['ok.ts', ...RANGE, '--policy', 'trusted', '--quorum', '2'],
    2,
    /one policy, not trusted and quorum: --quorum is for quorum/,
  ],
  ['a policy that there is not', ['ok.ts', ...RANGE, '--policy', 'majority'], 2, /Allowed choices are .*quorum/],
  ['an error rate above one', ['ok.ts', ...RANGE, '--max-error-rate', '2'], 6, /policy\.maxErrorRate: .*<=0\.2/],
  ['two comparisons', ['ok.ts', ...RANGE, '--equals', '--tolerance-absolute', '1'], 2, /not both/],
  ['a tolerance below nothing', ['ok.ts', ...RANGE, '--tolerance-absolute', '-1'], 2, /expected a number above 0/],
  ['no time at all', ['ok.ts', ...RANGE, '--deadline', '0'], 6, /limits\.deadlineMs: .*>=100/],
  ['leases of less than no time', ['ok.ts', ...RANGE, '--chunk', '-1'], 2, /expected a number above 0/],
  [
    'a flag that there is not',
    ['ok.ts', ...RANGE, '--qorum', '2'],
    2,
    /unknown option '--qorum'\n\(Did you mean --quorum\?\)/,
  ],
];

describe.each([
  ['a program', PROGRAMS],
  ['a source', SOURCES],
  ['a file', FILES],
  ['a policy', POLICIES],
])('CL47: mistakes in %s', (_, mistakes) => {
  it.each(mistakes)('CL47: %s', async (_what, args, status, says) => {
    const made = await run(['jobs', 'create', ...args, '--detach'], { env: env() });
    expect(made).toMatchObject({ status, stdout: '' });
    expect(made.stderr).toMatch(says);
    expect(made.stderr).not.toMatch(/\n {4}at /);
  });
});

it.each(USELESS)('CL86: %s', async (_what, args, status, says) => {
  const made = await run(['jobs', 'create', ...args, '--detach'], { env: env() });
  expect(made).toMatchObject({ status, stdout: '' });
  expect(made.stderr).toMatch(says);
});

it.each([
  ['no JSON', 'bad.ndjson', '1\n{"a":\n3\n', /line 2 is no JSON/],
  ['no UTF-8', 'latin1.txt', Buffer.from('fine\ncaf\xe9\n', 'latin1'), /line 2 is no text in UTF-8/],
])('CL82: a line that is %s has the same status and code wherever it comes from', async (_, file, stdin, says) => {
  const create = (input: string) => ['jobs', 'create', 'ok.ts', '--detach', '--json', '--input', input];
  const refusals = [
    await run(create(file), { env: env() }),
    await run(create('-'), { stdin, env: env() }),
    await run(['map', 'ok.ts', '--detach', '--json'], { stdin, env: env() }),
  ];
  for (const { status, stdout, stderr } of refusals) {
    expect([status, stdout]).toEqual([6, '']);
    expect(JSON.parse(stderr)).toMatchObject({ code: 'source-invalid', message: expect.stringMatching(says) });
  }
  const jobs = write('bad-jobs.ndjson', stdin);
  const [filed, piped] = [jobs, '-'].map((name) => run(['batches', 'create', name], { stdin, env: env() }));
  expect([(await filed!).status, (await piped!).status]).toEqual([6, 6]);
});

it('CL47: none of them made a job', async () => {
  expect(await run(['jobs', 'list', '--json'], { env: env() })).toMatchObject({ status: 0, stdout: '' });
});
