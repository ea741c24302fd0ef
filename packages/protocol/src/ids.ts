import { z } from 'zod';

/** UUIDs name jobs, devices, sessions, keys, webhooks and their deliveries only; in the hot path ids are integers (see `exchange/`). */
const branded = <Prefix extends string>(prefix: Prefix) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$`), {
      message: `expected an id that starts with ${prefix}_`,
    })
    .brand<Prefix>();

export const JobId = branded('job');
export type JobId = z.infer<typeof JobId>;
export const DeviceId = branded('dev');
export type DeviceId = z.infer<typeof DeviceId>;
export const SessionId = branded('ses');
export type SessionId = z.infer<typeof SessionId>;
export const KeyId = branded('key');
export type KeyId = z.infer<typeof KeyId>;
export const WebhookId = branded('hook');
export type WebhookId = z.infer<typeof WebhookId>;
/** A delivery's: the `webhook-id` of each of its tries. */
export const DeliveryId = branded('msg');
export type DeliveryId = z.infer<typeof DeliveryId>;

export const BatchId = branded('batch');
export type BatchId = z.infer<typeof BatchId>;

/** The name of a blob: the SHA-256 of its bytes, 64 lower-case hexadecimal digits. */
export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, { message: 'expected a SHA-256 as 64 lower-case hexadecimal digits' })
  .brand<'sha256'>();
export type Sha256 = z.infer<typeof Sha256>;

/**
 * A UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then 74 random bits.
 * `random` gives at least 10 random bytes; clock and chance are the caller's.
 */
export const uuidv7 = (now: number, random: Uint8Array): string => {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(now / 0x10000));
  view.setUint16(4, now % 0x10000);
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};
