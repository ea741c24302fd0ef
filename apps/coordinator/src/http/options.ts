import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import type { Config } from '../config.ts';
import type { Grid } from '../grid.ts';

/** The built pages. A directory that is null, or holds no index.html, is answered by a plain note. */
export interface Pages {
  volunteer: string | null;
  dashboard: string | null;
  /** The headers of wall 1 for the file at a path such as `/index.html` or `/dashboard/assets/main-1a2b3c4d.js`. */
  headers(path: string): Record<string, string>;
}

/** The only thing that the cages' hosts serve. */
export interface CageSource {
  document(): { html: string; headers: Record<string, string> };
}

export interface HttpLimits {
  /** The largest blob that can be uploaded, bytes. */
  blobBytes: number;
  /** An upload that brings no byte for so long is ended, ms. */
  uploadStallMs: number;
  /** An upload that brings fewer bytes a second, after the first of those ms, is ended. */
  uploadBytesPerSecond: number;
  /** Any other body must have come by then, ms. */
  bodyMs: number;
  /** How often a stream looks whether its key is still good, ms. */
  recheckMs: number;
  /** An event stream without news carries a comment this often, ms: proxies close silent connections. */
  heartbeatMs: number;
  /** Sign-in attempts a minute and address, of IPv6 a minute and /64. */
  signIns: number;
  /** How long a sign-in to the dashboard lasts, ms. */
  sessionMs: number;
  /** Requests that are under way when the coordinator closes may take so long, ms; then their connections are cut. */
  closeGraceMs: number;
  /** The head of a request that takes longer ends its connection, ms; so does a connection on which nothing is asked. */
  headersMs: number;
  /** Requests are refused while the event loop is this late, ms (mean over a second); 0: never. */
  eventLoopDelayMs: number;
}

export const HTTP_LIMITS: HttpLimits = {
  blobBytes: 4 * 1024 ** 3,
  uploadStallMs: 60_000,
  uploadBytesPerSecond: 1024,
  bodyMs: 30_000,
  recheckMs: 5_000,
  heartbeatMs: 15_000,
  signIns: 10,
  sessionMs: 12 * 3_600_000,
  closeGraceMs: 5_000,
  headersMs: 15_000,
  eventLoopDelayMs: 2_000,
};

export interface HttpOptions {
  grid: Grid;
  config: Pick<Config, 'publicUrl' | 'cageOrigin' | 'trustProxy' | 'rateLimit'>;
  logger: FastifyBaseLogger;
  pages: Pages;
  cage: CageSource;
  /** Where /metrics reads from, and where the metrics of HTTP itself are added. */
  registry: Registry;
  /** ms since 1970. */
  now?: () => number;
  /** `size` random bytes; a cryptographic generator. */
  random?: (size: number) => Uint8Array;
  limits?: Partial<HttpLimits> | undefined;
}
