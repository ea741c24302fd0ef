import type { ProgramContext } from '../context.ts';
import type { Definition, LazySplit, Schema } from './definition.ts';
import { fit } from './fit.ts';

/** What a program of these types exports. */
interface Exports<Given, GivenParams, Output, Acc, Answer> {
  run: (input: Given, ctx: ProgramContext<GivenParams>) => Output | Promise<Output>;
  split: (params: GivenParams) => Iterable<Given> | LazySplit<Given>;
  reduce: (acc: Acc | undefined, result: Output) => Acc;
  answer: (acc: Acc) => Answer;
  equals: (a: Output, b: Output) => boolean;
  check: (input: Given, result: Output, ctx: { readonly params: GivenParams }) => boolean;
}

const read = <Value>(schema: Schema<unknown, Value> | undefined, value: unknown, what: string): Value =>
  schema === undefined ? (value as Value) : fit(schema, value, what);

function* each<Given>(values: Iterable<Given>, check: (value: unknown, index: number) => void): Generator<Given> {
  let index = 0;
  for (const value of values) {
    check(value, index++);
    yield value;
  }
}

/**
 * A program whose types hold from its inputs to its answer, and whose inputs, parameters and results are checked where it
 * says how. Export what it gives:
 *
 * `export const { run, reduce } = defineProgram({ input: z.object({ … }), run(input, ctx) { … }, reduce(acc, result) { … } })`
 *
 * Each function throws TypeError for what does not fit its schema.
 */
export const defineProgram = <Given, Input, GivenParams, Params, Output, Acc, Answer, Own extends object>(
  definition: Definition<Given, Input, GivenParams, Params, Output, Acc, Answer> & Own,
): Pick<
  Exports<Given, GivenParams, Output, Acc, Answer>,
  Extract<keyof Own, keyof Exports<Given, GivenParams, Output, Acc, Answer>>
> => {
  const { input, params, output, run, split, reduce, answer, equals, check } = definition as Definition<
    Given,
    Input,
    GivenParams,
    Params,
    Output,
    Acc,
    Answer
  >;
  const readInput = (value: unknown): Input =>
    read(input as Schema<unknown, Input> | undefined, value, 'the input does');
  const readParams = (value: unknown): Params =>
    read(params as Schema<unknown, Params> | undefined, value, 'the parameters do');
  const checkInput = (value: unknown, index: number): void => {
    if (input !== undefined) fit(input, value, `input ${index} of split does`);
  };
  const returned = (value: Output): Output =>
    read(output as Schema<unknown, Output> | undefined, value, 'the result does');
  const all: Partial<Exports<Given, GivenParams, Output, Acc, Answer>> = {
    run: (value, ctx) => {
      const result = run(readInput(value), { ...ctx, params: readParams(ctx.params) });
      return result instanceof Promise ? result.then(returned) : returned(result);
    },
    ...(split && {
      split: (given) => {
        const made = split(readParams(given));
        if (Symbol.iterator in made) return each(made, checkInput);
        const at = (index: number): Given => {
          const value = made.at(index);
          checkInput(value, index);
          return value;
        };
        return { length: made.length, at };
      },
    }),
    ...(reduce && { reduce }),
    ...(answer && { answer }),
    ...(equals && { equals }),
    ...(check && {
      check: (value, result, ctx) => check(readInput(value), result, { ...ctx, params: readParams(ctx.params) }),
    }),
  };
  return all as Pick<Exports<Given, GivenParams, Output, Acc, Answer>, never> as never;
};

/** What the program of a module takes and gives: `InputOf<typeof import('./program.ts')>`. */
export type InputOf<Module> = Module extends { run: (input: infer Input, ...rest: never[]) => unknown }
  ? Input
  : unknown;
export type OutputOf<Module> = Module extends { run: (...args: never[]) => infer Output } ? Awaited<Output> : unknown;
/** The job's parameters, as its `run` or its `split` takes them. */
export type ParamsOf<Module> = Module extends { run: (input: never, ctx: ProgramContext<infer Params>) => unknown }
  ? Params
  : unknown;
/** What its results come to: what `answer` returns, or else the accumulator of `reduce`. */
export type AnswerOf<Module> = Module extends { answer: (acc: never) => infer Answer }
  ? Answer
  : Module extends { reduce: (...args: never[]) => infer Acc }
    ? Acc
    : unknown;
