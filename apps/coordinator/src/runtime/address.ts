import { createHmac } from 'node:crypto';
import ipaddr from 'ipaddr.js';

/** Some proxies write the port too: `1.2.3.4:5678`, `[2001:db8::1]:5678`. */
const withoutPort = (address: string): string =>
  /^\[([^\]]+)\](:\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;

/**
 * The bytes of what a limit of requests counts as one caller: an IPv4 address, or the /64 of an IPv6 one, all of whose addresses
 * are one host's to choose from. What cannot be read is one caller.
 */
export const callerOf = (address: string): Uint8Array => {
  const bare = withoutPort(address);
  if (!ipaddr.isValid(bare)) return new Uint8Array(0);
  return Uint8Array.from(ipaddr.process(bare).toByteArray().slice(0, 8));
};

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

/**
 * A keyed hash of the /24 (IPv4) or /56 (IPv6) network of an address; null on loopback, which counts as no network.
 * What cannot be read is one network of its own, so that nobody gains independence by it.
 */
export const prefixOf = (secret: Uint8Array, address: string): string | null => {
  const hash = (network: Uint8Array) =>
    createHmac('sha256', secret).update('prefix:').update(network).digest('hex').slice(0, 32);
  const bare = withoutPort(address);
  if (!ipaddr.isValid(bare)) return hash(new Uint8Array(0));
  const parsed = ipaddr.process(bare);
  if (parsed.range() === 'loopback') return null;
  return hash(Uint8Array.from(parsed.toByteArray().slice(0, PREFIX_BYTES[parsed.kind()])));
};
