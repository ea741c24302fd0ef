import type { JobDeleted, JobRetried } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import type { GridUpkeep } from '../../src/grid-upkeep.ts';

/** The contract of GridUpkeep where there are no jobs. */
export class MemoryUpkeep implements GridUpkeep {
  async retry(): Promise<JobRetried> {
    throw new ProblemError('job-unknown');
  }

  async remove(): Promise<JobDeleted> {
    throw new ProblemError('job-unknown');
  }
}
