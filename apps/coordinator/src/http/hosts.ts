import { isIP } from 'node:net';
import type { Config } from '../config.ts';
import { hostname } from './loopback.ts';

/** Whom a request is for, by its Host. */
export type HostKind = 'own' | 'cage' | 'foreign';

const isCage = (name: string, suffix: string): boolean => name.endsWith(suffix) && name.length > suffix.length;

/**
 * Tells the hosts of the cages (`*.cage.localhost`, and those of `config.cageOrigin`) from our own (that of
 * `config.publicUrl`, localhost and every literal address) and from foreign ones. A page of a stranger that makes its
 * own name resolve to us (DNS rebinding) comes with a foreign host; it cannot do that with a literal address.
 * The gateway uses it as well: nothing but the cage's document is served on the cages' hosts.
 */
export const hostKinds = (config: Pick<Config, 'publicUrl' | 'cageOrigin'>): ((host: string) => HostKind) => {
  const suffixes = ['.cage.localhost'];
  if (config.cageOrigin !== null) suffixes.push(hostname(config.cageOrigin.replace(/^https?:\/\/\*/, '')));
  const own = new Set(['localhost']);
  if (config.publicUrl !== null) own.add(hostname(new URL(config.publicUrl).host));
  return (host) => {
    const name = hostname(host);
    if (suffixes.some((suffix) => isCage(name, suffix))) return 'cage';
    return own.has(name) || isIP(name) !== 0 ? 'own' : 'foreign';
  };
};
