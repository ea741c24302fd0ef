import { inspectProgram, inspectWasm } from '@gossamer/program/node';
import type { ProgramKind, Sha256 } from '@gossamer/protocol';
import { LIMITS, lenientText, ProblemError } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { Memo } from '../memo.ts';
import type { ProgramKinds } from './program-kinds.ts';

/** Programs of which it is remembered what they are: a campaign of thousands of jobs has few. */
const PROGRAMS = 256;

/** A program that may be a job's. */
export interface InspectedProgram {
  kind: ProgramKind;
  exports: readonly string[];
}

interface Parts {
  blobs: BlobStore;
  kinds: ProgramKinds;
  /** The largest maximum that the memory of a wasm module may declare, bytes. */
  wasmMemoryBytes: number;
}

/** What programs are. Each is parsed once for all of its jobs: JavaScript in a thread of its own, some 60 ms of it. */
export class InspectedPrograms {
  readonly #parts: Parts;
  readonly #programs = new Memo<Sha256, InspectedProgram>(PROGRAMS);

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Throws ProblemError `blob-unknown`, `body-too-large`, or what is wrong with the program. */
  async inspect(program: Sha256): Promise<InspectedProgram> {
    const { blobs, kinds, wasmMemoryBytes } = this.#parts;
    const stat = await blobs.stat(program);
    if (stat === null) throw new ProblemError('blob-unknown', `the program ${program} was not uploaded`);
    if (stat.size > LIMITS.program) throw new ProblemError('body-too-large', `the program has ${stat.size} bytes`);
    return this.#programs.get(program, async () => {
      const kind = await kinds.learn(program);
      const bytes = await blobs.read(program, { start: 0, end: stat.size });
      if (kind === 'js') return { kind, exports: await inspectProgram(lenientText(bytes)) };
      const limits = { moduleBytes: LIMITS.program, memoryBytes: wasmMemoryBytes };
      return { kind, exports: inspectWasm(new Uint8Array(bytes), limits).exports };
    });
  }
}
