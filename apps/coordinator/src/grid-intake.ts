import type { InputsAppended, JobId, JobView } from '@gossamer/protocol';
import type { Caller } from './caller.ts';

/**
 * What REST sees of the inputs of streams. As `Grid`: every method throws ProblemError, and submitters touch only their own
 * jobs.
 */
export interface GridIntake {
  /**
   * Gives a job more inputs, the first of which is unit `first`'s: `content` is lines or packed values, as the job's source
   * says. The same once more changes nothing.
   */
  append(caller: Caller, id: JobId, first: number, content: Uint8Array): Promise<InputsAppended>;
  /** No more come. Once more changes nothing. */
  close(caller: Caller, id: JobId): Promise<JobView>;
}
