import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * IPv4 ranges that are no public unicast address: IANA's registry of special-purpose addresses (RFC 6890 and later), with
 * multicast (RFC 5771), class E (RFC 1112) and the relays of 6to4 (RFC 7526).
 */
const SPECIAL_V4: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** Within 2000::/3, what is none: protocols (Teredo among them), documentation, 6to4, AS112. */
const SPECIAL_V6: readonly [string, number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
];

const special = new BlockList();
const unicast = new BlockList();
/** Addresses of IPv4 as a translator (NAT64, RFC 6052) writes them: as public as the address in them. */
const translated = new BlockList();
unicast.addSubnet('2000::', 3, 'ipv6');
translated.addSubnet('64:ff9b::', 96, 'ipv6');
for (const [address, bits] of SPECIAL_V4) {
  special.addSubnet(address, bits, 'ipv4');
  special.addSubnet(`64:ff9b::${address}`, 96 + bits, 'ipv6');
}
for (const [address, bits] of SPECIAL_V6) special.addSubnet(address, bits, 'ipv6');

/**
 * Whether an address, as text without brackets, is a public unicast one. Of IPv6 only what is known to be one is: what is
 * assigned to nobody, local to a site or a link, or holds an IPv4 address in it (but by NAT64) is none.
 */
export const isPublicAddress = (address: string): boolean => {
  if (isIPv4(address)) return !special.check(address, 'ipv4');
  if (!isIPv6(address) || address.includes('%')) return false;
  const isUnicast = unicast.check(address, 'ipv6') || translated.check(address, 'ipv6');
  return isUnicast && !special.check(address, 'ipv6');
};
