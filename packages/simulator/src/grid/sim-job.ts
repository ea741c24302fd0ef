import type { Job } from '@gossamer/core';
import type { JobSpecInput } from '@gossamer/protocol';
import type { Truth } from './truth.ts';

/** A job to simulate. */
export interface JobPlan {
  readonly units: number;
  /** Compute time of one unit on a device of speed 1, ms. */
  readonly unitMs: number;
  readonly policy: NonNullable<JobSpecInput['policy']>;
  readonly submitter?: string;
}

export interface SimJob {
  readonly plan: JobPlan;
  readonly job: Job;
  readonly truth: Truth;
  /** Virtual ms. */
  readonly createdAt: number;
  /** Null until it is complete. */
  completedAt: number | null;
  /** Its facts as they would be on disk; null when they are not kept. */
  readonly log: Uint8Array[] | null;
}
