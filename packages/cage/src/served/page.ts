import { checkedOrigin } from './origin.ts';

export interface PageOptions {
  /** Origins of cages; a host may begin with `*.`. */
  cageOrigins: readonly string[];
  /** What the page proves it needs beyond wall 1: directive to further sources, e.g. `{'img-src': ['blob:']}`. */
  also?: Readonly<Record<string, readonly string[]>>;
}

const COMMON = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** Headers of a page that opens cages (wall 1). Throws a TypeError where an origin is none. */
export const pageHeaders = (options: PageOptions): Record<string, string> => {
  const sources: Record<string, string> = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'connect-src': "'self'",
    'img-src': "'self'",
    'frame-src': options.cageOrigins.map(checkedOrigin).join(' '),
    'worker-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'object-src': "'none'",
    'frame-ancestors': "'none'",
    'require-trusted-types-for': "'script'",
    'trusted-types': 'engine',
  };
  for (const [directive, more] of Object.entries(options.also ?? {})) {
    const own = sources[directive];
    sources[directive] = own === undefined || own === "'none'" ? more.join(' ') : `${own} ${more.join(' ')}`;
  }
  const policy = Object.entries(sources).map(([directive, list]) => `${directive} ${list}`);
  return {
    'Content-Security-Policy': policy.join('; '),
    'Cross-Origin-Opener-Policy': 'same-origin',
    ...COMMON,
  };
};

/** Headers of the engine's script: a worker has the policy of its own response, not its page's. */
export const engineHeaders = (): Record<string, string> => ({
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  ...COMMON,
});
