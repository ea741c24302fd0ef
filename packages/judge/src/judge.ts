import { ENCODING, utf8 } from '@gossamer/protocol';
import { JudgeError } from './judge-error.ts';
import { type JudgeLimits, judgeLimits } from './limits.ts';
import type { JudgeValue, Outcome } from './messages.ts';
import { Pool } from './pool.ts';

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

/**
 * Asks programs for verdicts. A program runs in an engine of its own (QuickJS as WebAssembly) in a thread of its own:
 * with the language and nothing else, a clock that stands still, and bounds on time, memory and output. Each call sees
 * the program as freshly loaded.
 *
 * Every method rejects with JudgeError where the program gives no verdict, and once the judge is closed.
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
    const outcome = await this.#call(program, 'equals', [a, b]);
    return outcome.kind === 'unreadable' ? sameValue(a, b) : verdict('equals', outcome);
  }

  /**
   * Whether a result is right by the program's `check(input, result, ctx)`, where `ctx` is `{ params }`: the job's
   * parameters, as JSON. A result that calls itself JSON and cannot be read is wrong.
   */
  async check(program: JudgedProgram, input: JudgeValue, result: JudgeValue, params: unknown): Promise<boolean> {
    const context = { encoding: ENCODING.json, body: utf8(JSON.stringify({ params })) };
    const outcome = await this.#call(program, 'check', [input, result, context]);
    return outcome.kind === 'unreadable' && outcome.index === RESULT ? false : verdict('check', outcome);
  }

  /** Ends all threads. Calls that wait or run are rejected. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  /** The bodies are copied: they move to the thread, where a view would take its whole buffer along. */
  #call({ sha256, text }: JudgedProgram, name: string, values: readonly JudgeValue[]): Promise<Outcome> {
    const args = values.map(({ encoding, body }) => ({ encoding, body: new Uint8Array(body) }));
    return this.#pool.call({ program: { sha256, text }, name, args });
  }
}

/** The place of the result among the arguments of `check`. */
const RESULT = 1;

const verdict = (name: string, outcome: Outcome): boolean => {
  switch (outcome.kind) {
    case 'failed':
      throw new JudgeError(outcome.reason, outcome.message);
    case 'unreadable':
      throw new JudgeError('crashed', `${name} was not asked: an input or the parameters are no JSON that can be read`);
    case 'returned': {
      const { type, json } = outcome;
      if (type === 'boolean') return json === 'true';
      const hint = type === 'a promise' ? ': it cannot be async, nothing is awaited' : '';
      throw new JudgeError('result', `${name} must return true or false, and returned ${type}${hint}`);
    }
  }
};

const sameValue = (a: JudgeValue, b: JudgeValue): boolean =>
  a.encoding === b.encoding && Buffer.compare(a.body, b.body) === 0;
