import type { Job } from '@gossamer/core';
import type { KeyId, WebhookId } from '@gossamer/protocol';
import type { WebhookStore } from '@gossamer/store';
import type { GridState } from '../runtime/grid-state.ts';
import { newLane } from './lane.ts';
import { readRecord } from './record.ts';
import { Webhook } from './webhook.ts';

/** All webhooks, as they are on disk, and whose they are. */
export class WebhookBook {
  readonly #grid: GridState;
  readonly #now: () => number;
  readonly #byId = new Map<WebhookId, Webhook>();
  readonly #byOwner = new Map<KeyId, Set<Webhook>>();

  constructor(grid: GridState, now: () => number) {
    this.#grid = grid;
    this.#now = now;
  }

  /** Takes up what an earlier start has left. */
  async load(store: WebhookStore): Promise<void> {
    const { webhooks, cursors, pending } = await store.load();
    for (const row of webhooks) this.add(new Webhook(readRecord(row)));
    for (const { webhook: id, job, fact, unit, ended } of cursors) {
      const webhook = this.#byId.get(id as WebhookId)!;
      // How often it had been retried by then is found from its log, when there is a reason to ask.
      if (ended) webhook.done.set(job, { position: { fact, unit }, retries: 0 });
      else webhook.laneOf(job).position = { fact, unit };
    }
    for (const delivery of pending) {
      const webhook = this.#byId.get(delivery.webhook as WebhookId)!;
      // Where it is the last one of its job, that is not over yet.
      const lane = delivery.byHand ? newLane(null) : webhook.laneOf(delivery.job!);
      lane.delivery = delivery;
      if (delivery.byHand) webhook.lanes.set(delivery.id, lane);
    }
  }

  add(webhook: Webhook): void {
    const { id, owner } = webhook.record;
    this.#byId.set(id, webhook);
    this.#byOwner.set(owner, (this.#byOwner.get(owner) ?? new Set()).add(webhook));
  }

  remove(webhook: Webhook): void {
    const { id, owner } = webhook.record;
    webhook.isRemoved = true;
    this.#byId.delete(id);
    this.#byOwner.get(owner)?.delete(webhook);
    for (const lane of webhook.lanes.values()) lane.stop?.();
  }

  get(id: WebhookId): Webhook | undefined {
    return this.#byId.get(id);
  }

  all(): IterableIterator<Webhook> {
    return this.#byId.values();
  }

  of(owner: KeyId): ReadonlySet<Webhook> {
    return this.#byOwner.get(owner) ?? new Set();
  }

  ownerName({ record }: Webhook): string {
    return this.#grid.keys.get(record.owner)?.view.name ?? '';
  }

  /** The key that registered it was not revoked and has not expired. */
  isOwned({ record }: Webhook): boolean {
    const view = this.#grid.keys.get(record.owner)?.view;
    return view !== undefined && view.revokedAt === null && (view.expiresAt === null || view.expiresAt > this.#now());
  }

  isActive(webhook: Webhook): boolean {
    return !webhook.isRemoved && webhook.record.disabled === null && this.isOwned(webhook);
  }

  /** Whether its owner may read the job: submitters their own ones, operators all. */
  sees({ record }: Webhook, job: Job): boolean {
    return record.owner === job.spec.submitter || this.#grid.keys.get(record.owner)?.view.role === 'operator';
  }

  /** Those that are to be told of a job. */
  *following(job: Job): Generator<Webhook> {
    for (const webhooks of this.#byOwner.values()) {
      // All of them are of one owner.
      const [first] = webhooks;
      if (first === undefined || !this.sees(first, job)) continue;
      for (const webhook of webhooks) if (webhook.follows(job)) yield webhook;
    }
  }
}
