import { ProblemError } from '@gossamer/protocol';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addBaseHeaders, BASE_HEADERS } from './base-headers.ts';
import { bearerOf } from './bearer.ts';
import { hostKinds } from './hosts.ts';
import { pathOf } from './path.ts';
import { sendProblem } from './problems.ts';
import type { HttpOptions } from './options.ts';

/** Probes of an orchestrator come by whatever name it has for us, and learn nothing. */
const OPEN_TO_ALL_HOSTS = new Set(['/healthz', '/readyz']);

/** Where keys are taken, and wrong ones counted by the rate limit: anywhere else they could be guessed without end. */
const takesKeys = (request: FastifyRequest): boolean =>
  !request.is404 && (pathOf(request) === '/metrics' || pathOf(request).startsWith('/v1/'));

const sendCage = (request: FastifyRequest, reply: FastifyReply, cage: HttpOptions['cage']): FastifyReply => {
  const reading = request.method === 'GET' || request.method === 'HEAD';
  if (!reading || pathOf(request) !== '/') {
    return reply
      .code(404)
      .headers({ ...BASE_HEADERS, 'cache-control': 'no-store' })
      .type('text/plain; charset=utf-8')
      .send('A cage lives here, and nothing else.\n');
  }
  const { html, headers } = cage.document();
  return reply.headers(headers).type('text/html; charset=utf-8').send(html);
};

const foreignHost = (): ProblemError =>
  new ProblemError(
    'origin-forbidden',
    'this coordinator is not known by that host name; the operator can set it as GOSSAMER_PUBLIC_URL',
  );

/**
 * Answers a path that cannot be read, which Fastify does before any hook: hosts are judged here as well, and the headers
 * of every answer are added. A key opens nothing more, as there is nothing at such a path. The host is the one of `Host`, be
 * there a proxy or not: Fastify makes such a request without what it is told of proxies.
 */
export const answerBadPaths = ({ config, cage }: HttpOptions) => {
  const kindOf = hostKinds(config);
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const kind = kindOf(request.host);
    if (kind === 'cage') return void sendCage(request, reply, cage);
    addBaseHeaders(request, reply);
    sendProblem(request, reply, kind === 'own' ? new ProblemError('route-unknown', error.message) : foreignHost());
  };
};

/**
 * Answers for the cages' hosts and refuses foreign ones, before any route is run. A request with a key that is good
 * passes by any name to what takes keys: a page that rebound its name has none, and tools inside a private network use
 * names of their own.
 */
export const guardHosts = (app: FastifyInstance, { config, cage, grid }: HttpOptions): void => {
  const kindOf = hostKinds(config);
  const isShut = (request: FastifyRequest): boolean =>
    kindOf(request.host) === 'foreign' && !OPEN_TO_ALL_HOSTS.has(pathOf(request));
  app.addHook('onRequest', async (request, reply) => {
    if (kindOf(request.host) === 'cage') return sendCage(request, reply, cage);
    if (!isShut(request) || (takesKeys(request) && bearerOf(request) !== null)) return;
    reply.headers(BASE_HEADERS);
    throw foreignHost();
  });
  // Later than the rate limit, an `onRequest` of /v1: keys that are guessed by a foreign name count like others.
  app.addHook('preParsing', async (request) => {
    if (isShut(request) && grid.authenticate(bearerOf(request) ?? '') === null) throw foreignHost();
  });
};
