import { utf8, WebhookEvent } from '@gossamer/protocol';
import type { GossamerError } from './error.ts';
import { errorOf } from './error-kinds.ts';

/** A request as a receiver has it: the body as it came, byte for byte, not as parsed and written again. */
export interface WebhookRequest {
  headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  body: string | Uint8Array;
}

export interface ReadWebhookOptions {
  now?: () => number;
  /** How far the sender's clock and ours may be apart, ms: what is older was recorded and sent again. Default: 5 minutes. */
  toleranceMs?: number;
}

const PREFIX = 'whsec_';
const VERSION = 'v1,';
const TOLERANCE_MS = 5 * 60_000;

const forged = (why: string): GossamerError => errorOf('webhook-forged', `the request cannot be trusted: ${why}`);

const headerOf = ({ headers }: WebhookRequest, name: string): string => {
  const value = headers instanceof Headers ? headers.get(name) : headers[name];
  if (typeof value !== 'string' || value === '') throw forged(`it has no header ${name}`);
  return value;
};

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> | null => {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
};

const keyOf = (secret: string): Promise<CryptoKey> => {
  const bytes = secret.startsWith(PREFIX) ? bytesOf(secret.slice(PREFIX.length)) : null;
  if (bytes === null || bytes.length === 0) throw errorOf('usage', 'a webhook’s secret begins with whsec_');
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
};

/**
 * Verifies a webhook's request by the scheme of Standard Webhooks, and reads it. `secret`: one, or several while one takes
 * the place of another. `id` is the same on each try: drop what you have had. Throws GossamerError `webhook-forged` for what
 * was not signed with a secret or not now, `answer-unreadable` for what was, and is of a kind that this version does not
 * know (answer 2xx to it all the same).
 */
export const readWebhook = async (
  request: WebhookRequest,
  secret: string | readonly string[],
  { now = Date.now, toleranceMs = TOLERANCE_MS }: ReadWebhookOptions = {},
): Promise<{ id: string; event: WebhookEvent }> => {
  const id = headerOf(request, 'webhook-id');
  const timestamp = headerOf(request, 'webhook-timestamp');
  const given = headerOf(request, 'webhook-signature');
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now() - Number(timestamp) * 1000) > toleranceMs) {
    throw forged('its time is too far from ours');
  }
  const body = typeof request.body === 'string' ? request.body : new TextDecoder().decode(request.body);
  const signed = utf8(`${id}.${timestamp}.${body}`);
  const keys = await Promise.all([secret].flat().map(keyOf));
  const signatures = given
    .split(' ')
    .flatMap((text) => (text.startsWith(VERSION) ? [bytesOf(text.slice(VERSION.length))] : []))
    .filter((signature) => signature !== null);
  const checks = keys.flatMap((key) =>
    signatures.map((signature) => crypto.subtle.verify('HMAC', key, signature, signed)),
  );
  if (!(await Promise.all(checks)).includes(true)) throw forged('no signature holds');
  return { id, event: eventOf(body) };
};

const eventOf = (body: string): WebhookEvent => {
  try {
    return WebhookEvent.parse(JSON.parse(body));
  } catch (cause) {
    throw errorOf('answer-unreadable', 'the event is of a kind that this version does not know', { cause });
  }
};
