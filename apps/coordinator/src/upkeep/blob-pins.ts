import type { Sha256 } from '@gossamer/protocol';

/** Blobs that somebody is about to use: while a job is made of them they are not collected. */
export class BlobPins {
  readonly #pinned = new Map<Sha256, number>();
  #lately = new Set<Sha256>();

  /** Gives what lets go of them. */
  pin(hashes: readonly Sha256[]): () => void {
    for (const hash of hashes) {
      this.#pinned.set(hash, (this.#pinned.get(hash) ?? 0) + 1);
      this.#lately.add(hash);
    }
    return () => {
      for (const hash of hashes) {
        const left = this.#pinned.get(hash)! - 1;
        if (left === 0) this.#pinned.delete(hash);
        else this.#pinned.set(hash, left);
      }
    };
  }

  isPinned(hash: Sha256): boolean {
    return this.#pinned.has(hash);
  }

  /** Whoever looks for garbage begins to look: in the same turn it must see which jobs there are. */
  begin(): void {
    this.#lately = new Set(this.#pinned.keys());
  }

  /** Whether it was pinned at any time since somebody began to look. */
  wasPinned(hash: Sha256): boolean {
    return this.#lately.has(hash);
  }
}
