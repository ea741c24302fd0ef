import { type ProblemCode, PROBLEMS } from '@gossamer/protocol';
import { type ClientCode, type Details, GossamerError } from './error.ts';

/** The API key is missing, wrong, revoked or over (401). */
export class AuthenticationError extends GossamerError {
  override readonly name = 'AuthenticationError';
}

/** The key, or the signer, may not do that (403). */
export class ForbiddenError extends GossamerError {
  override readonly name = 'ForbiddenError';
}

/** There is no such thing, or it is another's (404). */
export class NotFoundError extends GossamerError {
  override readonly name = 'NotFoundError';
}

/** It is in a state in which that cannot be done (409). */
export class ConflictError extends GossamerError {
  override readonly name = 'ConflictError';
}

/** A program, source, file, policy or value was refused, here or there (other 4xx): `message` says what to change, `errors` where. */
export class InvalidError extends GossamerError {
  override readonly name = 'InvalidError';
}

/** Too many requests (429): `retryAfterMs` says how long to wait. */
export class RateLimitedError extends GossamerError {
  override readonly name = 'RateLimitedError';
}

/** The coordinator cannot be reached or cannot answer now (5xx); the same call may succeed later. */
export class UnavailableError extends GossamerError {
  override readonly name = 'UnavailableError';
}

/** The SDK was called in a way that cannot work. */
export class UsageError extends GossamerError {
  override readonly name = 'UsageError';
}

const byStatus = (status: number): typeof GossamerError => {
  switch (status) {
    case 401:
      return AuthenticationError;
    case 403:
      return ForbiddenError;
    case 404:
    case 410:
      return NotFoundError;
    case 409:
      return ConflictError;
    case 429:
      return RateLimitedError;
    default:
      return status >= 500 ? UnavailableError : InvalidError;
  }
};

const kindOf = (code: ProblemCode | ClientCode): typeof GossamerError => {
  if (code in PROBLEMS) return byStatus(PROBLEMS[code as ProblemCode].status);
  switch (code) {
    case 'unreachable':
    case 'answer-unreadable':
      return UnavailableError;
    case 'usage':
      return UsageError;
    case 'webhook-forged':
      return InvalidError;
    default:
      return GossamerError;
  }
};

/** An error of the class that its code belongs to. */
export const errorOf = (code: ProblemCode | ClientCode, message: string, details: Details = {}): GossamerError =>
  new (kindOf(code))(code, message, details);
