import { isIP } from 'node:net';

/** The host's name without port, brackets and a final dot, in lower case. */
export const hostname = (host: string): string => {
  const name = host.startsWith('[') ? host.slice(1, host.indexOf(']')) : host.split(':', 1)[0]!;
  return name.toLowerCase().replace(/\.$/, '');
};

/** True for the names of this very machine. */
export const isLoopbackHost = (host: string): boolean => {
  const name = hostname(host);
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
};
