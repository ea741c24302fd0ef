import type { Stores } from '@gossamer/store';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Projector } from '../queries/projector.ts';
import type { GridLog } from '../runtime/grid-log.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { VisibleJobs } from '../service/visible-jobs.ts';
import type { Sources } from '../sources/sources.ts';
import { Deletions } from './deletions.ts';
import { Retention } from './retention.ts';
import { UpkeepService } from './upkeep-service.ts';

/** What tests shorten, ms. */
export interface UpkeepLimits {
  /** How often it is looked for jobs whose time is over. */
  lookMs: number;
}

const LIMITS: UpkeepLimits = { lookMs: 60_000 };

export interface UpkeepParts {
  config: Config;
  stores: Stores;
  runtime: Runtime;
  grid: GridLog;
  projector: Projector;
  sources: Sources;
  visible: VisibleJobs;
  logger: Logger;
  /** Forgets what else was kept of a job, on disk and in memory. */
  forget: (job: number) => Promise<void>;
  limits?: Partial<UpkeepLimits> | undefined;
}

/** Puts the room together: what REST asks, and what works in the background. */
export const openUpkeep = (parts: UpkeepParts) => {
  const { config, stores, runtime, grid, projector, sources, visible, logger, forget } = parts;
  const limits = { ...LIMITS, ...parts.limits };
  const deletions = new Deletions({ runtime, grid, log: stores.log, reads: stores.reads, projector, logger, forget });
  const retention = new Retention(runtime, deletions, logger, limits.lookMs);
  return {
    service: new UpkeepService({ config, runtime, grid, sources, visible, deletions }),
    /** To be called when jobs were read from their logs, before anybody asks. */
    recover: (): Promise<void> => deletions.recover(),
    start: (): void => {
      deletions.start();
      retention.start();
    },
    close: async (): Promise<void> => {
      await retention.close();
      await deletions.close();
    },
  };
};
