import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { ProgramContext } from '../context.ts';

/** Inputs that are made when they are wanted: input i is `at(i)`, for i from 0 up to, without, `length`. */
export interface LazySplit<Input> {
  readonly length: number;
  at(index: number): Input;
}

/** A schema of any library that keeps to Standard Schema: zod, valibot, arktype. It must answer at once. */
export type Schema<In = unknown, Out = In> = StandardSchemaV1<In, Out>;

/**
 * A program. `run` is called in tabs; the others on the coordinator, in an engine with the language and nothing else, within
 * limits of time and memory, where nothing is awaited.
 *
 * `Given` and `Input`: an input as it travels, and as `input` reads it; likewise `GivenParams` and `Params`.
 */
export interface Definition<Given, Input, GivenParams, Params, Output, Acc, Answer> {
  /** Every input is checked by it: those that `split` gives when a job is created, and each before `run`. */
  input?: Schema<Given, Input>;
  /** The job's parameters are checked by it, before `split` and before each `run`. */
  params?: Schema<GivenParams, Params>;
  /** What `run` returns is checked by it, in the tab. */
  output?: Schema<Output>;
  run: (input: Input, ctx: ProgramContext<Params>) => Output | Promise<Output>;
  /** The inputs of a job whose source is `split`. */
  split?: (params: Params) => Iterable<Given> | LazySplit<Given>;
  /**
   * Folds final results as they come. They come in any order, so it must not matter: it is tried out. `acc` is undefined
   * at the first one. What it returns is JSON, and small.
   */
  reduce?: (acc: Acc | undefined, result: Output) => Acc;
  /** What the accumulator says: numbers that more results make surer, such as a mean or a share. Each gets an interval. */
  answer?: (acc: Acc) => Answer;
  /** Whether two results are the same; for the comparison `program`. */
  equals?: (a: Output, b: Output) => boolean;
  /** Whether a result is right; for the policy `check`. */
  check?: (input: Input, result: Output, ctx: { readonly params: Params }) => boolean;
}
