import { admitProgram, type CageProgram } from '@gossamer/cage/engine';
import { isWasm, PAGE_BYTES, ProgramRefused, requireFacts } from '@gossamer/program';
import type { JobCard, ProgramManifest } from '@gossamer/protocol';
import { BlobMismatch, fetchBlob } from './blobs.ts';

/** Programs kept; each is at most `LIMITS.program` bytes. */
const KEPT = 4;

export interface LoadedProgram {
  bytes: Uint8Array<ArrayBuffer>;
  /** What a lease carries: `refused`, with the reason, for a module that breaks the rules of wasm. */
  program: CageProgram;
}

type Wanted = Pick<JobCard, 'signed' | 'limits'>;

/** Throws ProgramRefused when the bytes are not what was signed. */
const requireSignedFacts = ({ bytes, program }: LoadedProgram, manifest: ProgramManifest): void => {
  if (bytes.byteLength !== manifest.size) throw new ProgramRefused('program', 'its size is not that of its manifest');
  const kind = isWasm(bytes) ? 'wasm' : 'js';
  if (program.kind === 'refused' && kind === manifest.kind) return;
  const memoryBytes = program.kind === 'wasm' ? program.memory.maximumPages * PAGE_BYTES : null;
  requireFacts({ kind, memoryBytes }, manifest);
};

const load = async (
  { sha256, size, kind }: Pick<ProgramManifest, 'sha256' | 'size' | 'kind'>,
  memoryBytes: number,
): Promise<LoadedProgram> => {
  // No lease owns this fetch, so none can abort it: it ends by itself after its tries.
  const bytes = await fetchBlob(sha256, size, new AbortController().signal).catch((error: unknown) => {
    if (!(error instanceof BlobMismatch)) throw error;
    throw new ProgramRefused('program', 'its bytes are not those of its manifest');
  });
  return { bytes, program: await admitProgram(kind, bytes, memoryBytes) };
};

/** Programs by hash, the least recently used forgotten; leases that need the same one share its fetch. */
export class Programs {
  readonly #loaded = new Map<string, Promise<LoadedProgram>>();

  /** The program of a manifest that was vetted. Throws ProgramRefused when it is another one. */
  async get({ signed: { manifest }, limits: { memoryBytes } }: Wanted): Promise<LoadedProgram> {
    const key = `${manifest.sha256} ${manifest.kind} ${memoryBytes}`;
    let program = this.#loaded.get(key);
    if (program === undefined) {
      program = load(manifest, memoryBytes);
      program.catch(() => this.#loaded.delete(key));
    }
    this.#loaded.delete(key);
    this.#loaded.set(key, program);
    if (this.#loaded.size > KEPT) this.#loaded.delete(this.#loaded.keys().next().value!);
    const loaded = await program;
    requireSignedFacts(loaded, manifest);
    return loaded;
  }
}
