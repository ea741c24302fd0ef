import type { DeliveryRow } from '@gossamer/store';
import type { WebhookLimits } from './limits.ts';
import { KEPT_TRIES } from './limits.ts';
import type { TryOutcome } from './metrics.ts';
import type { WebhookRecord } from './record.ts';
import { retryAfter } from './schedule.ts';
import type { Outcome } from './send.ts';

const GONE = 410;

export interface Tried {
  outcome: Outcome;
  at: number;
  durationMs: number;
  /** When it was over, ms since 1970. */
  now: number;
  chance: () => number;
}

const isSuccess = ({ status }: Outcome): boolean => status !== null && status >= 200 && status < 300;

const wordsOf = ({ status, error }: Outcome): string => {
  if (error !== null) return error;
  if (status !== null && status >= 300 && status < 400) return 'redirects are not followed';
  return `the answer was ${status}`;
};

/** What a try makes of its delivery. */
export const afterTry = (
  delivery: DeliveryRow,
  { outcome, at, durationMs, now, chance }: Tried,
  { retriesMs }: WebhookLimits,
): { delivery: DeliveryRow; outcome: TryOutcome } => {
  const success = isSuccess(outcome);
  const tried = delivery.tried + 1;
  const wait = success ? null : retryAfter(tried, chance, retriesMs);
  const error = success ? null : wordsOf(outcome);
  const tries = [...delivery.tries, { at, status: outcome.status, durationMs, error }].slice(-KEPT_TRIES);
  const state = success ? 'succeeded' : wait === null ? 'failed' : 'pending';
  return {
    delivery: { ...delivery, tried, tries, state, dueAt: wait === null ? null : now + wait },
    outcome: state === 'pending' ? 'retried' : state,
  };
};

/** What a try makes of its webhook; the same record where nothing changes. */
export const recordAfter = (
  record: WebhookRecord,
  outcome: TryOutcome,
  status: number | null,
  limits: WebhookLimits,
): WebhookRecord => {
  if (outcome === 'succeeded') return record.failures === 0 ? record : { ...record, failures: 0 };
  const failures = record.failures + (outcome === 'failed' ? 1 : 0);
  const reason = status === GONE ? 'gone' : failures >= limits.failures ? 'failed' : null;
  const disabled = record.disabled ?? reason;
  return failures === record.failures && disabled === record.disabled ? record : { ...record, failures, disabled };
};
