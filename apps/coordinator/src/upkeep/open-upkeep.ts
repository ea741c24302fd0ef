import type { Stores } from '@gossamer/store';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '../config.ts';
import { AttemptDetails } from '../queries/attempt-details.ts';
import { LargeResults } from '../large-results/large-results.ts';
import type { Projector } from '../queries/projector.ts';
import type { GridLog } from '../runtime/grid-log.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { SourceMaps } from '../runtime/source-maps.ts';
import type { VisibleJobs } from '../service/visible-jobs.ts';
import type { Sources } from '../sources/sources.ts';
import { Attempts } from './attempts.ts';
import { BlobCollector } from './blob-collector.ts';
import { BlobLedger } from './blob-ledger.ts';
import type { BlobPins } from './blob-pins.ts';
import { Deletions } from './deletions.ts';
import { Quotas } from './quotas.ts';
import { ResultRoom } from './result-room.ts';
import { Retention } from './retention.ts';
import { UpkeepService } from './upkeep-service.ts';
import { Uploads } from './uploads.ts';

/** What tests shorten, ms. */
export interface UpkeepLimits {
  /** How often it is looked for jobs whose time is over. */
  lookMs: number;
  /** How often blobs that no job names are collected, and how long they are kept all the same. */
  collectMs: number;
  /** How often it is looked for large results that nobody wants any more. */
  resultsMs: number;
  blobGraceMs: number;
  /** How often it is looked for keys whose results take all of their room. */
  roomMs: number;
}

const HOUR_MS = 3_600_000;
/** Large results that a device may have sent and not reported: so many, and so many times the largest one's bytes. */
const UNREPORTED = 8;
const UNREPORTED_TIMES = 4;

export interface UpkeepParts {
  config: Config;
  stores: Stores;
  runtime: Runtime;
  grid: GridLog;
  projector: Projector;
  sources: Sources;
  visible: VisibleJobs;
  sourceMaps: SourceMaps;
  logger: Logger;
  registry: Registry;
  pins: BlobPins;
  /** Forgets what else was kept of a job, on disk and in memory. */
  forget: (job: number) => Promise<void>;
  limits?: Partial<UpkeepLimits> | undefined;
}

/** Puts the room together: what REST asks, and what works in the background. */
export const openUpkeep = (parts: UpkeepParts) => {
  const { blobs } = parts.stores;
  const { config, stores, runtime, grid, projector, sources, visible, logger, registry, pins, forget } = parts;
  const {
    lookMs = 60_000,
    collectMs = HOUR_MS,
    resultsMs = 30_000,
    roomMs = 1000,
    blobGraceMs = config.blobGraceHours * HOUR_MS,
  } = parts.limits ?? {};
  const deletions = new Deletions({ runtime, grid, log: stores.log, reads: stores.reads, projector, logger, forget });
  const ledger = new BlobLedger(runtime.scheduler);
  const quotas = new Quotas(grid.state, runtime.scheduler, ledger, config.quota);
  const uploads = new Uploads({ parts: blobs.parts, touch: (hash) => blobs.touch(hash), ledger, quotas });
  const retention = new Retention(runtime, deletions, logger, lookMs);
  const resultRoom = new ResultRoom(runtime, quotas, logger, roomMs);
  const collector: BlobCollector = new BlobCollector({
    blobs,
    pins,
    scheduler: runtime.scheduler,
    registry,
    logger,
    graceMs: blobGraceMs,
    everyMs: collectMs,
    wants: (hash) => largeResults.wants(hash),
    wasUploaded: (hash) => ledger.wasUploaded(hash),
    collected: (hash) => ledger.collected(hash),
    uploads,
  });
  const largeResults: LargeResults = new LargeResults({
    runtime,
    blobs,
    quotas,
    collector,
    secret: grid.state.secret,
    logger,
    limits: { count: UNREPORTED, bytes: UNREPORTED_TIMES * config.resultBytes },
    everyMs: resultsMs,
  });
  const details = new AttemptDetails(stores.log, stores.reads, projector);
  const attempts = new Attempts(runtime, grid.state, details, parts.sourceMaps);
  return {
    service: new UpkeepService({
      config,
      runtime,
      grid,
      sources,
      visible,
      deletions,
      blobs,
      pins,
      ledger,
      quotas,
      attempts,
    }),
    quotas,
    ledger,
    uploads,
    largeResults,
    discard: (numbers: readonly number[]): void => deletions.discard(numbers),
    /** To be called when jobs were read from their logs, before anybody asks. */
    recover: async (): Promise<void> => {
      await deletions.recover();
      await ledger.learn(blobs);
      await uploads.recover();
    },
    start: (): void => {
      deletions.start();
      retention.start();
      resultRoom.start();
      collector.start();
      largeResults.start();
    },
    close: async (): Promise<void> => {
      await retention.close();
      await resultRoom.close();
      await largeResults.close();
      await collector.close();
      await deletions.close();
    },
  };
};
