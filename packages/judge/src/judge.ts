import { ENCODING, utf8 } from '@gossamer/protocol';
import { JudgeError } from './judge-error.ts';
import { type JudgeLimits, judgeLimits } from './limits.ts';
import type { JudgeValue, Outcome } from './messages.ts';
import { Pool } from './pool.ts';
import type { Tool } from './vm/prelude/index.ts';

export interface JudgeOptions {
  limits?: Partial<JudgeLimits>;
  /** How many calls run at once, each in a thread of its own; 1 unless given. */
  threads?: number;
}

/** A program by its hash, with the text of its module. */
export interface JudgedProgram {
  sha256: string;
  text: string;
}

/** What `split` gave: its inputs, one JSON text a line; or how many it makes when it is asked (`at`). */
export type Split = { kind: 'values'; lines: string } | { kind: 'lazy'; length: number };

/** What `reduce` has made of results so far; null before the first one. */
export type FoldState = { acc: unknown } | null;

/** One result for `reduce`. `place`: which state beside the first one takes it in; 0: none. */
export interface Folded {
  result: JudgeValue;
  place: number;
}

/** `answers`: what the program's `answer` says of each state, null for one that is; null where the program has none. */
export interface Fold {
  states: FoldState[];
  answers: unknown[] | null;
}

/**
 * Asks programs what is theirs to say: whether results are the same or right, how a job is split, what results come to. A
 * program runs in an engine of its own (QuickJS as WebAssembly) in a thread of its own: with the language and nothing else, a
 * clock that stands still, and bounds on time, memory and output. Each call sees the program as freshly loaded.
 *
 * Every method rejects with JudgeError where the program gives no answer, and once the judge is closed.
 */
export class Judge {
  readonly #pool: Pool;

  /** Throws RangeError for limits that cannot be kept. */
  constructor({ limits, threads = 1 }: JudgeOptions = {}) {
    this.#pool = new Pool(judgeLimits(limits), threads);
  }

  /**
   * Whether two results are the same by the program's `equals(a, b)`. One that calls itself JSON and is none, or is
   * nested too deeply to be read, is the same as its own bytes only.
   */
  async equals(program: JudgedProgram, a: JudgeValue, b: JudgeValue): Promise<boolean> {
    const outcome = await this.#call(program, 'call', 'equals', [a, b]);
    return outcome.kind === 'unreadable' ? sameValue(a, b) : verdict('equals', outcome);
  }

  /**
   * Whether a result is right by the program's `check(input, result, ctx)`, where `ctx` is `{ params }`: the job's
   * parameters, as JSON. A result that calls itself JSON and cannot be read is wrong.
   */
  async check(program: JudgedProgram, input: JudgeValue, result: JudgeValue, params: unknown): Promise<boolean> {
    const outcome = await this.#call(program, 'call', 'check', [input, result, json({ params })]);
    return outcome.kind === 'unreadable' && outcome.index === RESULT ? false : verdict('check', outcome);
  }

  /** What the program's `split(params)` gives. */
  async split(program: JudgedProgram, params: unknown): Promise<Split> {
    const { type, json: text } = returned('split', await this.#call(program, 'split', 'split', [json(params)]));
    return type === 'lazy' ? { kind: 'lazy', length: Number(text) } : { kind: 'values', lines: text };
  }

  /** Inputs of a split that makes them when asked, each as JSON text. */
  async splitAt(program: JudgedProgram, params: unknown, indices: readonly number[]): Promise<string[]> {
    const outcome = await this.#call(program, 'at', 'split', [json(params), json(indices)]);
    return returned('split', outcome).json.split('\n');
  }

  /**
   * Folds results by the program's `reduce(acc, result)`, in their order, each into the first state and into that of its
   * place. Gives the index of a result, too, that cannot be read, where there is one; nothing was folded then.
   */
  async fold(
    program: JudgedProgram,
    states: readonly FoldState[],
    results: readonly Folded[],
  ): Promise<Fold | { unreadable: number }> {
    const args = [json(states), json(results.map(({ place }) => place))];
    const raw = results.map(({ result }) => result);
    const outcome = await this.#call(program, 'fold', 'reduce', args, raw);
    if (outcome.kind === 'unreadable') return { unreadable: outcome.index };
    const { type, json: text } = returned('reduce', outcome);
    const { states: after, answers } = JSON.parse(text) as { states: FoldState[]; answers: unknown[] };
    return { states: after, answers: type === 'answered' ? answers : null };
  }

  /** What each of its exports is, in words, once its top level has run: "a function", "an async generator", "a number". */
  async kinds(program: JudgedProgram): Promise<Record<string, string>> {
    const outcome = await this.#call(program, 'kinds', 'kinds', []);
    return JSON.parse(returned('kinds', outcome).json) as Record<string, string>;
  }

  /** Ends all threads. Calls that wait or run are rejected. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  #call(
    { sha256, text }: JudgedProgram,
    tool: Tool,
    name: string,
    args: readonly JudgeValue[],
    raw: readonly JudgeValue[] = [],
  ): Promise<Outcome> {
    return this.#pool.call({ program: { sha256, text }, tool, name, args: args.map(copied), raw: raw.map(copied) });
  }
}

/** The place of the result among the arguments of `check`. */
const RESULT = 1;

/** Bodies move to the thread, where a view would take its whole buffer along. */
const copied = ({ encoding, body }: JudgeValue): JudgeValue => ({ encoding, body: new Uint8Array(body) });

const json = (value: unknown): JudgeValue => ({ encoding: ENCODING.json, body: utf8(JSON.stringify(value ?? null)) });

const returned = (name: string, outcome: Outcome): Outcome & { kind: 'returned' } => {
  switch (outcome.kind) {
    case 'failed':
      throw new JudgeError(outcome.reason, outcome.message);
    case 'unreadable':
      throw new JudgeError('crashed', `${name} was not asked: an input or the parameters are no JSON that can be read`);
    case 'returned':
      return outcome;
  }
};

const verdict = (name: string, outcome: Outcome): boolean => {
  const { type, json: text } = returned(name, outcome);
  if (type === 'boolean') return text === 'true';
  const hint = type === 'a promise' ? ': it cannot be async, nothing is awaited' : '';
  throw new JudgeError('result', `${name} must return true or false, and returned ${type}${hint}`);
};

const sameValue = (a: JudgeValue, b: JudgeValue): boolean =>
  a.encoding === b.encoding && Buffer.compare(a.body, b.body) === 0;
