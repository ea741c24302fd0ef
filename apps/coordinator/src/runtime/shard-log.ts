import type { LogStore, Segment, Shard } from '@gossamer/store';
import type { Committer } from './committer.ts';

/** The owner's end of one shard's log: it numbers the facts and remembers how far they are on disk. */
export class ShardLog {
  readonly shard: Shard;
  readonly epoch: number;
  readonly #committer: Committer;
  readonly #isJoinable: boolean;
  #next: number;
  #committed: number;
  #written = 0;

  private constructor(shard: Shard, epoch: number, committer: Committer, last: number, isJoinable: boolean) {
    this.shard = shard;
    this.epoch = epoch;
    this.#committer = committer;
    this.#isJoinable = isJoinable;
    this.#next = last + 1;
    this.#committed = last;
  }

  /** Takes the shard over and reads it: `fold` is called with every segment. `isJoinable`: see `Committer.commit`. Throws LogDamaged. */
  static async open(
    log: LogStore,
    committer: Committer,
    shard: Shard,
    fold: (segment: Segment) => void,
    isJoinable = false,
  ): Promise<ShardLog> {
    const claimed = await log.claim(shard, await log.epochOf(shard));
    if (claimed === null) throw new Error(`shard ${shard} was taken over by another coordinator`);
    let last = 0;
    for await (const segment of log.read(shard, 0)) {
      fold(segment);
      last = segment.seq + segment.n - 1;
    }
    return new ShardLog(shard, claimed.epoch, committer, last, isJoinable);
  }

  /** The number that the next fact will have. */
  get next(): number {
    return this.#next;
  }

  /** The number of the last fact on disk. */
  get committed(): number {
    return this.#committed;
  }

  /** The log has been read to this fact: it is on disk, although its write was not answered for. */
  found(last: number): void {
    this.#committed = Math.max(this.#committed, last);
  }

  /** Bytes that were written since it was opened. */
  get written(): number {
    return this.#written;
  }

  /** Writes `n` facts; resolves when they are on disk, rejects with CommitError. */
  async append(n: number, body: Uint8Array): Promise<void> {
    const seq = this.#next;
    // The body is given away.
    const bytes = body.byteLength;
    this.#next = seq + n;
    const segment = { shard: this.shard, epoch: this.epoch, seq, n, body };
    await this.#committer.commit(segment, this.#isJoinable);
    this.#committed = Math.max(this.#committed, seq + n - 1);
    this.#written += bytes;
  }
}
