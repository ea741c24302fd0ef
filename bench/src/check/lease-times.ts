import { decodeFacts } from '@gossamer/core';
import { SqliteLogStore } from '@gossamer/store';
import { join } from 'node:path';

/** A lease of which every unit that came back is known. */
export interface LeaseTime {
  /** When its last result came, ms by the coordinator's clock. */
  endedAt: number;
  /** Run time of its units together, as the tab measured it, ms. */
  runMs: number;
  units: number;
}

export interface TimesFound {
  leases: LeaseTime[];
  /** Run times of single units, ms, and when their results came, ms by the coordinator's clock. */
  runs: { at: number; ms: number }[];
  /** Results of other content than `expected`. */
  wrong: number;
  /** Units that came back more than once. */
  twice: number;
}

/** Reads from a job's log when its leases ended and how long their units ran. The coordinator must have ended. */
export const leaseTimes = async (data: string, job: number, expected: string): Promise<TimesFound> => {
  const log = await SqliteLogStore.open(join(data, 'log.db'));
  const leases = new Map<string, LeaseTime>();
  const found: TimesFound = { leases: [], runs: [], wrong: 0, twice: 0 };
  const seen = new Set<number>();
  try {
    for await (const { body } of log.read(job, 0)) {
      for (const fact of decodeFacts(body)) {
        if (fact.kind !== 'returned') continue;
        const key = `${fact.epoch}:${fact.lease}`;
        const lease = leases.get(key) ?? { endedAt: 0, runMs: 0, units: 0 };
        leases.set(key, lease);
        lease.endedAt = Math.max(lease.endedAt, fact.at);
        for (const { unit, runMs, body: result } of fact.items) {
          lease.runMs += runMs;
          lease.units += 1;
          found.runs.push({ at: fact.at, ms: runMs });
          if (Buffer.from(result).toString() !== expected) found.wrong += 1;
          if (seen.has(unit)) found.twice += 1;
          seen.add(unit);
        }
      }
    }
  } finally {
    await log.close();
  }
  found.leases = [...leases.values()];
  return found;
};

/**
 * Run time that falls into a window of the coordinator's clock, ms. A lease ran up to when its last result came, so
 * one that lies across an edge counts with the part inside.
 */
export const runTimeWithin = (leases: readonly LeaseTime[], from: number, to: number): number =>
  leases.reduce(
    (sum, { endedAt, runMs }) => sum + Math.max(0, Math.min(endedAt, to) - Math.max(endedAt - runMs, from)),
    0,
  );
