import { JudgeThread } from './judge-thread.ts';
import type { JudgeLimits } from './limits.ts';
import { type Call, type Failure, type Outcome, failure } from './messages.ts';
import { threadUrl } from './thread-url.ts';

interface Waiting {
  call: Call;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
}

const CLOSED: Failure = failure('crashed', 'the judge is closed');

/**
 * Threads and the calls that wait for one, first come, first served. Threads start when they are needed. As each has one
 * call at a time, a call that takes its thread with it takes no other one along.
 */
export class Pool {
  readonly #limits: JudgeLimits;
  readonly #most: number;
  readonly #idle: JudgeThread[] = [];
  readonly #busy = new Map<JudgeThread, Waiting>();
  #waiting: Waiting[] = [];
  #closed = false;

  constructor(limits: JudgeLimits, most: number) {
    this.#limits = limits;
    this.#most = most;
  }

  /** Rejects only where no thread can be made. The bodies of the arguments move to the thread. */
  call(call: Call): Promise<Outcome> {
    if (this.#closed) return Promise.resolve(CLOSED);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call, resolve, reject });
      this.#pump();
    });
  }

  /** Gives up every call that waits or runs, and resolves when all threads have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { resolve } of [...this.#busy.values(), ...this.#waiting]) resolve(CLOSED);
    this.#waiting = [];
    await Promise.all([...this.#idle, ...this.#busy.keys()].map((thread) => thread.end()));
  }

  #pump(): void {
    while (this.#busy.size < this.#most) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      try {
        void this.#run(this.#thread(), next);
      } catch (error) {
        next.reject(error);
      }
    }
  }

  #thread(): JudgeThread {
    const idle = this.#idle.pop();
    if (idle === undefined) return new JudgeThread(threadUrl(), this.#limits);
    return idle.ended ? this.#thread() : idle;
  }

  async #run(thread: JudgeThread, next: Waiting): Promise<void> {
    this.#busy.set(thread, next);
    next.resolve(await thread.run(next.call));
    this.#busy.delete(thread);
    if (!thread.ended) this.#idle.push(thread);
    this.#pump();
  }
}
