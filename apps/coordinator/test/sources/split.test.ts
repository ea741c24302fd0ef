import type { JobView, KeyId, Problem } from '@gossamer/protocol';
import { JobSpec } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import type { Held } from '../harness/device.ts';
import { report } from '../harness/device.ts';
import type { Rest, TestGrid } from '../harness/grid.ts';
import { afterwards, eventually, startGrid } from '../harness/grid.ts';
import { TestSources } from '../harness/sources.ts';
import { ProgramTexts } from '../../src/runtime/program-texts.ts';
import { Splits } from '../../src/sources/splits.ts';

const RUN = 'export function run(input) { return input; }';

const submit = async (rest: Rest, split: string, spec: object = {}): Promise<JobView> =>
  rest.submit(0, { program: await rest.upload(`${RUN}\n${split}`), source: { kind: 'split' }, ...spec });

const refusal = async (rest: Rest, split: string, spec: object = {}): Promise<Problem> => {
  const program = await rest.upload(`${RUN}\n${split}`);
  const body = { name: 'A job', program, source: { kind: 'split' }, ...spec };
  const response = await rest.call('POST', '/v1/jobs', body);
  expect(response.ok).toBe(false);
  return (await response.json()) as Problem;
};

const inputsOf = ({ units, inputs }: Held): [number, unknown][] =>
  units.map((unit, at) => {
    const input = inputs[at]!;
    if (input.kind !== 'inline') throw new Error('expected an inline input');
    return [unit, JSON.parse(Buffer.from(input.body).toString())];
  });

/** What devices are given of `most` leases. */
const given = async (grid: TestGrid, most: number): Promise<Map<number, unknown>> => {
  const device = await grid.device();
  return new Map((await device.work(most)).flatMap(inputsOf));
};

test('SL1: the inputs are those that split gives, by the parameters, each a unit', async () => {
  const grid = await startGrid();
  const split = 'export function* split({ words }) { for (const word of words) yield { word, length: word.length }; }';
  const job = await submit(grid.rest, split, { params: { words: ['ä', 'bee', ''] } });
  expect([job.units.total, job.source]).toEqual([3, "the program's own split"]);
  expect([...(await given(grid, 9))].toSorted(([a], [b]) => a - b)).toEqual([
    [0, { word: 'ä', length: 1 }],
    [1, { word: 'bee', length: 3 }],
    [2, { word: '', length: 0 }],
  ]);
});

test('SL1: it is asked once: after a restart the inputs are the same', async () => {
  const grid = await startGrid();
  const job = await submit(grid.rest, 'export const split = () => [11, 22, 33];');
  const again = await grid.restart();
  expect((await again.rest.job(job.id)).units.total).toBe(3);
  expect([...(await given(again, 9))].toSorted(([a], [b]) => a - b)).toEqual([
    [0, 11],
    [1, 22],
    [2, 33],
  ]);
});

test('SL2: a billion units are there at once, and their inputs are made when they are given out', async () => {
  const grid = await startGrid();
  const lazy = 'export const split = (step) => ({ length: 1e9, at: (i) => [i * step] });';
  const job = await submit(grid.rest, lazy, { params: 3 });
  expect(job.units.total).toBe(1e9);
  const inputs = await given(grid, 5);
  expect(inputs.size).toBeGreaterThanOrEqual(5);
  for (const [unit, input] of inputs) expect(input).toEqual([unit * 3]);
  const again = await grid.restart();
  for (const [unit, input] of await given(again, 5)) expect(input).toEqual([unit * 3]);
});

test('SL2: every input of many pages is the one of its index', async () => {
  const grid = await startGrid({ env: { GOSSAMER_LEASE_UNITS: '100' } });
  const job = await submit(grid.rest, 'export const split = () => ({ length: 1000, at: (i) => i * i });');
  const device = await grid.device();
  const seen = new Map<number, unknown>();
  while (seen.size < 1000) {
    const held = await device.work(4);
    for (const [unit, input] of held.flatMap(inputsOf)) seen.set(unit, input);
    await device.exchange({ slots: 0, reports: held.map((lease) => report(lease)) });
  }
  for (const [unit, input] of seen) expect(input).toBe(unit * unit);
  await eventually(async () => expect((await grid.rest.job(job.id)).state).toBe('completed'));
});

const REFUSED: readonly (readonly [split: string, code: string, words: string])[] = [
  ['', 'program-exports', 'must export a function split(params)'],
  ['export const split = () => { throw new Error("no catalogue"); };', 'source-invalid', 'no catalogue'],
  ['export const split = () => [1, 0/0];', 'source-invalid', 'input 1 holds NaN'],
  ['export const split = () => [];', 'source-empty', ''],
  ['export function* split() { for (;;) yield "x".repeat(1e5); }', 'source-invalid', 'returned more'],
  ['export const split = () => ({ length: 1e10, at: (i) => i });', 'source-too-large', '10000000000'],
  [
    'export const split = () => ({ length: 9, at: (i) => { if (i === 8) throw new Error("the ninth"); return i; } });',
    'source-invalid',
    'the ninth',
  ],
  [
    'export const split = () => ({ length: 9, at: (i) => "x".repeat(5000) });',
    'source-invalid',
    'input 0 has 5002 bytes; one that at(index) makes may have 4096',
  ],
  ['export const split = () => ["x", "x".repeat(70_000)];', 'source-invalid', 'line 2 has 70002 bytes'],
];

test('SL3: a split that is none, throws, gives what no input can be, or none, is refused with words', async () => {
  const { rest } = await startGrid();
  for (const [split, code, words] of REFUSED) {
    const problem = await refusal(rest, split);
    expect([split, problem.code, problem.detail ?? '']).toEqual([split, code, expect.stringContaining(words)]);
  }
});

test('SL3: what the sender fills in of a split counts for nothing', async () => {
  const grid = await startGrid();
  const source = { kind: 'split', made: { length: 77 } };
  expect((await submit(grid.rest, 'export const split = () => [1, 2];', { source })).units.total).toBe(2);
});

test('SL4: splits of one submitter wait for each other, and delay another one’s by one at the most', async () => {
  const { blobs, put } = new TestSources();
  const splits = new Splits(blobs, new ProgramTexts(blobs), 500);
  afterwards(() => splits.close());
  const specOf = async (split: string) =>
    JobSpec.parse({ name: 'A job', program: await put(`${RUN}\n${split}`), source: { kind: 'split' } });
  const hanging = await specOf('export const split = () => { for (;;); };');
  const order: string[] = [];
  const of = (name: string, spec: JobSpec): Promise<void> =>
    splits.made(name as KeyId, spec).then(
      () => void order.push(name),
      () => void order.push(name),
    );
  const first = [of('many', hanging), of('many', hanging), of('many', hanging)];
  await Promise.all([...first, of('one', await specOf('export const split = () => [1];'))]);
  expect(order.indexOf('one')).toBeLessThanOrEqual(1);
});

test('SL5: inputs that cannot be made later hold their job, with the reason', async () => {
  const grid = await startGrid({ env: { GOSSAMER_LEASE_UNITS: '50' } });
  const at = '(i) => { if (i === 40) throw new Error("nothing at forty"); return i; }';
  const job = await submit(grid.rest, `export const split = () => ({ length: 100, at: ${at} });`);
  const device = await grid.device();
  void device.work(3).catch(() => undefined);
  await eventually(async () => {
    const { state, reason } = await grid.rest.job(job.id);
    expect([state, reason]).toEqual(['held', expect.stringContaining('nothing at forty')]);
  });
});
