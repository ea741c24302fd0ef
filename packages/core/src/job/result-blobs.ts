import type { ResultBlob, Sha256 } from '@gossamer/protocol';

/**
 * The blobs of a job's large results: of those that wait for a judgement, and of canonical ones. By attempt; equal results
 * share one. Follows from the facts.
 */
export class ResultBlobs {
  readonly #of = new Map<number, ResultBlob>();
  /** By name: how many attempts it is of. */
  readonly #uses = new Map<Sha256, number>();
  #bytes = 0;

  /** Bytes of all of them, each once. */
  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#of.size;
  }

  set(attempt: number, blob: ResultBlob): void {
    this.#of.set(attempt, blob);
    const uses = this.#uses.get(blob.sha256) ?? 0;
    this.#uses.set(blob.sha256, uses + 1);
    if (uses === 0) this.#bytes += blob.size;
  }

  /** What the attempt returned is wanted no more. */
  delete(attempt: number): void {
    const blob = this.#of.get(attempt);
    if (blob === undefined) return;
    this.#of.delete(attempt);
    const uses = this.#uses.get(blob.sha256)! - 1;
    if (uses > 0) this.#uses.set(blob.sha256, uses);
    else {
      this.#uses.delete(blob.sha256);
      this.#bytes -= blob.size;
    }
  }

  has(name: Sha256): boolean {
    return this.#uses.has(name);
  }

  names(): Iterable<Sha256> {
    return this.#uses.keys();
  }

  /** The attempts of which it holds something. */
  attempts(): number[] {
    return [...this.#of.keys()];
  }

  /** As plain data, in a fixed order: what replay is compared by. */
  entries(): [number, ResultBlob][] {
    return [...this.#of].sort(([a], [b]) => a - b);
  }
}
