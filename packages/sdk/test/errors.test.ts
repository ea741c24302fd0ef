import { PROBLEMS, type ProblemCode } from '@gossamer/protocol';
import { expect, it } from 'vitest';
import {
  AuthenticationError,
  ConflictError,
  errorOf,
  ForbiddenError,
  GossamerError,
  InvalidError,
  NotFoundError,
  RateLimitedError,
  UnavailableError,
  UsageError,
} from '../src/index.ts';
import { FakeCoordinator } from './fake-coordinator.ts';
import { thrown, useCoordinator } from './client.ts';

const { coordinator, client } = useCoordinator();

it('SD37: every code of the registry is of the class of its status, and a GossamerError', () => {
  const classes: Record<number, typeof GossamerError> = {
    401: AuthenticationError,
    403: ForbiddenError,
    404: NotFoundError,
    410: NotFoundError,
    409: ConflictError,
    429: RateLimitedError,
  };
  for (const code of Object.keys(PROBLEMS) as ProblemCode[]) {
    const { status } = PROBLEMS[code];
    const kind = classes[status] ?? (status >= 500 ? UnavailableError : InvalidError);
    const error = errorOf(code, 'what went wrong', { status });
    expect([code, error.constructor, error.name]).toEqual([code, kind, kind.name]);
    expect(error).toBeInstanceOf(GossamerError);
    expect(error).toMatchObject({ code, status, message: 'what went wrong' });
  }
  expect(errorOf('unreachable', '')).toBeInstanceOf(UnavailableError);
  expect(errorOf('usage', '')).toBeInstanceOf(UsageError);
  expect(errorOf('webhook-forged', '')).toBeInstanceOf(InvalidError);
});

it('SD37: calls throw them', async () => {
  const none = `job_${'0'.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}`;
  expect(await thrown(client().jobs.get(none).view())).toBeInstanceOf(NotFoundError);
  expect(await thrown(client({ apiKey: `${FakeCoordinator.KEY}x` }).me())).toBeInstanceOf(AuthenticationError);
  coordinator.intercept = (_, response) => {
    response.writeHead(429, { 'retry-after': '7', 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ type: '/errors/rate-limited', title: 'Wait', status: 429, code: 'rate-limited' }));
    return true;
  };
  const limited = await thrown(client({ patienceMs: 0 }).me());
  expect(limited).toBeInstanceOf(RateLimitedError);
  expect((limited as RateLimitedError).retryAfterMs).toBe(7000);
  coordinator.intercept = () => false;
});
