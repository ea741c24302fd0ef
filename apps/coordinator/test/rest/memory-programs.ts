import type { Page, ProgramView } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import type { GridPrograms } from '../../src/grid-programs.ts';

/** The contract of GridPrograms where there are none. */
export class MemoryPrograms implements GridPrograms {
  list(): Page<ProgramView> {
    return { items: [], next: null };
  }

  get(): ProgramView {
    throw new ProblemError('program-unknown');
  }
}
