import type { Lane } from './lane.ts';
import type { Webhook } from './webhook.ts';

/** Whose turn it is: webhooks one after the other, and of each its queues, so that a slow one takes nobody's turn. */
export class Turns {
  readonly #concurrent: number;
  readonly #perWebhook: number;
  /** Those with queues that are ready; the next one first. */
  readonly #waiting = new Set<Webhook>();
  #running = 0;

  constructor(concurrent: number, perWebhook: number) {
    this.#concurrent = concurrent;
    this.#perWebhook = perWebhook;
  }

  ask(webhook: Webhook, lane: Lane): void {
    webhook.ready.add(lane);
    this.#waiting.add(webhook);
  }

  /** The next queue that may go on, which `over` gives back; null: there is none, or no room. */
  next(isActive: (webhook: Webhook) => boolean): { webhook: Webhook; lane: Lane } | null {
    if (this.#running >= this.#concurrent) return null;
    for (const webhook of this.#waiting) {
      // One that is switched on again asks anew.
      if (webhook.ready.size === 0 || !isActive(webhook)) {
        this.#waiting.delete(webhook);
        continue;
      }
      if (webhook.running >= this.#perWebhook) continue;
      const [lane] = webhook.ready;
      webhook.ready.delete(lane!);
      // To the end of the row.
      this.#waiting.delete(webhook);
      this.#waiting.add(webhook);
      webhook.running += 1;
      this.#running += 1;
      return { webhook, lane: lane! };
    }
    return null;
  }

  over(webhook: Webhook): void {
    webhook.running -= 1;
    this.#running -= 1;
  }
}
