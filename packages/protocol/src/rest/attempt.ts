import { z } from 'zod';
import { AttemptState, AttemptView, FailureView } from './unit.ts';

/** An attempt with what came of it. */
export const AttemptDetail = z.strictObject({
  ...AttemptView.shape,
  /** Index of its unit. */
  unit: z.int(),
  /** When its outcome came, ms since 1970; null while it is leased. */
  at: z.int().nullable(),
  /** Run time, ms, as its device claims it. */
  runMs: z.int().nullable(),
  /** Of a result: its bytes. */
  size: z.int().nullable(),
  /** Of one that errored: why, in a sentence; and in full. */
  error: z.string().nullable(),
  failure: FailureView.nullable(),
});
export type AttemptDetail = z.infer<typeof AttemptDetail>;

/** Outcomes that are on record: what was lost has none. */
export const AttemptOutcome = AttemptState.extract([
  'returned',
  'valid',
  'invalid',
  'inconclusive',
  'errored',
  'revoked',
]);
export type AttemptOutcome = z.infer<typeof AttemptOutcome>;

export const AttemptsQuery = z.strictObject({
  after: z.string().max(100).optional(),
  /** Each is read from the log: a page is shorter than elsewhere. */
  limit: z.coerce.number().int().min(1).max(200).default(50),
  outcome: AttemptOutcome.optional(),
});
export type AttemptsQuery = z.infer<typeof AttemptsQuery>;
