import type { Judge } from '@gossamer/judge';
import type { BlobStore } from '@gossamer/store';
import type { Config } from '../config.ts';
import type { GridLog } from '../runtime/grid-log.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { JobData } from '../shared-data/job-data.ts';
import type { Splits } from '../sources/splits.ts';
import type { Quotas } from '../upkeep/quotas.ts';
import type { CreateParts } from './create-job.ts';
import { InspectedPrograms } from './inspected-programs.ts';
import type { ProgramKinds } from './program-kinds.ts';

interface Parts {
  config: Config;
  runtime: Runtime;
  grid: GridLog;
  blobs: BlobStore;
  kinds: ProgramKinds;
  quotas: Quotas;
  data: JobData;
  splits: Splits;
  inspector: Judge;
}

/** What jobs are made with, by themselves or in a batch. */
export const createParts = ({
  config,
  runtime,
  grid,
  blobs,
  kinds,
  quotas,
  data,
  splits,
  inspector,
}: Parts): CreateParts => {
  let last = 0;
  return {
    runtime,
    grid,
    blobs,
    programs: new InspectedPrograms({ blobs, kinds, judge: inspector, wasmMemoryBytes: config.wasmMemoryBytes }),
    data,
    splits,
    leaseUnits: config.leaseUnits,
    resultBytes: config.resultBytes,
    // One that is on its way to the log is not in its state yet.
    nextNumber: () => (last = Math.max(last, grid.state.lastJob) + 1),
    requireResultRoom: (key) => quotas.requireResultRoom(key),
    reserve: (caller, totals, named) => quotas.reserveJobs(caller, totals, named),
  };
};
