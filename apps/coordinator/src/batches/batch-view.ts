import type { Job } from '@gossamer/core';
import { jobState, unitCounts } from '@gossamer/core';
import type { BatchView } from '@gossamer/protocol';
import type { BatchRecord } from '../runtime/grid-state.ts';

const NO_UNITS = { total: 0, pending: 0, active: 0, provisional: 0, validated: 0, failed: 0, cancelled: 0 };

/** `jobs`: those of its jobs that were not deleted. */
export const batchView = (record: BatchRecord, jobs: readonly Job[]): BatchView => {
  const { id, name, submitterName: submitter, createdAt } = record;
  const total = record.jobs.length;
  const states = { total, running: 0, held: 0, cancelled: 0, completed: 0, deleted: total - jobs.length };
  const units = { ...NO_UNITS };
  for (const job of jobs) {
    states[jobState(job)] += 1;
    const counts = unitCounts(job);
    for (const count of Object.keys(units) as (keyof typeof units)[]) units[count] += counts[count];
  }
  return { id, name, submitter, createdAt, jobs: states, units };
};
