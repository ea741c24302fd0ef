import { type ProgramFacts, programFacts, ProgramRefused, requireFacts } from '@gossamer/program';
import type { ProgramManifest } from '@gossamer/protocol';
import { BlobMismatch, fetchBlob } from './blobs.ts';

/** Programs kept; each is at most `LIMITS.program` bytes. */
const KEPT = 4;

export interface LoadedProgram {
  bytes: ArrayBuffer;
  text: string;
  facts: ProgramFacts;
}

const load = async ({ sha256, size }: ProgramManifest): Promise<LoadedProgram> => {
  // No lease owns this fetch, so none can abort it: it ends by itself after its tries.
  const bytes = await fetchBlob(sha256, size, new AbortController().signal).catch((error: unknown) => {
    if (!(error instanceof BlobMismatch)) throw error;
    throw new ProgramRefused('program', 'its bytes are not those of its manifest');
  });
  return { bytes, text: new TextDecoder().decode(bytes), facts: programFacts(new Uint8Array(bytes)) };
};

/** Programs by hash, the least recently used forgotten; leases that need the same one share its fetch. */
export class Programs {
  readonly #loaded = new Map<string, Promise<LoadedProgram>>();

  /** The program of a manifest that was vetted. Throws ProgramRefused when it is of another kind. */
  async get(manifest: ProgramManifest): Promise<LoadedProgram> {
    const { sha256 } = manifest;
    let program = this.#loaded.get(sha256);
    if (program === undefined) {
      program = load(manifest);
      program.catch(() => this.#loaded.delete(sha256));
    }
    this.#loaded.delete(sha256);
    this.#loaded.set(sha256, program);
    if (this.#loaded.size > KEPT) this.#loaded.delete(this.#loaded.keys().next().value!);
    const loaded = await program;
    requireFacts(loaded.facts, manifest);
    return loaded;
  }
}
