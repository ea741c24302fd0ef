import type { Comparison, Independence, JobLimits, Policy, Requirements } from '@gossamer/protocol';
import { JobSpec } from '@gossamer/protocol';
import type { CreatedFact } from '../facts/job-fact.ts';

/** What the core reads of a job's spec. */
export interface CoreSpec {
  id: string;
  name: string;
  submitter: string;
  submitterName: string;
  policy: Policy;
  comparison: Comparison;
  sameClass: boolean;
  requirements: Requirements;
  limits: JobLimits;
  /** Run time that one of its leases is to take, ms; null: what the grid's leases do. */
  leaseTargetMs: number | null;
  priority: number;
  weight: number;
  credit: number;
  independence: Independence;
  createdAt: number;
  /** The whole spec, for those who cut its source and run its program. */
  full: JobSpec;
}

export const coreSpec = (fact: CreatedFact): CoreSpec => {
  const spec = JobSpec.parse(JSON.parse(fact.spec));
  return {
    id: fact.id,
    name: spec.name,
    submitter: fact.submitter,
    submitterName: fact.submitterName,
    policy: spec.policy,
    comparison: spec.comparison,
    sameClass: spec.sameClass,
    requirements: spec.requirements,
    limits: spec.limits,
    leaseTargetMs: spec.chunkSeconds === null ? null : spec.chunkSeconds * 1000,
    priority: spec.priority,
    weight: spec.weight,
    credit: spec.credit,
    independence: spec.independence,
    createdAt: fact.at,
    full: spec,
  };
};
