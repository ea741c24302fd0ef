import { stdSerializers } from 'pino';

/** What Node puts on errors of sockets, and Fastify on requests. */
const ADDRESSES = new Set(['address', 'hostname', 'host', 'remoteAddress', 'remotePort', 'remoteFamily', 'ip', 'ips']);

const withoutAddresses = (error: Error): object =>
  Object.fromEntries(Object.entries(stdSerializers.err(error)).filter(([name]) => !ADDRESSES.has(name)));

/** How log lines tell of requests, answers and errors: never by anybody's address, nor by headers. */
export const LOG_SERIALIZERS = {
  req: ({ method, url }: { method?: string; url?: string }) => ({ method, url }),
  res: ({ statusCode }: { statusCode?: number }) => ({ statusCode }),
  err: withoutAddresses,
  error: withoutAddresses,
};
