import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Pages } from './options.ts';

/** A name that the build made of the content: it never changes. */
const HASHED = /[-.][A-Za-z0-9_-]{8,}\.(js|css|wasm|svg|png|woff2|map)$/;

const NOT_BUILT =
  'This page is not built. In the folder of the coordinator: npm run build\n' +
  'The REST API works without it; it is described at /docs.\n';

const setFileHeaders = (reply: FastifyReply, path: string, pages: Pages): void => {
  reply.removeHeader('content-security-policy');
  reply.headers(pages.headers(path));
  const hashed = path.includes('/assets/') && HASHED.test(path);
  reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
};

/** One page's directory below `prefix`, which ends with a slash. */
const servePage = (app: FastifyInstance, prefix: string, directory: string | null, pages: Pages): void => {
  if (directory === null || !existsSync(join(directory, 'index.html'))) {
    app.get(prefix, { schema: { hide: true } }, async (_request, reply) =>
      reply.code(503).type('text/plain; charset=utf-8').header('cache-control', 'no-store').send(NOT_BUILT),
    );
    return;
  }
  void app.register(fastifyStatic, {
    root: directory,
    prefix,
    decorateReply: false,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders: (reply, file) => {
      setFileHeaders(reply, prefix + relative(directory, file).split(sep).join('/'), pages);
    },
  });
};

/** The volunteer's page at /, the dashboard at /dashboard/. */
export const servePages = (app: FastifyInstance, pages: Pages): void => {
  servePage(app, '/dashboard/', pages.dashboard, pages);
  app.get('/dashboard', { schema: { hide: true } }, async (_request, reply) => reply.redirect('/dashboard/', 308));
  servePage(app, '/', pages.volunteer, pages);
};
