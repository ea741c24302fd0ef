import { createHmac } from 'node:crypto';
import ipaddr from 'ipaddr.js';

/** Some proxies write the port too: `1.2.3.4:5678`, `[2001:db8::1]:5678`. */
const withoutPort = (address: string): string =>
  /^\[([^\]]+)\](:\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;

type Bytes = Readonly<Record<'ipv4' | 'ipv6', number>>;
/** /24 and /56: what one network has, where devices are to be independent. */
const NETWORK: Bytes = { ipv4: 3, ipv6: 7 };
/** /32 and /64: what one machine has at the most. Whole addresses of IPv6 it may change as it likes. */
const MACHINE: Bytes = { ipv4: 4, ipv6: 8 };

/** Null for what cannot be read. IPv4 that is written as IPv6 is IPv4. */
const parse = (address: string): ipaddr.IPv4 | ipaddr.IPv6 | null => {
  const bare = withoutPort(address);
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : null;
};

const firstBytes = (address: ipaddr.IPv4 | ipaddr.IPv6 | null, bytes: Bytes): Uint8Array =>
  Uint8Array.from(address === null ? [] : address.toByteArray().slice(0, bytes[address.kind()]));

const keyedHash = (secret: Uint8Array, prefix: Uint8Array): string =>
  createHmac('sha256', secret).update('prefix:').update(prefix).digest('hex').slice(0, 32);

/**
 * The client's address behind `proxies` trusted proxies: each of them appends the address that it saw to
 * X-Forwarded-For, so the client's own is that many places from the right; what stands further left is hearsay.
 */
export const clientAddress = (remote: string, forwarded: string | undefined, proxies: number): string => {
  if (proxies === 0 || forwarded === undefined) return remote;
  const seen = forwarded.split(',').map((address) => address.trim());
  return seen[Math.max(0, seen.length - proxies)] ?? remote;
};

/**
 * A keyed hash of the /24 (IPv4) or /56 (IPv6) network of an address; null on loopback, which counts as no network.
 * What cannot be read is one network of its own, so that nobody gains independence by it.
 */
export const prefixOf = (secret: Uint8Array, address: string): string | null => {
  const parsed = parse(address);
  if (parsed?.range() === 'loopback') return null;
  return keyedHash(secret, firstBytes(parsed, NETWORK));
};

/**
 * A keyed hash of what one machine may have: an address of IPv4, a /64 of IPv6. All that cannot be read is one machine.
 * What is asked for is counted by it; by a /24 a whole campus would be one that asks.
 */
export const machineOf = (secret: Uint8Array, address: string): string =>
  keyedHash(secret, firstBytes(parse(address), MACHINE));
