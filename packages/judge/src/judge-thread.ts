import { Worker } from 'node:worker_threads';
import type { JudgeLimits } from './limits.ts';
import { type Call, type Failure, type Outcome, type Ready, type Said, failure } from './messages.ts';

/** How much longer than its time a call may take before its thread is ended, ms. */
const SLACK_MS = 1000;
/** How long a thread may take to start, ms. */
const START_MS = 30_000;
/** Of the thread's own heap and stack, MB. The engine's memory is neither. */
const HEAP_MB = 256;
const STACK_MB = 4;

const nobody = (): void => undefined;

/**
 * A thread that runs one call at a time. The engine looks at its clock only now and then, and in some loops of its
 * built-ins never (`new Array(1e9) + ''`): what does not answer in time is ended with its thread.
 */
export class JudgeThread {
  readonly #worker: Worker;
  readonly #timeMs: number;
  readonly #started: Promise<Ready | Failure>;
  #heard: (said: Said) => void = nobody;
  #ended = false;

  constructor(entry: URL, limits: JudgeLimits) {
    this.#timeMs = limits.timeMs;
    this.#worker = new Worker(entry, {
      workerData: limits,
      env: {},
      // Under the test runner the process resolves our packages to their sources, which a thread cannot load.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, stackSizeMb: STACK_MB },
    });
    this.#worker.unref();
    let cause = 'it stopped';
    this.#worker.on('message', (said: Said) => this.#heard(said));
    this.#worker.on('error', (error) => (cause = error.message));
    this.#worker.on('exit', () => {
      this.#ended = true;
      this.#heard(failure('crashed', `the judge's thread ended: ${cause}`));
    });
    this.#started = this.#next(START_MS, failure('crashed', `the judge did not start within ${START_MS} ms`));
  }

  /** Whether it runs nothing any more. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Never rejects. While a call is out the thread keeps the process alive, and else it does not. */
  async run(call: Call): Promise<Outcome> {
    const started = await this.#started;
    if (started.kind === 'failed') return started;
    this.#worker.ref();
    this.#worker.postMessage(
      call,
      [...call.args, ...call.raw].map(({ body }) => body.buffer as ArrayBuffer),
    );
    const late = failure('time', `the program gave no answer within ${this.#timeMs} ms, and could not be interrupted`);
    const outcome = await this.#next<Outcome>(this.#timeMs + SLACK_MS, late);
    this.#worker.unref();
    return outcome;
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#worker.terminate();
  }

  /** What it says next: whether it is ready at first, then one outcome a call. After `ms` it is ended, with `late`. */
  #next<Next extends Said>(ms: number, late: Next): Promise<Next> {
    return new Promise((resolve) => {
      const settle = (said: Said): void => {
        clearTimeout(timer);
        this.#heard = nobody;
        resolve(said as Next);
      };
      const giveUp = (): void => {
        if (this.#heard !== settle) return;
        void this.end();
        settle(late);
      };
      // When this event loop was busy, the timer comes before an answer that has long been there: one more turn.
      const timer = setTimeout(() => setImmediate(giveUp), ms);
      this.#heard = settle;
    });
  }
}
