import type { Job, Scheduler } from '@gossamer/core';
import type { WebhookEventType } from '@gossamer/protocol';
import { DeliveryId, uuidv7 } from '@gossamer/protocol';
import type { DeliveryRow, Position, WebhookStore } from '@gossamer/store';
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Bodies } from './bodies.ts';
import type { WebhookBook } from './book.ts';
import type { Feed } from './feed.ts';
import { BEGINNING, newLane } from './lane.ts';
import type { Lane } from './lane.ts';
import type { WebhookLimits } from './limits.ts';
import type { TryOutcome } from './metrics.ts';
import { signedHeaders } from './secrets.ts';
import type { Outcome } from './send.ts';
import { afterTry, recordAfter } from './settle.ts';
import { Turns } from './turns.ts';
import type { Webhook } from './webhook.ts';

/** A timer that goes off once; gives what stops it. */
export type Wait = (ms: number, then: () => void) => () => void;

export interface DispatcherParts {
  scheduler: Scheduler;
  store: WebhookStore;
  book: WebhookBook;
  feed: Feed;
  bodies: Bodies;
  /** One try over the network; never throws. `left` is aborted when the coordinator leaves. */
  send: (url: string, headers: Record<string, string>, body: string, left: AbortSignal) => Promise<Outcome>;
  count: (outcome: TryOutcome) => void;
  limits: WebhookLimits;
  logger: Logger;
  now: () => number;
  chance: () => number;
  wait: Wait;
}

/** No timer is set for longer: clocks are put right meanwhile. */
const LONGEST_WAIT_MS = 3_600_000;

/**
 * Sends what webhooks are to be told. Each has a queue for each job, with one delivery at a time: it is written down, with
 * how far it tells, before it is sent, so that what was not acknowledged comes again after a crash, under the same id,
 * and nothing is left out. What waits is in the log, not in memory.
 */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #turns: Turns;
  readonly #leaving = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#turns = new Turns(parts.limits);
  }

  /** Goes on with what an earlier start left, and looks what it has not told. */
  start(): void {
    for (const webhook of this.#parts.book.all()) this.wake(webhook);
  }

  /** To be called when something of a job is on disk. */
  touched(job: Job): void {
    for (const webhook of this.#parts.book.following(job)) this.#mark(webhook, webhook.laneOf(job.number));
    this.#pump();
  }

  /** Nothing is told any more of a job that was deleted. Resolves when that is on disk. */
  async forget(job: number): Promise<void> {
    for (const webhook of this.#parts.book.all()) {
      webhook.done.delete(job);
      for (const [key, lane] of webhook.lanes) {
        // Deliveries of it that were asked for by hand have queues of their own.
        if (lane.job !== job && lane.delivery?.job !== job) continue;
        webhook.lanes.delete(key);
        lane.isGone = true;
        lane.stop?.();
        webhook.ready.delete(lane);
      }
    }
    // What is being written of it was sent to the store before.
    await this.#parts.store.forget(job);
  }

  /** To be called for a webhook that is new or that was changed: what waits is tried at once. */
  wake(webhook: Webhook): void {
    const { scheduler, book } = this.#parts;
    for (const job of scheduler.jobs.values()) {
      if (book.sees(webhook, job) && webhook.follows(job)) webhook.laneOf(job.number);
    }
    for (const lane of webhook.lanes.values()) {
      if (lane.delivery !== null) lane.delivery = { ...lane.delivery, dueAt: this.#parts.now() };
      this.#mark(webhook, lane);
    }
    this.#pump();
  }

  /** A new delivery by hand. Resolves when it is on disk. */
  async test(webhook: Webhook): Promise<DeliveryRow> {
    const delivery = this.#newDelivery(webhook, 'webhook.test', null, BEGINNING, BEGINNING);
    return this.repeat(webhook, { ...delivery, byHand: true });
  }

  /** Sends a delivery anew, under its id. Resolves when that is on disk. */
  async repeat(webhook: Webhook, before: DeliveryRow): Promise<DeliveryRow> {
    const lane = newLane(null);
    webhook.lanes.set(before.id, lane);
    const delivery: DeliveryRow = { ...before, byHand: true, state: 'pending', tried: 0, dueAt: this.#parts.now() };
    // Known before it is written: its job may be deleted meanwhile.
    lane.delivery = delivery;
    try {
      await this.#parts.store.begin(delivery, null);
    } catch (error) {
      webhook.lanes.delete(before.id);
      throw error;
    }
    this.#mark(webhook, lane);
    this.#pump();
    return delivery;
  }

  /** Cuts what is under way: it comes again at the next start. */
  async close(): Promise<void> {
    this.#leaving.abort();
    for (const { lanes } of this.#parts.book.all()) for (const lane of lanes.values()) lane.stop?.();
    await Promise.allSettled(this.#running);
  }

  /** Says that a queue may have something to do. */
  #mark(webhook: Webhook, lane: Lane): void {
    lane.isDirty = true;
    if (lane.isGone || lane.isBusy || this.#leaving.signal.aborted) return;
    const due = lane.delivery?.dueAt ?? 0;
    const left = due - this.#parts.now();
    if (left <= 0) this.#ready(webhook, lane);
    else this.#later(webhook, lane, left);
  }

  #ready(webhook: Webhook, lane: Lane): void {
    lane.stop?.();
    lane.stop = null;
    this.#turns.ask(webhook, lane);
  }

  #later(webhook: Webhook, lane: Lane, ms: number): void {
    if (lane.stop !== null || lane.isGone || webhook.isRemoved) return;
    lane.stop = this.#parts.wait(Math.min(ms, LONGEST_WAIT_MS), () => {
      lane.stop = null;
      this.#mark(webhook, lane);
      this.#pump();
    });
  }

  #pump(): void {
    for (;;) {
      if (this.#leaving.signal.aborted) return;
      const turn = this.#turns.next((webhook) => this.#parts.book.isActive(webhook));
      if (turn === null) return;
      const { webhook, lane } = turn;
      const run = this.#run(webhook, lane).finally(() => {
        this.#running.delete(run);
        this.#turns.over(webhook);
        this.#pump();
      });
      this.#running.add(run);
    }
  }

  async #run(webhook: Webhook, lane: Lane): Promise<void> {
    lane.isBusy = true;
    let fault = false;
    try {
      if (lane.delivery === null) await this.#begin(webhook, lane);
      if (lane.delivery !== null && !lane.isGone && !webhook.isRemoved) await this.#try(webhook, lane, lane.delivery);
    } catch (error) {
      fault = true;
      this.#parts.logger.error(
        { error, webhookId: webhook.record.id },
        'a webhook could not be served; it is tried again',
      );
    }
    lane.isBusy = false;
    if (lane.isGone || webhook.isRemoved || this.#leaving.signal.aborted) return;
    if (fault) this.#later(webhook, lane, this.#parts.limits.faultMs);
    else if (lane.delivery === null && (lane.job === null || (lane.ended && !lane.isDirty))) this.#drop(webhook, lane);
    else if (lane.delivery !== null || lane.isDirty) this.#mark(webhook, lane);
  }

  /** Writes down what is to be told next, if there is something. */
  async #begin(webhook: Webhook, lane: Lane): Promise<void> {
    const { store, feed, scheduler } = this.#parts;
    lane.isDirty = false;
    // Before the look: one that comes meanwhile is looked at again.
    lane.retries = scheduler.jobs.get(lane.job!)?.counts.retries ?? 0;
    const next = await feed.next(webhook.record, lane);
    if (next === null || lane.isGone || webhook.isRemoved) return;
    const { type, upto, ended } = next;
    const cursor = { webhook: webhook.record.id, job: lane.job!, ...upto, ended };
    if (type === null) await store.move(cursor);
    else {
      const delivery = this.#newDelivery(webhook, type, lane.job, lane.position, upto);
      await store.begin(delivery, cursor);
      lane.delivery = delivery;
    }
    lane.position = upto;
    lane.ended = ended;
    lane.isDirty = true;
  }

  #newDelivery(
    webhook: Webhook,
    type: WebhookEventType,
    job: number | null,
    from: Position,
    upto: Position,
  ): DeliveryRow {
    const at = this.#parts.now();
    const id = DeliveryId.parse(`msg_${uuidv7(at, randomBytes(10))}`);
    const place = { webhook: webhook.record.id, type, job, from, upto };
    return { id, ...place, at, byHand: false, state: 'pending', dueAt: at, tried: 0, tries: [] };
  }

  async #try(webhook: Webhook, lane: Lane, delivery: DeliveryRow): Promise<void> {
    const { bodies, send, now, chance, limits, store, count } = this.#parts;
    const body = await bodies.of(delivery);
    const at = now();
    const headers = signedHeaders(webhook.record.secrets, delivery.id, body, at);
    const started = performance.now();
    const outcome = await send(webhook.record.url, headers, body, this.#leaving.signal);
    // What was cut by our leaving is no try.
    if (this.#leaving.signal.aborted) return;
    const durationMs = Math.round(performance.now() - started);
    const after = afterTry(delivery, { outcome, at, durationMs, now: now(), chance }, limits);
    const make = (record: Webhook['record']) => recordAfter(record, after.outcome, outcome.status, limits);
    if (make(webhook.record) === webhook.record) await store.settle(after.delivery, null, limits.kept);
    else await webhook.change(make, (row) => store.settle(after.delivery, row, limits.kept));
    count(after.outcome);
    lane.delivery = after.delivery.state === 'pending' ? after.delivery : null;
  }

  #drop(webhook: Webhook, lane: Lane): void {
    for (const [key, found] of webhook.lanes) if (found === lane) webhook.lanes.delete(key);
    if (lane.job !== null) webhook.done.set(lane.job, { position: lane.position, retries: lane.retries });
  }
}
