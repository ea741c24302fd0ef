import { isOver } from '@gossamer/core';
import type { Logger } from 'pino';
import type { Runtime } from '../runtime/runtime.ts';
import type { Sources } from '../sources/sources.ts';
import { leaseCapOf } from './create-job.ts';
import type { ProgramKinds } from './program-kinds.ts';

/** Jobs of an earlier start: how much of their inputs one lease may carry is found from their sources again. */
export const boundLeases = async (
  runtime: Runtime,
  sources: Sources,
  leaseUnits: number,
  logger: Logger,
): Promise<void> => {
  for (const job of runtime.scheduler.jobs.values()) {
    if (isOver(job)) continue;
    try {
      job.leaseCap = leaseCapOf((await sources.of(job)).inlineBytes, job.spec.limits.resultBytes, leaseUnits);
    } catch (error) {
      logger.warn({ error, jobId: job.spec.id }, 'the source of a job cannot be read');
    }
  }
};

/** Jobs of an earlier start: what their programs are is read off the programs again. */
export const learnKinds = async (runtime: Runtime, kinds: ProgramKinds, logger: Logger): Promise<void> => {
  for (const { spec } of runtime.scheduler.jobs.values()) {
    try {
      await kinds.learn(spec.full.program);
    } catch (error) {
      logger.warn({ error, jobId: spec.id }, 'the program of a job cannot be read');
    }
  }
};
