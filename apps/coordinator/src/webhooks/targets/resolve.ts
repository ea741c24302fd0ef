import { ProblemError } from '@gossamer/protocol';
import { lookup, Resolver } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import type { TargetRule } from './target.ts';
import { hostOf, requireAllowed } from './target.ts';

/** All addresses of a name; none, or an error, when it leads nowhere. */
export type Resolve = (name: string) => Promise<string[]>;

const DNS_MS = 3000;
const DNS_TRIES = 2;

/**
 * By the name service alone, on sockets: the system's own look-up takes a thread of the pool that reads files, and a name
 * server of a stranger may take its time.
 */
const byNameService: Resolve = async (name) => {
  const resolver = new Resolver({ timeout: DNS_MS, tries: DNS_TRIES });
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
};

/** As the system does, with the names that this machine alone knows. */
const bySystem: Resolve = async (name) => (await lookup(name, { all: true })).map(({ address }) => address);

export const resolverFor = (rule: TargetRule): Resolve => (rule === 'any' ? bySystem : byNameService);

/**
 * The addresses of a name, every one of which the rule lets through. Throws ProblemError `webhook-target-unresolved` or
 * `webhook-target-forbidden`.
 */
const checked = async (name: string, rule: TargetRule, resolve: Resolve): Promise<string[]> => {
  const addresses = await resolve(name).catch(() => []);
  if (addresses.length === 0) throw new ProblemError('webhook-target-unresolved', name);
  for (const address of addresses) requireAllowed(address, rule);
  return addresses;
};

/** Checks where a webhook leads now. */
export const requireReachable = async (url: URL, rule: TargetRule, resolve: Resolve): Promise<void> => {
  const host = hostOf(url);
  if (isIP(host) === 0) await checked(host, rule, resolve);
};

/**
 * What a socket asks for the addresses it connects to: it gets those that were checked, and none else, so that a name which
 * leads elsewhere a moment later gains nothing. (A host that is an address is not asked for: `parseTarget` checks it.)
 */
export const guardedLookup =
  (rule: TargetRule, resolve: Resolve): LookupFunction =>
  (name, options, found) => {
    checked(name, rule, resolve).then(
      (addresses) => {
        const all = addresses.map((address) => ({ address, family: isIP(address) }));
        if (options.all === true) found(null, all);
        else found(null, all[0]!.address, all[0]!.family);
      },
      (error: Error) => found(error, [], 0),
    );
  };
