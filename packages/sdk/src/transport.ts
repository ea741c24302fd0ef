import { PROBLEMS, Problem, type ProblemCode } from '@gossamer/protocol';
import type { z } from 'zod';
import { checkedKey } from './check-key.ts';
import { connectionFault } from './connection-fault.ts';
import type { GossamerError } from './error.ts';
import { errorOf } from './error-kinds.ts';
import { Patience } from './patience.ts';
import type { Timing } from './timing.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface TransportOptions {
  /** Of the coordinator, with any path before `/v1`. */
  url: string;
  apiKey: string;
  fetch: Fetch;
  timing: Timing;
  /** ms to go on trying while the coordinator cannot be reached. */
  patienceMs: number;
}

export interface Call {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From `/v1` on. */
  path: string;
  query?: Record<string, string | number | undefined>;
  json?: unknown;
  /** Opened anew for every try. */
  body?: () => BodyInit;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** One try only: for what must not happen twice, and for streams, which have a loop of their own. */
  once?: boolean;
}

/** Speaks HTTP with one coordinator; every failure is a GossamerError, but for an abort, which is its reason. */
export class Transport {
  readonly options: TransportOptions;
  readonly #base: string;

  constructor(options: TransportOptions) {
    this.options = { ...options, apiKey: checkedKey(options.apiKey) };
    this.#base = checkedUrl(options.url);
  }

  patience(signal?: AbortSignal): Patience {
    return new Patience(this.options.timing, this.options.patienceMs, signal);
  }

  async send(call: Call): Promise<Response> {
    const patience = this.patience(call.signal);
    for (;;) {
      try {
        return await this.#try(call);
      } catch (error) {
        if (call.once === true) throw error;
        await patience.failed(error);
      }
    }
  }

  async json<Schema extends z.ZodType>(schema: Schema, call: Call): Promise<z.infer<Schema>> {
    const response = await this.send({ ...call, headers: { accept: 'application/json', ...call.headers } });
    let value: unknown;
    try {
      value = await response.json();
    } catch (cause) {
      call.signal?.throwIfAborted();
      throw unreadable(`${call.path} did not answer with JSON`, response.status, cause);
    }
    return readAnswer(schema, value, call.path);
  }

  async #try(call: Call): Promise<Response> {
    const { method = 'GET', path, query = {}, json, signal } = call;
    const url = new URL(this.#base + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const { apiKey } = this.options;
    const key: Record<string, string> = apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` };
    const headers: Record<string, string> = { ...key, ...call.headers };
    const init: RequestInit & { duplex?: 'half' } = { method, headers };
    if (signal !== undefined) init.signal = signal;
    if (json !== undefined) {
      headers['content-type'] = 'application/json';
      init.body = JSON.stringify(json);
    } else if (call.body !== undefined) {
      headers['content-type'] ??= 'application/octet-stream';
      init.body = call.body();
      init.duplex = 'half';
    }
    let response: Response;
    try {
      response = await this.options.fetch(url.href, init);
    } catch (cause) {
      signal?.throwIfAborted();
      throw unreachable(this.#base, cause);
    }
    if (response.ok) return response;
    throw await problemOf(response, path);
  }
}

/** Reads an answer by its schema. Fields that a newer coordinator has added are let through by the caller's schema. */
export const readAnswer = <Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.infer<Schema> => {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw unreadable(`the answer of ${what} does not fit: ${issue?.path.join('.')}: ${issue?.message}`);
};

export const unreadable = (message: string, status?: number, cause?: unknown): GossamerError =>
  errorOf('answer-unreadable', message, { cause, ...(status === undefined ? {} : { status }) });

export const unreachable = (url: string, cause: unknown): GossamerError =>
  errorOf('unreachable', `the coordinator at ${url} cannot be reached: ${connectionFault(cause)}`, { cause });

const checkedUrl = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw errorOf('usage', `"${text}" is no address of a coordinator; expected http://… or https://…`);
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
};

const problemOf = async (response: Response, path: string): Promise<GossamerError> => {
  const { status } = response;
  const text = await response.text().catch(() => '');
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfterMs = Number.isFinite(retryAfter) ? { retryAfterMs: retryAfter * 1000 } : {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  const read = Problem.safeParse(value);
  if (!read.success || !(read.data.code in PROBLEMS)) {
    const said = read.success ? read.data.title : `HTTP ${status}`;
    return errorOf('answer-unreadable', `${path} was answered with ${said}`, { status, ...retryAfterMs });
  }
  const { title, detail, code, errors, quota } = read.data;
  const message = detail === undefined ? title : `${title}: ${detail}`;
  return errorOf(code as ProblemCode, message, { status, errors, quota, ...retryAfterMs });
};
