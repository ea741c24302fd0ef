import type { JobFact } from '@gossamer/core';
import { decodeFacts } from '@gossamer/core';
import type { LogStore } from '@gossamer/store';
import { SqliteLogStore } from '@gossamer/store';
import { join } from 'node:path';
import { isResult } from '../load/results.ts';

export interface LogCheck {
  /** Units that have their canonical result, each once. */
  validated: number;
  /** Results that were returned. */
  returned: number;
  /** Canonical results that are not what the unit's honest devices return. */
  wrong: number;
  /** Units that were validated twice. */
  twice: number;
  /** Bytes of the facts, and of the results in them. */
  factBytes: number;
  resultBytes: number;
}

const checkJob = async (log: LogStore, job: number, bytes: number, found: LogCheck): Promise<void> => {
  /** By unit: by ordinal, whether its result is right. */
  const open = new Map<number, boolean[]>();
  const done = new Set<number>();
  const take = (fact: JobFact): void => {
    if (fact.kind === 'returned') {
      for (const { unit, body } of fact.items) {
        found.returned += 1;
        found.resultBytes += body.byteLength;
        const results = open.get(unit);
        const isRight = isResult(body, unit, bytes);
        if (results === undefined) open.set(unit, [isRight]);
        else results.push(isRight);
      }
    } else if (fact.kind === 'judged') {
      for (const { unit, canonical } of fact.items) {
        if (canonical === null) continue;
        if (done.has(unit)) found.twice += 1;
        else found.validated += 1;
        done.add(unit);
        if (open.get(unit)?.[canonical] !== true) found.wrong += 1;
        open.delete(unit);
      }
    }
  };
  for await (const { body } of log.read(job, 0)) {
    found.factBytes += body.byteLength;
    decodeFacts(body).forEach(take);
  }
};

/**
 * Reads the logs of jobs 1 to `jobs` as they lie on disk, independently of the coordinator's own replay: which units are
 * validated, and is each canonical result the right one? The coordinator must have ended.
 */
export const checkLog = async (data: string, jobs: number, bytes: number): Promise<LogCheck> => {
  const log = await SqliteLogStore.open(join(data, 'log.db'));
  const found: LogCheck = { validated: 0, returned: 0, wrong: 0, twice: 0, factBytes: 0, resultBytes: 0 };
  try {
    for (let job = 1; job <= jobs; job++) await checkJob(log, job, bytes, found);
  } finally {
    await log.close();
  }
  return found;
};
