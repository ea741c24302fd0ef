import type { ProgramFacts } from '@gossamer/program';
import { programFacts } from '@gossamer/program';
import type { Sha256 } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { Memo } from '../memo.ts';

/** Programs of which it is remembered what they say of themselves. */
const PROGRAMS = 256;

export interface SizedFacts extends ProgramFacts {
  /** Bytes of the program. */
  size: number;
}

/** What programs' bytes say of themselves: each is read once for all of its jobs and their cards. */
export class FactsOfPrograms {
  readonly #blobs: BlobStore;
  readonly #facts = new Memo<Sha256, SizedFacts>(PROGRAMS);

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  /** Throws ProblemError `blob-unknown` for a program that is not there. `size`: that of its blob. */
  of(program: Sha256, size: number): Promise<SizedFacts> {
    return this.#facts.get(program, async () => ({
      ...programFacts(await this.#blobs.read(program, { start: 0, end: size })),
      size,
    }));
  }
}
