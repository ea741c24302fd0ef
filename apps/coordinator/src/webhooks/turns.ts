import type { KeyId } from '@gossamer/protocol';
import type { Lane } from './lane.ts';
import type { WebhookLimits } from './limits.ts';
import type { Webhook } from './webhook.ts';

type Bounds = Pick<WebhookLimits, 'concurrent' | 'concurrentPerKey' | 'concurrentPerWebhook'>;

/** Whose turn it is: webhooks one after the other, and of each its queues, so that a slow one takes nobody's turn; nor does a key with many slow ones. */
export class Turns {
  readonly #bounds: Bounds;
  /** Those with queues that are ready; the next one first. */
  readonly #waiting = new Set<Webhook>();
  #running = 0;
  readonly #byKey = new Map<KeyId, number>();

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  ask(webhook: Webhook, lane: Lane): void {
    webhook.ready.add(lane);
    this.#waiting.add(webhook);
  }

  /** The next queue that may go on, which `over` gives back; null: there is none, or no room. */
  next(isActive: (webhook: Webhook) => boolean): { webhook: Webhook; lane: Lane } | null {
    const { concurrent, concurrentPerKey, concurrentPerWebhook } = this.#bounds;
    if (this.#running >= concurrent) return null;
    for (const webhook of this.#waiting) {
      // One that is switched on again asks anew.
      if (webhook.ready.size === 0 || !isActive(webhook)) {
        this.#waiting.delete(webhook);
        continue;
      }
      if (webhook.running >= concurrentPerWebhook || this.#runningOf(webhook) >= concurrentPerKey) continue;
      const [lane] = webhook.ready;
      webhook.ready.delete(lane!);
      // To the end of the row.
      this.#waiting.delete(webhook);
      this.#waiting.add(webhook);
      this.#count(webhook, 1);
      return { webhook, lane: lane! };
    }
    return null;
  }

  over(webhook: Webhook): void {
    this.#count(webhook, -1);
  }

  #runningOf({ record }: Webhook): number {
    return this.#byKey.get(record.owner) ?? 0;
  }

  #count(webhook: Webhook, by: 1 | -1): void {
    webhook.running += by;
    this.#running += by;
    const ofKey = this.#runningOf(webhook) + by;
    if (ofKey === 0) this.#byKey.delete(webhook.record.owner);
    else this.#byKey.set(webhook.record.owner, ofKey);
  }
}
