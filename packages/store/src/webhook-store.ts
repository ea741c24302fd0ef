/** Up to where a webhook was told of a job: all up to this unit of this fact. */
export interface Position {
  fact: number;
  unit: number;
}

/** A webhook as its owner's program keeps it: the store reads nothing of it. */
export interface WebhookRow {
  id: string;
  /** JSON. */
  record: string;
}

export interface WebhookCursor extends Position {
  webhook: string;
  job: number;
  /** The job has ended, and that was told: nothing more comes of it. */
  ended: boolean;
}

export type DeliveryState = 'pending' | 'succeeded' | 'failed';

/** One try to send a delivery. */
export interface DeliveryTry {
  /** ms since 1970. */
  at: number;
  /** The HTTP status that came back; null where none did. */
  status: number | null;
  durationMs: number;
  /** In words, why it did not succeed. */
  error: string | null;
}

/** One event for one webhook. What is told is in the job's log, between two positions. */
export interface DeliveryRow {
  id: string;
  webhook: string;
  type: string;
  /** null: it is of no job. */
  job: number | null;
  /** When it was made, ms since 1970. */
  at: number;
  /** After this position … */
  from: Position;
  /** … up to and with this one. */
  upto: Position;
  /** Asked for by a person: it stands in no job's queue. */
  byHand: boolean;
  state: DeliveryState;
  /** When it is tried next; null once it is over. */
  dueAt: number | null;
  /** Tries since it was begun, or begun again. */
  tried: number;
  /** The newest ones, oldest first. */
  tries: DeliveryTry[];
}

export interface WebhookImage {
  webhooks: WebhookRow[];
  cursors: WebhookCursor[];
  /** Oldest first. */
  pending: DeliveryRow[];
}

/** Webhooks, how far each was told, and the log of deliveries. Every change is one transaction, on disk when it resolves. */
export interface WebhookStore {
  /** What goes on at a start. */
  load(): Promise<WebhookImage>;
  /** Adds or replaces a webhook, with cursors of its. */
  put(webhook: WebhookRow, cursors?: readonly WebhookCursor[]): Promise<void>;
  /** Forgets it with its cursors and deliveries. */
  remove(webhook: string): Promise<void>;
  /** Adds or replaces a delivery and moves the cursor. */
  begin(delivery: DeliveryRow, cursor: WebhookCursor | null): Promise<void>;
  move(cursor: WebhookCursor): Promise<void>;
  /**
   * Replaces a delivery, and its webhook where that has changed with it. Of the webhook's deliveries that are over the
   * newest `keep` stay.
   */
  settle(delivery: DeliveryRow, webhook: WebhookRow | null, keep: number): Promise<void>;
  /** Forgets the cursors of a job and its deliveries, those that are over, too. */
  forget(job: number): Promise<void>;
  delivery(id: string): Promise<DeliveryRow | null>;
  /** Of one webhook, newest first; `before`: an id, null for the newest. */
  deliveries(webhook: string, before: string | null, limit: number): Promise<DeliveryRow[]>;
  close(): Promise<void>;
}
