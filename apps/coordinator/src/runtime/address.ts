import { createHmac } from 'node:crypto';
import ipaddr from 'ipaddr.js';

const PREFIX_BYTES = { ipv4: 3, ipv6: 7 } as const;

/**
 * The client's address behind `proxies` trusted proxies: each of them appends the address that it saw to
 * X-Forwarded-For, so the client's own is that many places from the right; what stands further left is hearsay.
 */
export const clientAddress = (remote: string, forwarded: string | undefined, proxies: number): string => {
  if (proxies === 0 || forwarded === undefined) return remote;
  const seen = forwarded.split(',').map((address) => address.trim());
  return seen[Math.max(0, seen.length - proxies)] ?? remote;
};

/** A keyed hash of the /24 (IPv4) or /56 (IPv6) network of an address; null on loopback, which counts as no network. */
export const prefixOf = (secret: Uint8Array, address: string): string | null => {
  if (!ipaddr.isValid(address)) return null;
  const parsed = ipaddr.process(address);
  if (parsed.range() === 'loopback') return null;
  const bytes = parsed.toByteArray().slice(0, PREFIX_BYTES[parsed.kind()]);
  return createHmac('sha256', secret).update('prefix:').update(Uint8Array.from(bytes)).digest('hex').slice(0, 32);
};
