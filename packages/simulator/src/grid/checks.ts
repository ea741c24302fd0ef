import type { Scheduler } from '@gossamer/core';
import { decodeFacts, durableBytes, findFaults, foldJob } from '@gossamer/core';
import type { SimJob } from './sim-job.ts';
import type { Truth } from './truth.ts';

/** An invariant does not hold: the core, or the simulator, is wrong. */
export class SimulationFault extends Error {
  override readonly name = 'SimulationFault';
}

const insist = (faults: readonly string[]): void => {
  if (faults.length > 0) throw new SimulationFault(faults.join('\n'));
};

/** What can be told after every step without a walk: the core's counters are those of the facts. */
export const checkCounts = ({ job, returned, errored, lost, validated }: Truth): void => {
  const { counts } = job;
  const isOff =
    counts.returned !== returned ||
    counts.errored !== errored ||
    counts.expired + counts.abandoned !== lost ||
    counts.validated !== validated ||
    counts.validated + counts.failed > job.total ||
    counts.valid + counts.invalid + counts.inconclusive + counts.revoked > counts.returned ||
    counts.provisional < 0 ||
    job.leased < 0;
  if (isOff) insist([`job ${job.number}: its counters are not those of its facts: ${JSON.stringify(counts)}`]);
};

/** What a walk over all units tells. */
export const checkState = (scheduler: Scheduler): void => insist(findFaults(scheduler));

/** The facts, read back from their bytes, give the identical job. */
export const checkReplay = ({ job, log }: SimJob, hash: Scheduler['options']['hash']): void => {
  if (log === null) return;
  const facts = log.flatMap((segment) => decodeFacts(segment));
  const folded = foldJob(job.number, facts, hash);
  const live = durableBytes(job);
  const replayed = folded === null ? new Uint8Array(0) : durableBytes(folded);
  const differs = live.length !== replayed.length || live.some((byte, at) => byte !== replayed[at]);
  if (differs) insist([`job ${job.number}: a replay of its ${facts.length} facts gives another state`]);
};
