import { webhook } from './0001-webhook.ts';
import { cursor } from './0002-cursor.ts';
import { delivery } from './0003-delivery.ts';
import { pending } from './0004-pending.ts';

/** In order and for good: a statement that was released is never changed, only followed by another. */
export const WEBHOOKS_MIGRATIONS: readonly string[] = [webhook, cursor, delivery, pending];
