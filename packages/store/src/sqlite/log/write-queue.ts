import { StoreClosed } from '../../errors.ts';
import { OutcomeUnknown } from '../../log-store.ts';
import { type ThreadClient, ThreadEnded } from '../thread/thread-client.ts';
import { fromWireError } from '../thread/wire-error.ts';
import type { WriteAnswer, WriteOperation } from './messages.ts';

interface Queued {
  operation: WriteOperation;
  transfer: ArrayBuffer[];
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
}

/**
 * The group commit: one commit is in flight at most, and what comes meanwhile shares the next one. No timer: a commit
 * starts whenever the writer is free.
 */
export class WriteQueue {
  readonly #writer: ThreadClient;
  readonly #onCommit: (pendingBytes: number) => void;
  #queued: Queued[] = [];
  #running: Promise<void> | null = null;
  #closed = false;

  /** `onCommit` hears how many bytes wait for a checkpoint, about. */
  constructor(writer: ThreadClient, onCommit: (pendingBytes: number) => void) {
    this.#writer = writer;
    this.#onCommit = onCommit;
  }

  add<Value>(operation: WriteOperation, transfer: ArrayBuffer[] = []): Promise<Value> {
    if (this.#closed) return Promise.reject(new StoreClosed('the log is closed'));
    return new Promise<Value>((resolve, reject) => {
      this.#queued.push({ operation, transfer, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Takes nothing more, and resolves when everything queued was committed. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    // What is appended in the same turn of the event loop shares the first commit.
    await Promise.resolve();
    while (this.#queued.length > 0) {
      const group = this.#queued;
      this.#queued = [];
      await this.#commit(group);
    }
    this.#running = null;
  }

  async #commit(group: readonly Queued[]): Promise<void> {
    try {
      const operations = group.map(({ operation }) => operation);
      const transfer = group.flatMap((queued) => queued.transfer);
      const { replies, pendingBytes } = await this.#writer.call<WriteAnswer>({ operations }, transfer);
      group.forEach(({ resolve, reject }, place) => {
        const reply = replies[place]!;
        if ('error' in reply) reject(fromWireError(reply.error));
        else resolve(reply.value as never);
      });
      this.#onCommit(pendingBytes);
    } catch (error) {
      const failure = error instanceof ThreadEnded ? new OutcomeUnknown(error.message) : error;
      for (const { reject } of group) reject(failure);
    }
  }
}
