import { ProblemError } from '@gossamer/protocol';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Resolve } from './targets/resolve.ts';
import { guardedLookup } from './targets/resolve.ts';
import type { TargetRule } from './targets/target.ts';
import { parseTarget } from './targets/target.ts';

/** What came of a try: the status of the answer, or in words why there is none. */
export interface Outcome {
  status: number | null;
  error: string | null;
}

export interface SendRules {
  rule: TargetRule;
  resolve: Resolve;
  /** From the first look-up of the name to the end of the answer, ms. */
  timeoutMs: number;
  /** Aborted when the coordinator leaves. */
  left: AbortSignal;
}

/** Of an answer no more is read; nothing of it is kept. */
const ANSWER_BYTES = 16 * 1024;
const HEADER_BYTES = 16 * 1024;

/** Words for what the owner of a webhook may know: no address, and nothing that the receiver has said. */
const WORDS: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut before an answer came',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the network',
  ETIMEDOUT: 'the connection took too long',
  EPIPE: 'the connection was cut',
};

const wordsFor = (error: NodeJS.ErrnoException): string => {
  if (error instanceof ProblemError) return error.message;
  const code = error.code ?? '';
  if (WORDS[code] !== undefined) return WORDS[code];
  if (code.startsWith('HPE_')) return 'the answer is not HTTP';
  if (code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || code.includes('CERT') || code === 'EPROTO')
    return `the certificate or TLS does not hold (${code})`;
  return code === '' ? 'the request failed' : `the request failed (${code})`;
};

/** Reads a bounded part of an answer, so that its sender can end it well; whatever becomes of that, its status stands. */
const discard = (answer: IncomingMessage, done: () => void): void => {
  let bytes = 0;
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes > ANSWER_BYTES) done();
  });
  answer.once('end', done).once('error', done).once('close', done);
};

/**
 * One POST, on a connection of its own: nothing of an earlier one is used again, so that each is checked. Redirects are not
 * followed. Never throws.
 */
export const post = (
  address: string,
  headers: Record<string, string>,
  body: string,
  { rule, resolve, timeoutMs, left }: SendRules,
): Promise<Outcome> =>
  new Promise((settle) => {
    let url: URL;
    try {
      // Again, as the rule may be another one than when it was registered.
      url = parseTarget(address, rule);
    } catch (error) {
      settle({ status: null, error: wordsFor(error as Error) });
      return;
    }
    let status: number | null = null;
    const content = Buffer.from(body);
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      agent: false,
      lookup: guardedLookup(rule, resolve),
      maxHeaderSize: HEADER_BYTES,
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': content.byteLength,
        'user-agent': 'Gossamer-Webhooks',
      },
    });
    const finish = (error: string | null): void => {
      clearTimeout(timer);
      left.removeEventListener('abort', cut);
      settle({ status, error });
      request.destroy();
    };
    // Not the request's own time-out, which begins anew with every byte.
    const timer = setTimeout(() => finish(status === null ? `no answer within ${timeoutMs} ms` : null), timeoutMs);
    const cut = (): void => finish('the coordinator left');
    left.addEventListener('abort', cut);
    request.on('response', (answer) => {
      status = answer.statusCode ?? null;
      discard(answer, () => finish(null));
    });
    request.on('error', (error) => finish(status === null ? wordsFor(error) : null));
    // A receiver may want to speak another protocol: it has nothing to say then.
    request.on('upgrade', (answer, socket) => {
      status = answer.statusCode ?? null;
      socket.destroy();
      finish(null);
    });
    request.end(content);
  });
