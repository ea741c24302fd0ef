import { RETRIES_MS } from './schedule.ts';

/** What bounds webhooks; tests shorten it. */
export interface WebhookLimits {
  /** Of one API key. */
  webhooks: number;
  /** Deliveries by hand of one webhook that are under way. */
  byHand: number;
  /** Tries under way, of all webhooks, of those of one API key, and of one. */
  concurrent: number;
  concurrentPerKey: number;
  concurrentPerWebhook: number;
  /** Of one try, ms. */
  timeoutMs: number;
  retriesMs: readonly number[];
  /** Deliveries in a row that failed for good, after which a webhook is disabled. */
  failures: number;
  /** Deliveries of one webhook that are over and kept. */
  kept: number;
  /** After a fault of our own, such as a full disk, it is tried again so much later, ms. */
  faultMs: number;
}

export const WEBHOOK_LIMITS: WebhookLimits = {
  webhooks: 20,
  byHand: 100,
  concurrent: 64,
  concurrentPerKey: 16,
  concurrentPerWebhook: 4,
  timeoutMs: 15_000,
  retriesMs: RETRIES_MS,
  failures: 3,
  kept: 500,
  faultMs: 5000,
};

/** Tries of one delivery that are kept. */
export const KEPT_TRIES = 30;
