import type { Judge } from '@gossamer/judge';
import { JudgeError } from '@gossamer/judge';
import { inspectModule, inspectWasm, runProblem } from '@gossamer/program/node';
import type { ProgramKind, Sha256 } from '@gossamer/protocol';
import { LIMITS, lenientText, ProblemError } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { Memo } from '../memo.ts';
import type { ProgramKinds } from './program-kinds.ts';

/** Programs of which it is remembered what they are: a campaign of thousands of jobs has few. */
const PROGRAMS = 256;

/** The kind of an export that can compute a unit. */
const RUNS = 'a function';

/** A program that may be a job's. */
export interface InspectedProgram {
  kind: ProgramKind;
  exports: readonly string[];
}

interface Parts {
  blobs: BlobStore;
  kinds: ProgramKinds;
  judge: Pick<Judge, 'kinds'>;
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
      if (kind === 'js') return { kind, exports: await this.#exportsOf(program, lenientText(bytes)) };
      const limits = { moduleBytes: LIMITS.program, memoryBytes: wasmMemoryBytes };
      return { kind, exports: inspectWasm(new Uint8Array(bytes), limits).exports };
    });
  }

  /**
   * Its exports by their names. What `run` is where its text does not say it is seen by evaluating it in the judge; a program
   * whose top level does not run there, as it asks for what only a browser has, is taken as it is.
   */
  async #exportsOf(program: Sha256, text: string): Promise<readonly string[]> {
    const { names, isRunKnown } = await inspectModule(text);
    if (isRunKnown) return names;
    const { run } = await this.#parts.judge.kinds({ sha256: program, text }).catch((error: unknown) => {
      if (error instanceof JudgeError) return { run: undefined };
      throw error;
    });
    if (run !== undefined && run !== RUNS) throw runProblem('program.js', run);
    return names;
  }
}
