import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** So long a secret that was replaced signs along with the new one, ms. */
export const OVERLAP_MS = 24 * 3_600_000;
/** Of a webhook whose secret is replaced time and again, at the most. */
const KEPT = 5;

/** `until`: it signs until then, ms since 1970; null: it is the one in use. */
export interface WebhookSecret {
  secret: string;
  until: number | null;
}

/** By the scheme of Standard Webhooks: `whsec_` and 32 random bytes in base64. */
export const newSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64');

/** The newest first: the one in use is replaced and signs on for a while. */
export const rotated = (secrets: readonly WebhookSecret[], secret: string, now: number): WebhookSecret[] => [
  { secret, until: null },
  ...secrets
    .map((old) => ({ ...old, until: old.until ?? now + OVERLAP_MS }))
    .filter(({ until }) => until > now)
    .slice(0, KEPT - 1),
];

/**
 * The headers of Standard Webhooks (https://www.standardwebhooks.com): `v1,` and the base64 of HMAC-SHA256 over
 * `id.timestamp.body`, one for each secret that signs at `now`, ms since 1970.
 */
export const signedHeaders = (
  secrets: readonly WebhookSecret[],
  id: string,
  body: string,
  now: number,
): Record<string, string> => {
  const timestamp = String(Math.floor(now / 1000));
  const signatures = secrets
    .filter(({ until }) => until === null || until > now)
    .map(({ secret }) => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
};
