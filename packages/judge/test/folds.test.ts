import { ELEMENT_BYTES, ELEMENT_TYPES, ENCODING } from '@gossamer/protocol';
import { afterAll, expect, it } from 'vitest';
import { Judge, type Folded, type FoldState, type JudgeError } from '../src/index.ts';
import { bytes, json, program, text } from './programs.ts';

const judge = new Judge({ limits: { timeMs: 20_000 } });
const small = new Judge({ limits: { timeMs: 20_000, outputBytes: 100 } });
afterAll(() => Promise.all([judge.close(), small.close()]));

const folded = (result: unknown, place = 0): Folded => ({ result: json(result), place });
const sum = program('export const reduce = (acc = { n: 0, sum: 0 }, x) => ({ n: acc.n + 1, sum: acc.sum + x });');
const reducing = (body: string) => program(`export function reduce(acc, result) { ${body} }`);

const refusal = async (work: Promise<unknown>): Promise<JudgeError> => {
  try {
    await work;
  } catch (error) {
    return error as JudgeError;
  }
  throw new Error('it was not refused');
};

it('JD24: results go into the first state and into that of their place, and go on from there', async () => {
  const begun = await judge.fold(sum, [null, null, null], [folded(1, 1), folded(10, 2), folded(100, 1), folded(1000)]);
  const states: FoldState[] = [{ acc: { n: 4, sum: 1111 } }, { acc: { n: 2, sum: 101 } }, { acc: { n: 1, sum: 10 } }];
  expect(begun).toEqual({ states, answers: null });
  const more = await judge.fold(sum, states, [folded(0.5, 2)]);
  expect(more).toMatchObject({ states: [{ acc: { n: 5, sum: 1111.5 } }, states[1], { acc: { n: 2, sum: 10.5 } }] });
});

it('JD24: each call has a result of its own: what is kept or changed of it is nobody else’s', async () => {
  const keeping = reducing('if (acc === undefined) return result; acc.n += result.n; result.n = -99; return acc;');
  const made = await judge.fold(keeping, [null, null], [folded({ n: 1 }, 1), folded({ n: 2 }, 1), folded({ n: 4 }, 1)]);
  expect(made).toMatchObject({ states: [{ acc: { n: 7 } }, { acc: { n: 7 } }] });
});

it('JD24: typed arrays and bytes keep their type', async () => {
  const named = reducing('return (acc ?? "") + result.constructor.name + result.length + ";"');
  const results = ELEMENT_TYPES.map((type) => ({
    place: 0,
    result: { encoding: ENCODING[type], body: new Uint8Array(2 * ELEMENT_BYTES[type]) },
  }));
  const made = await judge.fold(named, [null], [...results, { place: 0, result: bytes(1, 2, 3) }]);
  const [state] = (made as { states: FoldState[] }).states;
  expect((state!.acc as string).split(';')).toHaveLength(ELEMENT_TYPES.length + 2);
  expect(state!.acc).toMatch(/^Int8Array2|Float64Array2;/);
  expect(state!.acc).toMatch(/Uint8Array3;$/);
});

it('JD24: answer says what each state comes to', async () => {
  const mean = program(`export const reduce = (acc = [0, 0], x) => [acc[0] + 1, acc[1] + x];
    export const answer = ([n, sum]) => ({ mean: sum / n });`);
  expect(await judge.fold(mean, [null, null], [folded(1), folded(4)])).toMatchObject({
    answers: [{ mean: 2.5 }, null],
  });
});

it('JD25: a result that cannot be read is named, and nothing is folded', async () => {
  const broken = (result: Folded['result']) => judge.fold(sum, [null], [folded(1), { place: 0, result }]);
  expect(await broken(text('{'))).toEqual({ unreadable: 1 });
  expect(await broken(text('['.repeat(100_000) + ']'.repeat(100_000)))).toEqual({ unreadable: 1 });
  expect(await broken({ encoding: ENCODING.float64, body: new Uint8Array(9) })).toEqual({ unreadable: 1 });
});

it.each([
  ['', 'returned undefined'],
  ['return Promise.resolve(1)', 'cannot be async'],
  ['return { m: new Map() }', 'the accumulator of reduce holds a Map at "m"'],
  ['return { mean: 0 / 0 }', 'holds NaN at "mean"'],
])('JD23: an accumulator that JSON cannot carry is refused: %s', async (body, words) => {
  const { reason, message } = await refusal(judge.fold(reducing(body), [null], [folded(1)]));
  expect([reason, message]).toEqual(['result', expect.stringContaining(words)]);
});

it('JD23: what reduce or answer throws, its absence and an accumulator that is too large are told', async () => {
  expect(await refusal(judge.fold(program(''), [null], [folded(1)]))).toMatchObject({ reason: 'missing' });
  const threw = reducing('throw new Error("of " + result)');
  expect((await refusal(judge.fold(threw, [null], [folded(3)]))).message).toContain('Error: of 3');
  const answering = program(`export const reduce = () => 1; export const answer = () => { throw new Error("none"); };`);
  expect((await refusal(judge.fold(answering, [null], [folded(3)]))).message).toContain('Error: none');
  expect(await refusal(small.fold(reducing('return "x".repeat(200)'), [null], [folded(1)]))).toMatchObject({
    reason: 'output',
  });
});
