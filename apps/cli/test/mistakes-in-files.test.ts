import { beforeAll, expect, it } from 'vitest';
import { ndjson, useGossamer } from './gossamer.ts';
import { useCoordinator } from './real-grid.ts';

const { folder, run, write } = useGossamer();
const { env } = useCoordinator(folder);

beforeAll(() => {
  write('ok.ts', 'export const run = (x: number) => x * 2;');
  write('semicolons.csv', 'a;b;c\n1;2;3\n');
  write('decimals.csv', 'a;b\n1,5;2\n');
  write('tabs.csv', 'a\tb\n1\t2\n');
  write('commas.tsv', 'a,b\n1,2\n');
  write('meant.csv', '"a;b"\n1\n');
  write('header.csv', 'a,b\n');
  write('empty.csv', '');
  write('empty.ndjson', '');
  write('blank.txt', '\n\n');
  write('ragged.csv', 'a,b\n1,2\n3\n');
  write('bad.ndjson', '1\n{"a":\n');
  write('few.bin', 'abcd');
});

const create = (...args: string[]) => run(['jobs', 'create', 'ok.ts', '--detach', ...args], { env: env() });

it.each([
  ['semicolons.csv', "--delimiter ';'"],
  ['decimals.csv', "--delimiter ';'"],
  ['tabs.csv', '--delimiter tab'],
  ['commas.tsv', "--delimiter ','"],
])('CL95: a table that is delimited in another way is refused with the flag that says it: %s', async (file, flag) => {
  const { status, stdout, stderr } = await create('--input', file);
  expect([status, stdout]).toEqual([6, '']);
  expect(stderr).toMatch(/The source cannot be read: \S+sv: the first row is one column named “a[;,\\]/);
  expect(stderr).toContain(`is the delimiter another one? Say it (${flag};`);
});

it('CL95: with the delimiter that was named its columns are inputs', async () => {
  const inputs = async (...args: string[]): Promise<unknown[]> => {
    const made = await create('--json', ...args);
    expect(made).toMatchObject({ status: 0 });
    const { id } = JSON.parse(made.stdout) as { id: string };
    const { stdout } = await run(['jobs', 'spec', id, '--json'], { env: env() });
    return ndjson(stdout).map((spec) => (spec as { source: { delimiter: string } }).source.delimiter);
  };
  expect(await inputs('--input', 'semicolons.csv', '--delimiter', ';')).toEqual([';']);
  expect(await inputs('--input', 'tabs.csv', '--delimiter', 'tab')).toEqual(['\t']);
  expect(await inputs('--input', 'tabs.csv', '--delimiter', '\\t')).toEqual(['\t']);
  expect(await inputs('--input', 'meant.csv')).toEqual([',']);
});

it.each([
  [['--input', 'semicolons.csv', '--delimiter', ';;'], /expected one character, such as ';' or '\|', or tab/],
  [['--input', 'blank.txt', '--delimiter', ';'], /--delimiter is of tables, and here blank\.txt is read as lines/],
  [['--range', '0..3', '--delimiter', ';'], /--delimiter says how lines are read, and with --range none are/],
])('CL95: a delimiter that is none, or of no table, is refused: %j', async (args, says) => {
  expect(await create(...args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(says) });
});

it.each([
  [
    'header.csv',
    'header.csv: the table has only a header row; each row after it is an input. Where that row is data, say so',
  ],
  ['empty.csv', 'empty.csv: the table is empty; each of its rows is an input'],
  ['empty.ndjson', 'empty.ndjson: it is empty; each line is an input'],
  ['blank.txt', 'blank.txt: it has nothing but blank lines; each line is an input'],
])('CL96: a file without inputs is told by its name, and why: %s', async (file, says) => {
  const { status, stderr } = await create('--input', file);
  expect(status).toBe(6);
  expect(stderr).toContain(`The source yields no work units: ${says}`);
});

it.each([
  [
    ['--input', 'ragged.csv'],
    'The source cannot be read: ragged.csv: line 3 has 1 field, and the first row 2: mend the row',
  ],
  [['--input', 'bad.ndjson'], 'The source cannot be read: bad.ndjson: line 2 is no JSON'],
  [
    ['--input', 'few.bin', '--records', '2', '--offset', '9'],
    'few.bin: it has 4 bytes, and the first record begins at byte 9: make the offset smaller',
  ],
])('CL96: what is wrong with a file is told with its name: %j', async (args, says) => {
  const { status, stderr } = await create(...args);
  expect(status).toBe(6);
  expect(stderr).toContain(says);
});

it('CL96: an overlap that is no less than a record is told by its flags', async () => {
  const { status, stderr } = await create('--input', 'few.bin', '--records', '2', '--overlap', '2');
  expect(status).toBe(2);
  expect(stderr).toContain('--overlap 2 must be less than --records 2');
});
