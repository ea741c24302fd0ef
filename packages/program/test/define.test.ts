import { expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import * as v from 'valibot';
import {
  type AnswerOf,
  defineProgram,
  type InputOf,
  type OutputOf,
  type ParamsOf,
  type ProgramContext,
} from '../src/index.ts';

const contextOf = <Params>(params: Params): ProgramContext<Params> => ({
  params,
  unit: { index: 0, seed: 1 },
  data: () => Promise.resolve(new ArrayBuffer(0)),
  dataSize: () => 0,
  progress: () => undefined,
  log: () => undefined,
  picture: () => undefined,
});

const Input = z.object({ from: z.coerce.number().int(), to: z.number().int() });

const counting = defineProgram({
  input: Input,
  params: z.object({ step: z.number().positive().default(1) }),
  output: z.number(),
  run: ({ from, to }, { params }) => Math.ceil((to - from) / params.step),
  split: ({ step }) => [{ from: '0', to: 10 * step }],
  reduce: (acc: number | undefined, result) => (acc ?? 0) + result,
  check: ({ from, to }, result, { params }) => result * params.step >= to - from,
});

it('DP1: what is defined is exported, and nothing else', () => {
  expect(Object.keys(counting).sort()).toEqual(['check', 'reduce', 'run', 'split']);
  const { run } = defineProgram({ run: (n: number) => n + 1 });
  expect(run(1, contextOf(null))).toBe(2);
});

it('DP1: types hold from inputs to the answer', () => {
  expectTypeOf(counting.reduce).toEqualTypeOf<(acc: number | undefined, result: number) => number>();
  expectTypeOf<InputOf<typeof counting>>().toEqualTypeOf<{ from: unknown; to: number }>();
  expectTypeOf<OutputOf<typeof counting>>().toEqualTypeOf<number>();
  expectTypeOf<ParamsOf<typeof counting>>().toEqualTypeOf<{ step?: number | undefined }>();
  expectTypeOf<AnswerOf<typeof counting>>().toEqualTypeOf<number>();
  expectTypeOf<ParamsOf<{ run: (x: number) => number }>>().toEqualTypeOf<unknown>();
  expectTypeOf<AnswerOf<{ run: (x: number) => number }>>().toEqualTypeOf<unknown>();
  const pi = defineProgram({
    run: (seed: number) => ({ inside: seed, total: 10 }),
    reduce: (acc: { inside: number; total: number } | undefined, result) => acc ?? result,
    answer: ({ inside, total }) => ({ pi: (4 * inside) / total }),
  });
  expectTypeOf(pi.answer).returns.toEqualTypeOf<{ pi: number }>();
  expectTypeOf<AnswerOf<typeof pi>>().toEqualTypeOf<{ pi: number }>();
  // @ts-expect-error: it has no split
  void pi.split;
});

it('DP2: inputs and parameters are read by their schemas before run, and check sees them so', () => {
  const context = contextOf({ step: 2 });
  expect(counting.run({ from: '4', to: 10 }, context)).toBe(3);
  expect(counting.run({ from: 0, to: 3 }, contextOf({} as { step: number }))).toBe(3);
  expect(counting.check({ from: '4', to: 10 }, 2, { params: { step: 2 } })).toBe(false);
});

it('DP3: what does not fit is refused with each place, some of them', () => {
  const refusal = (input: unknown, params: unknown = { step: 1 }): string => {
    try {
      void counting.run(input as { from: unknown; to: number }, contextOf(params as { step: number }));
      return '';
    } catch (error) {
      return String(error);
    }
  };
  expect(refusal({ from: 0 })).toMatch(/^TypeError: the input does not fit: to: /);
  expect(refusal('x')).toMatch(/^TypeError: the input does not fit: Invalid input/);
  expect(refusal({ from: 0, to: 1 }, { step: -1 })).toMatch(/^TypeError: the parameters do not fit: step: /);
  const many = defineProgram({ input: z.array(z.number()), run: (list) => list.length });
  expect(() => many.run(['a', 'b', 'c', 'd', 'e'] as never, contextOf(null))).toThrow(
    /0: .*; 1: .*; 2: .*; and 2 more/,
  );
});

it('DP3: results are read by their schema, also those that come later', async () => {
  const lying = defineProgram({ output: z.number(), run: () => 'ten' as unknown as number });
  expect(() => lying.run(null, contextOf(null))).toThrow('the result does not fit');
  const later = defineProgram({ output: z.number(), run: async () => 'ten' as unknown as number });
  await expect(later.run(null, contextOf(null))).rejects.toThrow('the result does not fit');
  const fine = defineProgram({ output: z.number(), run: async () => 10 });
  expect(await fine.run(null, contextOf(null))).toBe(10);
});

it('DP4: inputs of a split are checked as they are made, and travel as they were given', () => {
  expect([...(counting.split({ step: 2 }) as Iterable<unknown>)]).toEqual([{ from: '0', to: 20 }]);
  const lists = defineProgram({ input: z.number(), run: (n) => n, split: () => [1, 'x' as unknown as number] });
  expect(() => [...(lists.split(null) as Iterable<unknown>)]).toThrow('input 1 of split does not fit');
  const lazy = defineProgram({
    input: z.number(),
    run: (n) => n,
    split: () => ({ length: 5, at: (i: number) => (i < 4 ? i : (null as unknown as number)) }),
  });
  const made = lazy.split(null) as { length: number; at(index: number): number };
  expect([made.length, made.at(3)]).toEqual([5, 3]);
  expect(() => made.at(4)).toThrow('input 4 of split does not fit');
});

it('DP5: a schema that gives its word only later is refused', () => {
  const slow = defineProgram({ input: z.string().refine(async () => true), run: (text) => text });
  expect(() => slow.run('x', contextOf(null))).toThrow('asynchronous');
});

it('DP7: a schema of any library that keeps to Standard Schema does, with its types', () => {
  const fitted = defineProgram({
    input: v.object({ from: v.pipe(v.string(), v.transform(Number), v.integer()), to: v.number() }),
    params: v.object({ step: v.optional(v.number(), 1) }),
    output: v.number(),
    run: ({ from, to }, { params }) => (to - from) / params.step,
  });
  expectTypeOf<InputOf<typeof fitted>>().toEqualTypeOf<{ from: string; to: number }>();
  expect(fitted.run({ from: '4', to: 10 }, contextOf({}))).toBe(6);
  expect(() => fitted.run({ from: '4.5', to: 10 }, contextOf({}))).toThrow(/the input does not fit: from: .*integer/);
  expect(() => fitted.run({ from: '4', to: 10 }, contextOf({ step: 'x' } as never))).toThrow(
    /the parameters do not fit: step: /,
  );
});
