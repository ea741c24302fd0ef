import type { KeyId, Page, ProgramView, Sha256 } from '@gossamer/protocol';
import type { Caller, PageRequest } from './caller.ts';

/**
 * What REST sees of programs: they are there as long as a job is of them, and a caller sees those of the jobs that it sees. As
 * `Grid`: every method throws ProblemError.
 */
export interface GridPrograms {
  /** The last used first; with `submitter` those of one key, which is `key-unknown` where the caller may not see its jobs. */
  list(caller: Caller, request: PageRequest & { submitter?: KeyId | undefined }): Page<ProgramView>;
  /** Throws `program-unknown`. */
  get(caller: Caller, sha256: Sha256): ProgramView;
}
