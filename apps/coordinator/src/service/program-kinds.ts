import { isWasm } from '@gossamer/program/wasm';
import type { ProgramKind, Sha256 } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';

/** Bytes by which a wasm module is known. */
const MAGIC_BYTES = 4;

/**
 * Which kind each job's program is, by its hash. It follows from the program's bytes, so that no log needs to say it;
 * views ask and cannot wait, so that a program is learnt before its job is seen.
 */
export class ProgramKinds {
  readonly #blobs: BlobStore;
  readonly #kinds = new Map<Sha256, ProgramKind>();

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  /** Reads the beginning of a program that is not known yet. Throws ProblemError `blob-unknown`. */
  async learn(program: Sha256): Promise<ProgramKind> {
    const known = this.#kinds.get(program);
    if (known !== undefined) return known;
    const size = (await this.#blobs.stat(program))?.size ?? 0;
    const head = await this.#blobs.read(program, { start: 0, end: Math.min(size, MAGIC_BYTES) });
    const kind = isWasm(head) ? 'wasm' : 'js';
    this.#kinds.set(program, kind);
    return kind;
  }

  /** `js` where nothing was learnt: a program whose bytes are gone runs nowhere. */
  of(program: Sha256): ProgramKind {
    return this.#kinds.get(program) ?? 'js';
  }
}
