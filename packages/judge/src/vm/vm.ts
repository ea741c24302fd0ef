import { ELEMENT_BYTES, ENCODING, LIMITS, elementTypeOf } from '@gossamer/protocol';
import { type QuickJSContext, type QuickJSHandle, type QuickJSRuntime, Scope } from 'quickjs-emscripten-core';
import type { JudgeLimits } from '../limits.ts';
import { type JudgeValue, type Outcome, failure } from '../messages.ts';
import { Ended, TooDeep, threw, tooLong, tooMuchMemory } from './ended.ts';
import type { Instance } from './instance.ts';
import { jsonText } from './json-text.ts';
import { PRELUDE, type Tool, TOOLS } from './prelude/index.ts';

/** Of the engine's own stack, bytes. */
const STACK_BYTES = 256 * 1024;
/** What the engine needs besides the bytes themselves when something is copied in. */
const SLACK_BYTES = 65_536;
/** A UTF-16 unit is three bytes of UTF-8 at most. */
const ERROR_LENGTH = Math.floor(LIMITS.errorText / 4);

const HELPERS = ['room', 'bytes', 'parse', 'describe', ...TOOLS] as const;
type Helper = (typeof HELPERS)[number];

/** A runtime with one context, for one call, whose time begins here. Methods throw `Ended`, or what the engine throws. */
export class Vm {
  readonly #instance: Instance;
  readonly #limits: JudgeLimits;
  readonly #deadline: number;
  readonly #scope = new Scope();
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #helpers: ReadonlyMap<Helper, QuickJSHandle>;
  readonly #slack: QuickJSHandle;
  #late = false;

  constructor(instance: Instance, limits: JudgeLimits) {
    this.#instance = instance;
    this.#limits = limits;
    this.#runtime = this.#scope.manage(instance.module.newRuntime());
    this.#runtime.setMaxStackSize(STACK_BYTES);
    const context = this.#scope.manage(this.#runtime.newContext());
    this.#context = context;
    const make = this.#own(context.unwrapResult(context.evalCode(PRELUDE, 'judge.js')));
    const lengths = [limits.outputBytes, ERROR_LENGTH].map((length) => this.#own(context.newNumber(length)));
    const tools = this.#own(context.unwrapResult(context.callFunction(make, context.undefined, lengths)));
    // While there is room: a program that holds on to all memory leaves none for a name, or a number.
    this.#helpers = new Map(HELPERS.map((helper) => [helper, this.#own(context.getProp(tools, helper))]));
    this.#slack = this.#own(context.newNumber(SLACK_BYTES));
    this.#deadline = performance.now() + limits.timeMs;
    this.#runtime.setInterruptHandler(() => this.#isLate());
  }

  /** A copy of the value inside: parsed JSON, or a typed array (a `Uint8Array` of plain bytes). `index` is its place among the arguments. */
  argument({ encoding, body }: JudgeValue, index: number): QuickJSHandle {
    if (encoding !== ENCODING.json) {
      const type = elementTypeOf(encoding);
      if (type !== null && body.byteLength % ELEMENT_BYTES[type] !== 0) throw new Ended({ kind: 'unreadable', index });
      this.#reserve(body.byteLength);
      const buffer = this.#own(this.#context.newArrayBuffer(new Uint8Array(body).buffer));
      return this.#use('bytes', [this.#own(this.#context.newNumber(encoding)), buffer]);
    }
    const text = jsonText(body);
    if (text === null) throw new Ended({ kind: 'unreadable', index });
    // As UTF-8 on its way in, and as up to two bytes a character once it is there.
    this.#reserve(body.byteLength * 3);
    try {
      return this.#use('parse', [this.#own(this.#context.newString(text))]);
    } catch (error) {
      // Nested so deeply that the engine cannot read it: as good as no JSON, for this program.
      throw error instanceof TooDeep ? new Ended({ kind: 'unreadable', index }) : error;
    }
  }

  /** Evaluates the module and gives its namespace. A top level that awaits is run until it has settled. */
  evaluate(text: string): QuickJSHandle {
    this.#reserve(Buffer.byteLength(text));
    const evaluated = this.#context.evalCode(text, 'program.js', { type: 'module' });
    if (evaluated.error !== undefined) throw this.#thrown(evaluated.error);
    const module = this.#own(evaluated.value);
    for (;;) {
      const state = this.#context.getPromiseState(module);
      if (state.type === 'fulfilled') return state.notAPromise === true ? module : this.#own(state.value);
      if (state.type === 'rejected') throw this.#thrown(state.error);
      if (this.#isLate()) throw tooLong(this.#limits.timeMs);
      if (!this.#runtime.hasPendingJob()) {
        throw new Ended(failure('threw', 'the top level of the program awaits what never comes'));
      }
      const job = this.#runtime.executePendingJobs(1);
      if (job.error !== undefined) throw this.#thrown(job.error);
    }
  }

  /** A value as its encoding and its text or buffer, for a tool that makes values of it. `index` is its place among those. */
  raw({ encoding, body }: JudgeValue, index: number): QuickJSHandle[] {
    const type = elementTypeOf(encoding);
    const text = encoding === ENCODING.json ? jsonText(body) : null;
    const isBroken = type !== null && body.byteLength % ELEMENT_BYTES[type] !== 0;
    if (isBroken || (encoding === ENCODING.json && text === null)) throw new Ended({ kind: 'unreadable', index });
    this.#reserve(body.byteLength * (text === null ? 1 : 2));
    const value =
      text === null ? this.#context.newArrayBuffer(new Uint8Array(body).buffer) : this.#context.newString(text);
    return [this.#own(this.#context.newNumber(encoding)), this.#own(value)];
  }

  /** Has a tool ask the program; gives what it returned. `name` is the export that is asked. */
  ask(tool: Tool, program: QuickJSHandle, name: string, args: readonly QuickJSHandle[]): Outcome {
    this.#reserve(0);
    const named = tool === 'call' ? [this.#own(this.#context.newString(name))] : [];
    const answer = this.#use(tool, [program, ...named, ...args]);
    const field = (key: string): string => this.#context.getString(this.#own(this.#context.getProp(answer, key)));
    const { outputBytes, memoryBytes } = this.#limits;
    const kind = field('kind');
    switch (kind) {
      case 'threw':
        throw threw(field('text'), this.#instance.full(), memoryBytes);
      case 'missing':
        throw new Ended(failure('missing', `the program exports no function ${name}: it is ${field('text')}`));
      case 'faulty':
        throw new Ended(failure('result', field('text')));
      case 'unreadable':
        throw new Ended({ kind, index: Number(field('text')) });
    }
    const json = kind === 'returned' ? field('json') : null;
    if (json === null || Buffer.byteLength(json) > outputBytes) {
      throw new Ended(failure('output', `${name} returned more than the ${outputBytes} bytes that it may`));
    }
    return { kind: 'returned', type: field('type'), json };
  }

  /** Whether the runtime could be taken apart, so that its instance is as it was before. */
  dispose(): boolean {
    try {
      this.#scope.dispose();
      return true;
    } catch {
      return false;
    }
  }

  #isLate(): boolean {
    this.#late ||= performance.now() > this.#deadline;
    return this.#late;
  }

  #own(handle: QuickJSHandle): QuickJSHandle {
    return this.#scope.manage(handle);
  }

  /** Makes sure of room before something is copied in: the engine's interface copies to address 0 where there is none. */
  #reserve(bytes: number): void {
    const size = bytes === 0 ? this.#slack : this.#own(this.#context.newNumber(bytes + SLACK_BYTES));
    const tried = this.#run('room', [size]);
    if (tried.error !== undefined) throw tooMuchMemory(this.#limits.memoryBytes);
    tried.value.dispose();
  }

  #run(tool: Helper, args: QuickJSHandle[]) {
    return this.#context.callFunction(this.#helpers.get(tool)!, this.#context.undefined, args);
  }

  #use(tool: Helper, args: QuickJSHandle[]): QuickJSHandle {
    const used = this.#run(tool, args);
    if (used.error !== undefined) throw this.#thrown(used.error);
    return this.#own(used.value);
  }

  /** To tell what was thrown may run code of the program, within the same time. */
  #thrown(error: QuickJSHandle): Ended {
    const told = this.#late ? null : this.#run('describe', [error]);
    if (told === null || this.#late) return tooLong(this.#limits.timeMs);
    // The describing itself can fail by too little memory, or by what was thrown: a getter that throws.
    if (told.error !== undefined) return threw('something that cannot be told', false, this.#limits.memoryBytes);
    return threw(this.#context.getString(told.value), this.#instance.full(), this.#limits.memoryBytes);
  }
}
