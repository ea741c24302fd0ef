import { inspectProgram } from '@gossamer/program/node';
import type { Sha256 } from '@gossamer/protocol';
import { LIMITS, lenientText, ProblemError } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { Memo } from '../memo.ts';

/** Programs whose exports are remembered: a campaign of thousands of jobs has few. */
const PROGRAMS = 256;

/** What programs export. Each is parsed in a thread of its own, some 60 ms of it, and once for all of its jobs. */
export class InspectedPrograms {
  readonly #blobs: BlobStore;
  readonly #exports = new Memo<Sha256, readonly string[]>(PROGRAMS);

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  /** Throws ProblemError `blob-unknown`, `body-too-large`, or what is wrong with the program. */
  async exportsOf(program: Sha256): Promise<readonly string[]> {
    const stat = await this.#blobs.stat(program);
    if (stat === null) throw new ProblemError('blob-unknown', `the program ${program} was not uploaded`);
    if (stat.size > LIMITS.program) throw new ProblemError('body-too-large', `the program has ${stat.size} bytes`);
    return this.#exports.get(program, async () => {
      const bytes = await this.#blobs.read(program, { start: 0, end: stat.size });
      return inspectProgram(lenientText(bytes));
    });
  }
}
