import { cageDocument } from '@gossamer/cage/served';
import type { cancelJob } from '@gossamer/core';
import { isOver, noteRefusal } from '@gossamer/core';
import { JobId, type JobSpec, type KeyCreated } from '@gossamer/protocol';
import type { Stores } from '@gossamer/store';
import { openMemoryStores, openSqliteStores } from '@gossamer/store';
import type { FastifyInstance } from 'fastify';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { Config } from './config.ts';
import { cageTemplate, redacted } from './config.ts';
import { LoadShedder } from './gateway/load-shedder.ts';
import { exchangeMetrics } from './gateway/exchange-metrics.ts';
import { flowMetrics } from './gateway/flow-metrics.ts';
import { Exchanges } from './gateway/exchanges.ts';
import { Gateway } from './gateway/gateway.ts';
import { Grants } from './gateway/grants.ts';
import type { GatewayLimits } from './gateway/limits.ts';
import { GATEWAY_LIMITS } from './gateway/limits.ts';
import { SignedPrograms } from './gateway/signed-programs.ts';
import { createHttp } from './http/create-http.ts';
import type { HttpLimits } from './http/options.ts';
import { builtPages } from './pages.ts';
import { openAsking } from './open-asking.ts';
import { JobChanges } from './queries/job-changes.ts';
import { Projector } from './queries/projector.ts';
import { Queries } from './queries/queries.ts';
import { busyLoop } from './runtime/busy-loop.ts';
import { Committer } from './runtime/committer.ts';
import { Compactor } from './runtime/compactor.ts';
import { gridClock } from './runtime/grid-clock.ts';
import { gridMetrics } from './runtime/grid-metrics.ts';
import { GridLog } from './runtime/grid-log.ts';
import { Keys } from './runtime/keys.ts';
import { OwnKeys } from './runtime/coordinator-keys.ts';
import { FactsOfPrograms } from './runtime/program-facts.ts';
import { LOG_SERIALIZERS } from './runtime/log-serializers.ts';
import { Runtime } from './runtime/runtime.ts';
import { Signers } from './runtime/signers.ts';
import { SourceMaps } from './runtime/source-maps.ts';
import { Stats } from './runtime/stats.ts';
import { Watchers } from './runtime/watchers.ts';
import { boundLeases, learnKinds } from './service/take-up-jobs.ts';
import { DeviceBook } from './runtime/device-book.ts';
import { GridService } from './service/grid-service.ts';
import { ProgramKinds } from './service/program-kinds.ts';
import { ProgramUses } from './service/program-uses.ts';
import { Refusals } from './service/refusals.ts';
import { Enforcement } from './service/enforcement.ts';
import { SigningService } from './service/signing-service.ts';
import { VisibleJobs } from './service/visible-jobs.ts';
import { JobData } from './shared-data/job-data.ts';
import { BlobPins } from './upkeep/blob-pins.ts';
import { openBatches } from './batches/open-batches.ts';
import type { Caller } from './caller.ts';
import { createParts } from './service/create-parts.ts';
import { retentionOf } from './upkeep/retention.ts';
import { openIntake, type IntakeLimits } from './intake/open-intake.ts';
import { openUpkeep, type UpkeepLimits } from './upkeep/open-upkeep.ts';
import { openWebhooks, type WebhooksParts } from './webhooks/open-webhooks.ts';

export interface RunningCoordinator {
  readonly config: Config;
  readonly port: number;
  readonly publicUrl: string;
  /** The keys that this start made, with their secrets: the only time that they can be seen. */
  readonly madeKeys: KeyCreated[];
  /** Graceful: nothing new is taken, what is under way is finished and written. */
  close(): Promise<void>;
}

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** Opens what `config.data` names. */
export const openStores = (config: Config): Promise<Stores> =>
  config.data === ':memory:' ? Promise.resolve(openMemoryStores()) : openSqliteStores(config.data);

const pageOrigins = (publicUrl: string, port: number): Set<string> => {
  const local = ['localhost', '127.0.0.1', '[::1]'].map((host) => `http://${host}:${port}`);
  return new Set([new URL(publicUrl).origin, ...local]);
};

/** What tests shorten. */
export interface StartLimits {
  gateway?: Partial<GatewayLimits>;
  http?: Partial<HttpLimits>;
  webhooks?: WebhooksParts['limits'];
  upkeep?: Partial<UpkeepLimits>;
  intake?: Partial<IntakeLimits>;
}

/** The composition root: opens the stores, replays the logs, and listens. `wall` is the system's clock, which may jump. */
export const startCoordinator = async (
  config: Config,
  wall: () => number = Date.now,
  open: (config: Config) => Promise<Stores> = openStores,
  limits: StartLimits = {},
): Promise<RunningCoordinator> => {
  const logger = pino({ level: config.logLevel, serializers: LOG_SERIALIZERS });
  logger.info({ config: redacted(config) }, 'the coordinator starts');
  const stores = await open(config);
  for (const { path, mode, why } of stores.exposed) {
    logger.warn({ path, mode, why }, 'other users of this machine may get at the secrets of the grid: change the mode');
  }
  try {
    return await startOn(stores, config, logger, gridClock(wall), limits);
  } catch (error) {
    await stores.close();
    throw error;
  }
};

const startOn = async (
  stores: Stores,
  config: Config,
  logger: Logger,
  now: () => number,
  limits: StartLimits,
): Promise<RunningCoordinator> => {
  const gatewayLimits = { ...GATEWAY_LIMITS, ...limits.gateway };
  const committer = new Committer(stores.log);
  const grid = await GridLog.open(stores.log, committer, now());
  // What an earlier start had no time for: nobody is let in before it is done, unless it cannot be done now.
  await grid.erase().catch((error: unknown) => {
    logger.warn({ error }, 'what is told of forgotten devices is not erased yet: that is tried again');
  });
  const keys = new Keys(grid, now);
  // Of both before anything is made or anybody is let in.
  keys.requireFit('operator', config.operatorKey);
  keys.requireFit('submitter', config.submitterKey);
  const ownKeys = new OwnKeys(grid, now);
  await ownKeys.ensure();

  const runtime = new Runtime(stores, committer, config, logger, grid, now);
  const kinds = new ProgramKinds(stores.blobs);
  const deviceId = (number: number) => grid.state.devices.get(number)?.id ?? null;
  const projector = new Projector(stores.log, stores.reads);
  const queries = new Queries(stores.log, stores.reads, projector, deviceId);
  const asking = openAsking(runtime, queries, stores, logger);
  const { sources, splits, reductions, inspector } = asking;
  const stats = new Stats(runtime.scheduler, now);
  const watchers = new Watchers();

  let app: FastifyInstance | null = null;
  let gateway: Gateway | null = null;
  const address: { port: number } = { port: config.port };
  const publicUrl = () => config.publicUrl ?? `http://localhost:${address.port}`;
  const cageOrigin = () => config.cageOrigin ?? `http://*.cage.localhost:${address.port}`;

  const { secret } = grid.state;
  const programs = new FactsOfPrograms(stores.blobs);
  const signed = new SignedPrograms(ownKeys, grid.state, programs);
  const cageOf = (job: number) => cageTemplate(cageOrigin(), job);
  const data = new JobData({
    blobs: stores.blobs,
    jobDataBytes: config.jobDataBytes,
  });
  const grants = new Grants({
    runtime,
    sources,
    blobs: stores.blobs,
    signed,
    data,
    wasmMemoryBytes: config.wasmMemoryBytes,
    secret,
    cageOrigin: cageOf,
  });
  const registry = new Registry();
  const refusals = new Refusals(logger, registry);
  const revoke = (leases: ReturnType<typeof cancelJob>) => gateway?.revoke(leases);
  const forgetCards = () => {
    grants.forgetCards();
    gateway?.forgetCards();
  };
  const enforcement = new Enforcement({ runtime, state: grid.state, logger, revoke, forgetCards });
  const signing = new SigningService({
    runtime,
    grid,
    blobs: stores.blobs,
    programs,
    signers: new Signers(grid, now),
    keys: ownKeys,
    refusals,
    enforcement,
    unvetted: config.unvetted,
    forgetCards,
  });
  const webhooks = await openWebhooks({
    runtime,
    grid,
    store: stores.webhooks,
    changes: new JobChanges(stores.log, stores.reads, projector),
    registry,
    logger,
    publicUrl,
    rule: config.webhookTargets,
    limits: limits.webhooks,
  });
  const devices = new DeviceBook(grid, runtime, refusals, logger, (device) => gateway?.end(device));
  const visible = new VisibleJobs(runtime, grid, kinds);
  const pins = new BlobPins();
  const sourceMaps = new SourceMaps(stores.blobs);
  const upkeep = openUpkeep({
    sourceMaps,
    config,
    stores,
    runtime,
    grid,
    projector,
    sources,
    visible,
    logger,
    registry,
    pins,
    forget: async (job) => {
      grants.forget(job);
      await reductions.forget(job);
      await webhooks.dispatcher.forget(job);
    },
    limits: limits.upkeep,
  });
  const create = createParts({
    config,
    runtime,
    grid,
    blobs: stores.blobs,
    kinds,
    quotas: upkeep.quotas,
    data,
    splits,
    inspector,
  });
  const admit = async (caller: Caller, spec: JobSpec): Promise<JobSpec> => {
    await signing.requireAdmissible(caller, spec);
    return { ...spec, retention: retentionOf(spec, config) };
  };
  const { discard } = upkeep;
  const batches = openBatches({ runtime, grid, signing, pins, watchers, create, admit, revoke, discard });
  const intake = openIntake({
    config,
    runtime,
    blobs: stores.blobs,
    pins,
    quotas: upkeep.quotas,
    ledger: upkeep.ledger,
    visible,
    watchers,
    logger,
    limits: limits.intake,
  });
  const service = new GridService({
    config,
    runtime,
    grid,
    blobs: stores.blobs,
    kinds,
    reductions,
    sourceMaps,
    visible,
    pins,
    create,
    batches,
    programs: new ProgramUses({ runtime, grid, kinds, visible, ledger: upkeep.ledger }),
    upkeep: upkeep.service,
    uploads: upkeep.uploads,
    intake: intake.service,
    largeResults: upkeep.largeResults,
    keys,
    queries,
    stats,
    watchers,
    signing,
    webhooks: webhooks.service,
    devices,
    publicUrl,
    version,
    storeName: config.data === ':memory:' ? 'memory' : 'sqlite',
    revoke,
  });

  runtime.hooks = {
    committed: (job, facts) => {
      stats.count(facts);
      watchers.changed(job.number);
      gateway?.touched(job, facts);
      if (isOver(job)) grants.forget(job.number);
    },
    served: (session, granted) => gateway?.served(session, granted),
    judge: (request) => asking.judgements.put(request),
    steady: () => enforcement.catchUp(),
  };

  const pages = builtPages(config.pages, cageOrigin);
  const cage = { document: () => cageDocument({ pageOrigin: new URL(publicUrl()).origin }) };
  app = createHttp({ grid: service, config, logger, pages, cage, registry, now, limits: limits.http });
  await app.listen({ host: config.host, port: config.port });
  address.port = (app.server.address() as AddressInfo).port;

  const { jobNumbers, deleted } = grid.state;
  await runtime.recover([...jobNumbers.values()].filter((job) => !deleted.has(job) && !grid.state.isVoid(job)));
  await upkeep.recover();
  await enforcement.carryOut('start');
  grid.reread = () => enforcement.reviewed();
  await boundLeases(runtime, sources, config.leaseUnits, logger);
  await learnKinds(runtime, kinds, logger);
  const shedder = new LoadShedder(() => performance.now());
  const metrics = exchangeMetrics(registry, shedder);
  const exchanges = new Exchanges({
    runtime,
    grants,
    secret,
    logger,
    shedder,
    metrics,
    limits: gatewayLimits,
    blobs: stores.blobs,
    pins,
    reported: (place) => upkeep.largeResults.reported(place),
  });
  const compactor = new Compactor({
    log: stores.log,
    logger,
    logs: () => runtime.logs(),
    isOver: (number) => {
      const job = runtime.scheduler.jobs.get(number);
      return job !== undefined && isOver(job);
    },
    isBusy: busyLoop(),
  });
  gridMetrics(registry, { scheduler: runtime.scheduler, stats, committer, compactor });
  const origins = pageOrigins(publicUrl(), address.port);
  gateway = new Gateway(app.server, {
    config,
    runtime,
    grid,
    exchanges,
    devices,
    offers: upkeep.largeResults,
    logger,
    limits: gatewayLimits,
    metrics: flowMetrics(registry),
    refused: (session, refusal) => {
      const job = runtime.scheduler.jobs.get(refusal.job);
      const device = deviceId(session.device);
      if (job === undefined || device === null) return;
      if (!noteRefusal(runtime.scheduler, session.number, job.number, refusal.detail, now())) return;
      const view = { at: now(), device, job: JobId.parse(job.spec.id), jobName: job.spec.name };
      refusals.note(view, session.device, refusal);
    },
    isPageOrigin: (origin) => origins.has(origin),
  });
  runtime.start();
  devices.start();
  compactor.start();
  stats.start(() => {
    for (const job of runtime.scheduler.jobs.keys()) watchers.changed(job);
  });
  watchers.watchAll((number) => {
    const job = runtime.scheduler.jobs.get(number);
    if (job === undefined) return;
    webhooks.dispatcher.touched(job);
    reductions.touched(job);
  });
  // Last: a start that fails must not make keys that nobody gets to see.
  const made = [await keys.ensure('operator', config.operatorKey), await keys.ensure('submitter', config.submitterKey)];
  service.ready = true;
  webhooks.dispatcher.start();
  for (const job of runtime.scheduler.jobs.values()) reductions.touched(job);
  upkeep.start();
  intake.start();

  let closing: Promise<void> | null = null;
  const close = async () => {
    service.ready = false;
    await gateway?.close();
    await devices.close();
    await upkeep.close();
    await intake.close();
    await app?.close();
    stats.stop();
    await webhooks.dispatcher.close();
    await asking.close();
    await compactor.close();
    await runtime.close();
    watchers.close();
    await stores.close();
  };
  return {
    config,
    port: address.port,
    publicUrl: publicUrl(),
    madeKeys: made.filter((key) => key !== null),
    close: () => (closing ??= close()),
  };
};
