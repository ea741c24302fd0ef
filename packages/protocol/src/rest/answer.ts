import { z } from 'zod';
import { Json } from './json.ts';

/** How sure one number of an answer is. */
export const Interval = z.strictObject({
  /** Where it stands in the answer (RFC 6901); empty: it is the answer. */
  path: z.string(),
  value: z.number(),
  /** In 95 of 100 such jobs the true value lies between these two. */
  low: z.number(),
  high: z.number(),
});
export type Interval = z.infer<typeof Interval>;

/** What a job's final results come to so far, folded by its program's `reduce`. */
export const AnswerView = z.strictObject({
  /** What the program's `answer` makes of the accumulator, or else the accumulator; null before the first result. */
  answer: Json,
  /** Of the numbers that `answer` gives; empty without one, and before enough results are in it. */
  intervals: z.array(Interval),
  /** Why there are no intervals, in words; null where there are some. */
  noIntervals: z.string().nullable(),
  /** Final results that are in it, and those that were left out because they cannot be read. */
  folded: z.int(),
  skipped: z.int(),
  /** Units that failed and so are not in it, and units of the job. */
  failed: z.int(),
  total: z.int(),
  /** The job has ended and all of its results are in it: it does not change any more. */
  isFinal: z.boolean(),
  /** Up to where the list of results is in it: `GET /v1/jobs/ID/results?after=CURSOR` goes on from there. */
  cursor: z.string(),
});
export type AnswerView = z.infer<typeof AnswerView>;
