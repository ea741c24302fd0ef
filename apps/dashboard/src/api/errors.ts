import { list, span } from '../words.ts';

/** The coordinator answered with a problem of its registry. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly detail: string | undefined;
  /** What Retry-After says, ms. */
  readonly retryAfterMs: number | null;

  constructor(status: number, code: string, title: string, detail: string | undefined, retryAfterMs: number | null) {
    super(detail === undefined ? title : `${title}: ${detail}`);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Nobody answered: the network, a proxy, or a coordinator that is down. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** The answer does not fit this page: the coordinator is of another version. */
export class VersionError extends Error {
  override readonly name = 'VersionError';

  constructor(path: string, fields: readonly string[]) {
    super(`The answer of ${path} does not fit this page at ${list(fields.slice(0, 3))}. Reload the page.`);
  }
}

/** True where asking again later may help without anybody doing anything. */
export const isPassing = (error: unknown): boolean =>
  error instanceof UnreachableError || (error instanceof ApiError && error.status >= 500);

/** Whether nothing is gained by asking again for the same. Too many requests are fewer in a while. */
export const isFinal = (error: unknown): boolean =>
  !isPassing(error) && !(error instanceof ApiError && error.status === 429);

/** What went wrong and what to do, for an operator. */
export const errorWords = (error: unknown): string => {
  if (error instanceof UnreachableError)
    return 'The coordinator cannot be reached. Check that it runs, then try again.';
  if (error instanceof ApiError && error.code === 'rate-limited') {
    const wait = error.retryAfterMs === null ? 'a minute' : span(error.retryAfterMs);
    return `Too many requests from this address. Try again in ${wait}.`;
  }
  if (error instanceof Error) return /[.!?…]$/.test(error.message) ? error.message : `${error.message}.`;
  return String(error);
};

/** Why a sign-in was refused, and what to do. */
export const signInWords = (error: unknown): string => {
  if (!(error instanceof ApiError)) return errorWords(error);
  switch (error.code) {
    case 'key-wrong':
      return 'This key is not known, was revoked, or has expired. Check that the whole key was pasted.';
    case 'rate-limited': {
      const wait = error.retryAfterMs === null ? 'a minute' : span(error.retryAfterMs);
      return `Too many sign-ins from this address. Try again in ${wait}.`;
    }
    case 'origin-forbidden':
      return (
        `The coordinator does not know this page's address, ${globalThis.location?.origin ?? ''}. ` +
        'Open the dashboard by the address that it printed at its start, or set GOSSAMER_PUBLIC_URL.'
      );
    default:
      return errorWords(error);
  }
};

export const SUBMITTERS_KEY =
  "This is a submitter's key: it is good for the API, the SDK and the CLI. The dashboard needs an operator's key.";
