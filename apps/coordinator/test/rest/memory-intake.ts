import type { InputsAppended, JobView } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import type { GridIntake } from '../../src/grid-intake.ts';

/** The contract of GridIntake where no job has a stream. */
export class MemoryIntake implements GridIntake {
  async append(): Promise<InputsAppended> {
    throw new ProblemError('inputs-closed');
  }

  async close(): Promise<JobView> {
    throw new ProblemError('inputs-closed');
  }
}
