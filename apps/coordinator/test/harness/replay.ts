import type { Job, JobFact } from '@gossamer/core';
import { createScheduler, decodeFacts, findFaults, foldJob } from '@gossamer/core';
import type { LogStore } from '@gossamer/store';
import { createHash } from 'node:crypto';

const hash = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** A job as its log tells it. */
export const replay = async (log: LogStore, number: number): Promise<{ job: Job | null; facts: JobFact[] }> => {
  const facts: JobFact[] = [];
  for await (const { body } of log.read(number, 0)) facts.push(...decodeFacts(body));
  return { job: foldJob(number, facts, hash), facts };
};

/** What is wrong with a job, by the core's own invariants. */
export const faultsOf = (job: Job): string[] => {
  const scheduler = createScheduler({
    epoch: 1,
    timing: { sessionGraceMs: 1, heartbeatMs: 1, leaseTargetMs: 1 },
    hash,
    chance: () => 0,
  });
  for (const [device, { survived, caught, foreign }] of job.accounts) {
    scheduler.book.add(device, survived, caught - foreign);
  }
  scheduler.jobs.set(job.number, job);
  return findFaults(scheduler);
};
