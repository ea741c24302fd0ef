import { Counter, Gauge, type Registry } from 'prom-client';
import type { WebhookBook } from './book.ts';

const OUTCOMES = ['succeeded', 'retried', 'failed'] as const;
export type TryOutcome = (typeof OUTCOMES)[number];

/** Gives what counts a try by what came of it: `retried` ones come again, after `failed` ones nothing does. */
export const webhookMetrics = (registry: Registry, book: WebhookBook): ((outcome: TryOutcome) => void) => {
  const tries = new Counter({
    name: 'gossamer_webhook_tries_total',
    help: 'Tries to deliver an event to a webhook since the start, by what came of them',
    labelNames: ['outcome'],
    registers: [registry],
  });
  for (const outcome of OUTCOMES) tries.inc({ outcome }, 0);
  new Gauge({
    name: 'gossamer_webhooks',
    help: 'Webhooks that are registered, by whether they are active',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const all = [...book.all()];
      const active = all.filter((webhook) => book.isActive(webhook)).length;
      this.set({ state: 'active' }, active);
      this.set({ state: 'disabled' }, all.length - active);
    },
  });
  new Gauge({
    name: 'gossamer_webhook_deliveries_pending',
    help: 'Deliveries that are under way or wait for their next try',
    registers: [registry],
    collect() {
      let pending = 0;
      for (const { lanes } of book.all()) for (const { delivery } of lanes.values()) if (delivery !== null) pending++;
      this.set(pending);
    },
  });
  return (outcome) => tries.inc({ outcome });
};
