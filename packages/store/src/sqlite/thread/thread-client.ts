import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { StoreClosed } from '../../errors.ts';
import type { Answer, Call } from './messages.ts';
import { fromWireError } from './wire-error.ts';

/** Starts a thread. Tests replace it to get hold of the thread. */
export type Spawn = (entry: URL, data: unknown) => Worker;

export const spawnThread: Spawn = (entry, data) => new Worker(entry, { workerData: data });

/** Thrown for calls that were under way when their thread ended. */
export class ThreadEnded extends Error {
  override readonly name = 'ThreadEnded';
}

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** The outer side of a thread. A thread that ended is started again by the next call. */
export class ThreadClient {
  readonly #entry: URL;
  readonly #data: unknown;
  readonly #spawn: Spawn;
  #thread: Promise<Worker> | null = null;
  #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #closed = false;

  private constructor(entry: URL, data: unknown, spawn: Spawn) {
    this.#entry = entry;
    this.#data = data;
    this.#spawn = spawn;
  }

  /** Resolves when the thread has opened its service; throws what that threw. */
  static async start(entry: URL, data: unknown, spawn: Spawn = spawnThread): Promise<ThreadClient> {
    const client = new ThreadClient(entry, data, spawn);
    await client.#started();
    return client;
  }

  async call<Value>(request: unknown, transfer: ArrayBuffer[] = []): Promise<Value> {
    if (this.#closed) throw new StoreClosed('the store is closed');
    const thread = await this.#started();
    const id = this.#nextId++;
    return this.#post<Value>(thread, { id, request }, transfer);
  }

  /** Lets the thread finish the calls before this one, close its service and end. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const thread = await this.#thread;
    if (thread === null) return;
    const exited = once(thread, 'exit');
    try {
      await this.#post(thread, { id: this.#nextId++, close: true }, []);
    } catch (error) {
      // A thread that ended by itself is closed as well.
      if (!(error instanceof ThreadEnded)) throw error;
    }
    await exited;
  }

  #post<Value>(thread: Worker, call: Call, transfer: ArrayBuffer[]): Promise<Value> {
    return new Promise<Value>((resolve, reject) => {
      thread.postMessage(call, transfer);
      this.#waiting.set(call.id, { resolve: resolve as (value: unknown) => void, reject });
    });
  }

  #started(): Promise<Worker> {
    if (this.#thread !== null) return this.#thread;
    const waiting = new Map<number, Waiting>();
    this.#waiting = waiting;
    const starting = new Promise<Worker>((resolve, reject) => {
      const thread = this.#spawn(this.#entry, this.#data);
      let cause = 'it stopped';
      waiting.set(0, { resolve: () => resolve(thread), reject });
      thread.on('message', (answer: Answer) => {
        const call = waiting.get(answer.id);
        waiting.delete(answer.id);
        if ('error' in answer) call?.reject(fromWireError(answer.error));
        else call?.resolve(answer.value);
      });
      thread.on('error', (error) => (cause = error.message));
      thread.on('exit', () => {
        if (this.#thread === starting) this.#thread = null;
        for (const call of waiting.values()) call.reject(new ThreadEnded(`a thread of the store ended: ${cause}`));
        waiting.clear();
      });
    });
    this.#thread = starting;
    return starting;
  }
}
