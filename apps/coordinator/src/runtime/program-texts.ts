import type { Sha256 } from '@gossamer/protocol';
import { lenientText, ProblemError } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { Memo } from '../memo.ts';

/** Programs whose text is kept. */
const PROGRAMS = 16;

/** A JavaScript program as the judge takes it. */
export interface ProgramText {
  sha256: Sha256;
  text: string;
}

/** The texts of JavaScript programs, for whatever asks them something on the coordinator. */
export class ProgramTexts {
  readonly #blobs: BlobStore;
  readonly #texts = new Memo<Sha256, ProgramText>(PROGRAMS);

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  /** Throws ProblemError `blob-unknown` for a program that is not there. */
  of(sha256: Sha256): Promise<ProgramText> {
    return this.#texts.get(sha256, async () => {
      const stat = await this.#blobs.stat(sha256);
      if (stat === null) throw new ProblemError('blob-unknown', sha256);
      return { sha256, text: lenientText(await this.#blobs.read(sha256, { start: 0, end: stat.size })) };
    });
  }
}
