import { Problem } from '@gossamer/protocol';
import type { z } from 'zod';
import { ApiError, UnreachableError, VersionError } from './errors.ts';

/** An answer that takes longer is taken as none, ms. */
const PATIENCE_MS = 10_000;

export interface Call {
  method?: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE';
  body?: unknown;
  signal?: AbortSignal | undefined;
}

const retryAfter = (response: Response): number | null => {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : null;
};

const problemOf = async (response: Response): Promise<ApiError | UnreachableError> => {
  const parsed = Problem.safeParse(await response.json().catch(() => null));
  if (!parsed.success) return new UnreachableError(`no answer of a coordinator: HTTP ${response.status}`);
  const { code, title, detail } = parsed.data;
  return new ApiError(response.status, code, title, detail, retryAfter(response));
};

const send = async (path: string, { method = 'GET', body, signal }: Call): Promise<Response> => {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const init: RequestInit = {
    method,
    signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  };
  try {
    return await fetch(`/v1${path}`, init);
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new UnreachableError(error instanceof Error ? error.message : String(error));
  }
};

/** Checks what came against its schema. Throws VersionError. */
export const fit = <Schema extends z.ZodType>(schema: Schema, path: string, value: unknown): z.output<Schema> => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new VersionError(
    path,
    parsed.error.issues.map((issue) => issue.path.join('.') || 'its root'),
  );
};

/** Calls the coordinator's REST API with the cookie of the sign-in. Throws ApiError, UnreachableError, VersionError. */
export const request = async <Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  call: Call = {},
): Promise<z.output<Schema>> => {
  const response = await send(path, call);
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return fit(schema, path, undefined);
  let value: unknown;
  try {
    value = await response.json();
  } catch (error) {
    if (call.signal?.aborted === true) throw error;
    throw new UnreachableError('the answer was cut short');
  }
  return fit(schema, path, value);
};

/** The size of what is there, bytes; null where nothing is, or it is not said. Throws UnreachableError. */
export const sizeAt = async (path: string, { signal }: Pick<Call, 'signal'> = {}): Promise<number | null> => {
  const response = await send(path, { method: 'HEAD', signal });
  if (response.ok) {
    const length = Number(response.headers.get('content-length') ?? Number.NaN);
    return Number.isSafeInteger(length) ? length : null;
  }
  if (response.status === 404) return null;
  // An answer to HEAD has no body that would say more.
  throw new UnreachableError(`HTTP ${response.status}`);
};
