import type { WebhookStore } from '@gossamer/store';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { JobChanges } from '../queries/job-changes.ts';
import { unforeseeable } from '../runtime/chance.ts';
import type { GridLog } from '../runtime/grid-log.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { Bodies } from './bodies.ts';
import { WebhookBook } from './book.ts';
import { Dispatcher } from './dispatcher.ts';
import { Feed } from './feed.ts';
import type { WebhookLimits } from './limits.ts';
import { WEBHOOK_LIMITS } from './limits.ts';
import { webhookMetrics } from './metrics.ts';
import { post } from './send.ts';
import type { Resolve } from './targets/resolve.ts';
import { resolverFor } from './targets/resolve.ts';
import type { TargetRule } from './targets/target.ts';
import { WebhookService } from './webhook-service.ts';

export interface WebhooksParts {
  runtime: Runtime;
  grid: GridLog;
  store: WebhookStore;
  changes: JobChanges;
  registry: Registry;
  logger: Logger;
  publicUrl: () => string;
  rule: TargetRule;
  /** What tests shorten, or answer in place of the name service. */
  limits?: (Partial<WebhookLimits> & { resolve?: Resolve }) | undefined;
}

const wait = (ms: number, then: () => void): (() => void) => {
  const timer = setTimeout(then, ms);
  return () => clearTimeout(timer);
};

/** Puts the room together: what REST asks, and what sends. Nothing is sent before `dispatcher.start()`. */
export const openWebhooks = async (
  parts: WebhooksParts,
): Promise<{ service: WebhookService; dispatcher: Dispatcher }> => {
  const { runtime, grid, store, changes, registry, logger, publicUrl, rule } = parts;
  const { scheduler, now } = runtime;
  const { resolve = resolverFor(rule), ...given } = parts.limits ?? {};
  const limits = { ...WEBHOOK_LIMITS, ...given };
  const book = new WebhookBook(grid.state, now);
  await book.load(store);
  const dispatcher = new Dispatcher({
    scheduler,
    store,
    book,
    feed: new Feed(runtime, changes),
    bodies: new Bodies({ scheduler, changes, publicUrl }),
    send: (url, headers, body, left) => post(url, headers, body, { rule, resolve, timeoutMs: limits.timeoutMs, left }),
    count: webhookMetrics(registry, book),
    limits,
    logger,
    now,
    chance: unforeseeable(),
    wait,
  });
  return { service: new WebhookService({ runtime, grid, store, book, dispatcher, rule, resolve, limits }), dispatcher };
};
