import { expect, test } from 'vitest';
import { ApiError, errorWords, isPassing, signInWords, UnreachableError, VersionError } from '../../src/api/errors.ts';
import { backoffMs } from '../../src/live/backoff.ts';

const problem = (status: number, code: string, retryMs: number | null = null): ApiError =>
  new ApiError(status, code, 'A title', undefined, retryMs);

test('DE1: each refusal of a sign-in is told in words of its own, with what to do', () => {
  const words = [
    problem(401, 'key-wrong'),
    problem(429, 'rate-limited', 42_000),
    problem(403, 'origin-forbidden'),
    new UnreachableError('refused'),
  ].map(signInWords);
  expect(words[0]).toContain('not known, was revoked, or has expired');
  expect(words[1]).toBe('Too many sign-ins from this address. Try again in 42 s.');
  expect(words[2]).toContain('GOSSAMER_PUBLIC_URL');
  expect(words[3]).toContain('cannot be reached');
  expect(new Set(words).size).toBe(4);
});

test('DE2: an outage passes by itself; a refusal and a version do not', () => {
  expect([new UnreachableError(''), problem(503, 'unavailable')].map(isPassing)).toEqual([true, true]);
  expect(
    [problem(401, 'key-missing'), problem(429, 'rate-limited'), new VersionError('/jobs', ['x'])].map(isPassing),
  ).toEqual([false, false, false]);
});

test('DE3: an answer that does not fit says where, and to reload', () => {
  const error = new VersionError('/jobs', ['items.0.state', 'items.1.state']);
  expect(errorWords(error)).toBe(
    'The answer of /jobs does not fit this page at items.0.state and items.1.state. Reload the page.',
  );
});

test('DE4: a lost coordinator is asked ever more rarely, at least every quarter of a minute, and never in step', () => {
  expect([0, 1, 2, 3, 4, 50].map((tries) => backoffMs(tries, 1))).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000]);
  expect([0, 4, 1000].map((tries) => backoffMs(tries, 0))).toEqual([500, 7500, 7500]);
});
