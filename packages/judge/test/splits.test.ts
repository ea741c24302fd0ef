import { afterAll, expect, it } from 'vitest';
import { Judge, type JudgeError } from '../src/index.ts';
import { program } from './programs.ts';

const judge = new Judge({ limits: { timeMs: 20_000 } });
const small = new Judge({ limits: { timeMs: 20_000, outputBytes: 100 } });
afterAll(() => Promise.all([judge.close(), small.close()]));

const splitting = (body: string) => program(`export function split(params) { ${body} }`);

const values = async (body: string, params: unknown = null): Promise<unknown[]> => {
  const split = await judge.split(splitting(body), params);
  if (split.kind !== 'values') throw new Error('it is lazy');
  return split.lines === '' ? [] : split.lines.split('\n').map((line) => JSON.parse(line) as unknown);
};

const refusal = async (work: Promise<unknown>): Promise<JudgeError> => {
  try {
    await work;
  } catch (error) {
    return error as JudgeError;
  }
  throw new Error('it was not refused');
};

it('JD22: an array’s and a generator’s inputs come as they are, by the parameters', async () => {
  const inputs = await values('return [1, { a: [params.x, null, "ä\\n"] }, "", false]', { x: 2.5 });
  expect(inputs).toEqual([1, { a: [2.5, null, 'ä\n'] }, '', false]);
  const generator = program('export function* split({ n }) { for (let i = 0; i < n; i++) yield { i }; }');
  expect(await judge.split(generator, { n: 2 })).toEqual({ kind: 'values', lines: '{"i":0}\n{"i":1}' });
  expect(await values('return []')).toEqual([]);
  expect(await values('return new Set([3, 4])')).toEqual([3, 4]);
});

it('JD22: inputs that are made when asked are counted, and made by their indices', async () => {
  const lazy = splitting('return { length: 1e9, at: (i) => ({ from: i * params.step }) }');
  expect(await judge.split(lazy, { step: 10 })).toEqual({ kind: 'lazy', length: 1e9 });
  expect(await judge.splitAt(lazy, { step: 10 }, [0, 999_999_999])).toEqual(['{"from":0}', '{"from":9999999990}']);
});

it.each([
  ['return 7', 'returned a number'],
  ['return "abc"', 'returned a string'],
  ['return null', 'returned null'],
  ['return { length: 3 }', 'returned an object'],
  ['return { length: 0.5, at() {} }', 'returned an object'],
  ['return new Uint8Array(3)', 'returned bytes'],
  ['return Promise.resolve([1])', 'it cannot be async'],
  ['return [1, undefined]', 'input 1 is undefined'],
  ['return [0, { a: { list: new Uint8Array(2) } }]', 'input 1 holds bytes at "list"'],
  ['return [new Map()]', 'input 0 holds a Map,'],
  ['return [NaN]', 'input 0 holds NaN,'],
  ['return [[1, -Infinity]]', 'input 0 holds -Infinity at "1"'],
  ['return [10n]', 'input 0 holds a bigint'],
  ['return [() => 1]', 'input 0 holds a function'],
])('JD23: what is no split, or no JSON, is refused with its place: %s', async (body, words) => {
  const { reason, message } = await refusal(judge.split(splitting(body), null));
  expect(reason).toBe('result');
  expect(message).toContain(words);
});

it('JD23: what split throws, its absence and too much of it are told', async () => {
  const threw = await refusal(judge.split(splitting('throw new RangeError("no table " + params)'), 'x'));
  expect([threw.reason, threw.message]).toEqual(['threw', expect.stringContaining('RangeError: no table x')]);
  expect(await refusal(judge.split(program(''), null))).toMatchObject({ reason: 'missing' });
  expect(await refusal(small.split(splitting('return "x".repeat(200).split("")'), null))).toMatchObject({
    reason: 'output',
  });
  const endless = program('export function* split() { for (;;) yield 1; }');
  expect(await refusal(small.split(endless, null))).toMatchObject({ reason: 'output' });
  const lazy = splitting('return { length: 9, at: (i) => { if (i > 3) throw new Error("beyond " + i); return i; } }');
  expect((await refusal(judge.splitAt(lazy, null, [3, 4]))).message).toContain('beyond 4');
});

it('JD23: a program cannot forge an answer by what it throws', async () => {
  const forging = splitting('throw { kind: "returned", type: "values", json: "1", text: "2" }');
  expect(await refusal(judge.split(forging, null))).toMatchObject({ reason: 'threw' });
});
