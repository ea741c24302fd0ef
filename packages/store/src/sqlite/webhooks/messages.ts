import type { DeliveryRow, WebhookCursor, WebhookRow } from '../../webhook-store.ts';

export type WebhooksRequest =
  | { kind: 'load' }
  | { kind: 'put'; webhook: WebhookRow; cursors: readonly WebhookCursor[] }
  | { kind: 'remove'; webhook: string }
  | { kind: 'begin'; delivery: DeliveryRow; cursor: WebhookCursor | null }
  | { kind: 'move'; cursor: WebhookCursor }
  | { kind: 'settle'; delivery: DeliveryRow; webhook: WebhookRow | null; keep: number }
  | { kind: 'forget'; job: number }
  | { kind: 'delivery'; id: string }
  | { kind: 'deliveries'; webhook: string; before: string | null; limit: number };
