import type { JobSpecInput } from '@gossamer/protocol';
import type { Gossamer, Job } from '@gossamer/sdk/node';

/** The devices of a benchmark compute nothing; the coordinator parses the program and never runs it. */
export const PROGRAM = 'export const run = () => new Uint8Array(8);\n';

export interface BenchJob {
  units: number;
  policy: NonNullable<JobSpecInput['policy']>;
  /** Size of a result, bytes, where it is more than jobs allow unless they say so. */
  bytes?: number;
}

/** Submits a job of `units` tiny units. All devices are of one address: independence by prefix does not apply on loopback. */
export const submit = async (grid: Gossamer, { units, policy, bytes }: BenchJob, name = 'benchmark'): Promise<Job> => {
  const { sha256 } = await grid.upload({ code: PROGRAM });
  const limits = bytes === undefined ? {} : { resultBytes: bytes };
  return grid.jobs.create({ name, program: sha256, source: { kind: 'range', start: 0, stop: units }, policy, limits });
};
