import type { JobView } from '@gossamer/protocol';
import { plural, span, stamp } from '../words.ts';

const DAY_MS = 86_400_000;

/** For how long so many days are, in words: parts of a day in their own unit. */
const daysWords = (days: number): string =>
  Number.isInteger(days) && days > 0 ? plural(days, 'day') : span(days * DAY_MS);

/** For how long a job and its results are kept, and when they go. */
export const keptWords = ({ retention, expiresAt }: Pick<JobView, 'retention' | 'expiresAt'>, now: number): string => {
  if (expiresAt !== null) {
    const left = expiresAt - now;
    const when = left <= 0 ? 'any moment now' : `in ${span(left)}`;
    return `Until ${stamp(expiresAt)}, ${when}: then it is deleted by itself, with its results and its history.`;
  }
  if (retention === null) return 'Until somebody deletes it.';
  return retention === 0
    ? 'Until its end: then it is deleted by itself, with its results and its history.'
    : `For ${daysWords(retention)} after its end: then it is deleted by itself, with its results and its history.`;
};
