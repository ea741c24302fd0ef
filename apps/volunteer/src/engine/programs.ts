import { admitProgram, type CageProgram } from '@gossamer/cage/engine';
import type { JobCard } from '@gossamer/protocol';
import { fetchBlob } from './blobs.ts';

/** Programs kept; each is at most `LIMITS.program` bytes. */
const KEPT = 4;

/** Programs by hash, the least recently used forgotten; leases that need the same one share its fetch. */
export class Programs {
  readonly #programs = new Map<string, Promise<CageProgram>>();

  /** Rejects where it cannot be fetched; one that must not run here is `refused`, with the reason. */
  get({ program: { sha256, size, kind }, limits: { memoryBytes } }: Pick<JobCard, 'program' | 'limits'>) {
    const key = `${sha256} ${kind} ${memoryBytes}`;
    let program = this.#programs.get(key);
    if (program === undefined) {
      // No lease owns this fetch, so none can abort it: it ends by itself after its tries.
      const fetched = fetchBlob(sha256, size, new AbortController().signal);
      program = fetched.then((body) => admitProgram(kind, new Uint8Array(body), memoryBytes));
      program.catch(() => this.#programs.delete(key));
    }
    this.#programs.delete(key);
    this.#programs.set(key, program);
    if (this.#programs.size > KEPT) this.#programs.delete(this.#programs.keys().next().value!);
    return program;
  }
}
