import { ProblemError } from '@gossamer/protocol';
import { isIP } from 'node:net';
import { isPublicAddress } from './addresses.ts';

/** `public`: by https to public addresses; `any`: by http, too, and to every address that this machine can reach. */
export type TargetRule = 'public' | 'any';

const HTTPS_PORT = 443;
/** Below it lie ports of services that are no webhook's, such as mail. */
const FIRST_FREE_PORT = 1024;

const HINT = 'this grid sends webhooks to public addresses only (GOSSAMER_WEBHOOK_TARGETS)';

const forbidden = (detail: string): ProblemError => new ProblemError('webhook-target-forbidden', detail);

/** The host of a URL as the system takes it: an address of IPv6 without its brackets. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');

/** Throws ProblemError `webhook-target-forbidden` for an address that the rule does not let through. */
export const requireAllowed = (address: string, rule: TargetRule): void => {
  if (rule === 'public' && !isPublicAddress(address))
    throw forbidden(`it leads to an address that is not public; ${HINT}`);
};

/**
 * Reads the address of a webhook, and checks all of it that can be checked without asking anybody. What is written as a
 * number is one when it is read: 0x7f.1 and 2130706433 are 127.0.0.1. Throws ProblemError `webhook-target-forbidden`.
 */
export const parseTarget = (text: string, rule: TargetRule): URL => {
  if (!URL.canParse(text)) throw forbidden('it is no URL such as https://example.org/hook');
  const url = new URL(text);
  const isHttps = url.protocol === 'https:';
  if (!isHttps && url.protocol !== 'http:') throw forbidden('it does not begin with https://');
  if (!isHttps && rule === 'public')
    throw forbidden('it does not begin with https://: what is sent would be open to all');
  if (url.username !== '' || url.password !== '') {
    throw forbidden('it holds a user name or password: every request is signed instead');
  }
  const port = url.port === '' ? HTTPS_PORT : Number(url.port);
  if (rule === 'public' && port !== HTTPS_PORT && port < FIRST_FREE_PORT) {
    throw forbidden(`its port is ${port}: expected 443, or one from 1024 on`);
  }
  const host = hostOf(url);
  if (isIP(host) !== 0) requireAllowed(host, rule);
  return url;
};
