import type { Job, JobFact, JudgementRequest, Lease, Session } from '@gossamer/core';

/** What others do when facts are on disk, or when the scheduler asks for something. */
export interface RuntimeHooks {
  committed(job: Job, facts: readonly JobFact[]): void;
  served(session: Session, granted: Lease[]): void;
  /** It decides again, after jobs were read again. */
  steady(): void;
  /** Takes a question over: it is answered sooner or later, or put again after a crash. */
  judge(request: JudgementRequest): void;
}
