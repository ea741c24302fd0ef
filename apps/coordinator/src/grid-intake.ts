import type { InputsAppended, JobId, JobView, StreamSource } from '@gossamer/protocol';
import type { Caller } from './caller.ts';

/** Inputs as they come: the first one is that of unit `first`. */
export interface InputsSent {
  first: number;
  format: StreamSource['format'];
  content: Uint8Array;
}

/**
 * What REST sees of the inputs of streams. As `Grid`: every method throws ProblemError, and submitters touch only their own
 * jobs.
 */
export interface GridIntake {
  /** Gives a job more inputs, of its source's format. The same once more changes nothing. */
  append(caller: Caller, id: JobId, sent: InputsSent): Promise<InputsAppended>;
  /** No more come. Once more changes nothing. */
  close(caller: Caller, id: JobId): Promise<JobView>;
}
