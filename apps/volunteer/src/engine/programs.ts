import type { JobCard } from '@gossamer/protocol';
import { fetchBlob } from './blobs.ts';

/** Programs kept; each is at most `LIMITS.program` bytes. */
const KEPT = 4;

/** Programs by hash, the least recently used forgotten; leases that need the same one share its fetch. */
export class Programs {
  readonly #texts = new Map<string, Promise<string>>();

  get({ sha256, size }: JobCard['program']): Promise<string> {
    let text = this.#texts.get(sha256);
    if (text === undefined) {
      // No lease owns this fetch, so none can abort it: it ends by itself after its tries.
      text = fetchBlob(sha256, size, new AbortController().signal).then((body) => new TextDecoder().decode(body));
      text.catch(() => this.#texts.delete(sha256));
    }
    this.#texts.delete(sha256);
    this.#texts.set(sha256, text);
    if (this.#texts.size > KEPT) this.#texts.delete(this.#texts.keys().next().value!);
    return text;
  }
}
