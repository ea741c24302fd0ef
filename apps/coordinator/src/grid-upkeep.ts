import type {
  AttemptDetail,
  AttemptsQuery,
  JobDeleted,
  JobId,
  JobRetried,
  KeyQuotas,
  Page,
  QuotasView,
  Sha256,
} from '@gossamer/protocol';
import type { Caller, PageRequest } from './caller.ts';

/** A blob as it comes. */
export interface Upload {
  content: AsyncIterable<Uint8Array>;
  /** Its length, as far as the request says it. */
  declared: number | null;
  /** Bytes at the most. */
  limit: number;
}

/**
 * What REST sees of the upkeep of jobs. As `Grid`: every method throws ProblemError, and submitters touch only their own
 * jobs.
 */
export interface GridUpkeep {
  /** Opens failed units again. */
  retry(caller: Caller, id: JobId): Promise<JobRetried>;
  /** Deletes a job that has ended, for good. */
  remove(caller: Caller, id: JobId): Promise<JobDeleted>;
  /** What the caller's key may have, and has. */
  quotas(caller: Caller): QuotasView;
  /** The same of every key that was not revoked, in the order in which they were made. */
  allQuotas(page: PageRequest): Page<KeyQuotas>;
  /** The size of a blob that a job names, bytes; null where it is not known. */
  blobSize(hash: Sha256): number | null;
  /** Stores a blob, unless it is there. */
  upload(caller: Caller, hash: Sha256, upload: Upload): Promise<{ size: number; created: boolean }>;
  /** The attempts of one unit, oldest first; those that are out now come last. */
  unitAttempts(caller: Caller, id: JobId, unit: number): Promise<AttemptDetail[]>;
  /** The attempts of a job that came back, in the order of their coming. */
  attempts(caller: Caller, id: JobId, query: AttemptsQuery): Promise<Page<AttemptDetail>>;
}
