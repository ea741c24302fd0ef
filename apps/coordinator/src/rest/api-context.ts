import type { FastifyInstance, FastifyBaseLogger, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config.ts';
import type { Grid } from '../grid.ts';
import type { HttpLimits } from '../http/options.ts';
import type { SessionTable } from '../http/session-table.ts';
import type { Streams } from '../http/streams.ts';

/** The scope of /v1, with types taken from the routes' zod schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What the routes work with. */
export interface ApiContext {
  grid: Grid;
  config: Pick<Config, 'publicUrl' | 'rateLimit'>;
  limits: HttpLimits;
  streams: Streams;
  sessions: SessionTable;
}
