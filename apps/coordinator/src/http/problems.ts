import { ProblemError, type ProblemCode } from '@gossamer/protocol';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { discardRest } from './discard-rest.ts';
import { fieldErrors } from './field-errors.ts';
import { pathOf } from './path.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** Fastify's own errors that are the client's doing. */
const BY_CODE: Record<string, ProblemCode> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'body-malformed',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'body-malformed',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'body-malformed',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media-type-unsupported',
  FST_ERR_BAD_URL: 'route-unknown',
  FST_ERR_MAX_PARAM_LENGTH: 'route-unknown',
};

/** Errors of plugins that say no more than a status. */
const BY_STATUS: Record<number, ProblemCode> = {
  404: 'route-unknown',
  413: 'body-too-large',
  415: 'media-type-unsupported',
  416: 'range-unsatisfiable',
  429: 'rate-limited',
  503: 'unavailable',
};

const toProblemError = (error: FastifyError | ProblemError): ProblemError | null => {
  if (error instanceof ProblemError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    return new ProblemError('request-invalid', undefined, fieldErrors(error.validationContext, error.validation));
  }
  const code = BY_CODE[error.code] ?? (error instanceof SyntaxError ? 'body-malformed' : undefined);
  if (code !== undefined) return new ProblemError(code);
  const status = error.statusCode ?? 500;
  if (BY_STATUS[status] !== undefined) return new ProblemError(BY_STATUS[status]);
  return status >= 400 && status < 500 ? new ProblemError('request-invalid', error.message) : null;
};

/** Sends an error of the registry as problem+json; `instance` is the request's id, as in the log. */
export const sendProblem = (request: FastifyRequest, reply: FastifyReply, error: ProblemError): FastifyReply => {
  if (error.status === 401) reply.header('www-authenticate', 'Bearer realm="gossamer"');
  if (error.code === 'unavailable' && !reply.hasHeader('retry-after')) reply.header('retry-after', '5');
  if (error.quota !== undefined) {
    const { limit, used } = error.quota;
    reply.headers({ 'quota-limit': limit, 'quota-remaining': Math.max(0, limit - used) });
  }
  const body = JSON.stringify(error.toProblem(`urn:uuid:${request.id}`));
  return reply.code(error.status).header('cache-control', 'no-store').type(PROBLEM_TYPE).send(body);
};

/** Every error that leaves the coordinator over HTTP is one of the registry; what is not is logged and hidden. */
export const answerErrors = (app: FastifyInstance): void => {
  app.setErrorHandler(async (error: FastifyError | ProblemError, request, reply) => {
    const known = toProblemError(error);
    // Of a stranger's body nothing is read; who has a key comes to read why its body was refused.
    const stranger = known?.status === 401 || known?.status === 403;
    if (!stranger && !request.raw.complete && !request.raw.destroyed) await discardRest(request.raw, reply);
    if (known !== null && known.code !== 'internal') return sendProblem(request, reply, known);
    request.log.error({ err: error }, 'a request failed');
    return sendProblem(request, reply, new ProblemError('internal', `the log tells more under ${request.id}`));
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply, new ProblemError('route-unknown', `${request.method} ${pathOf(request)}`)),
  );
};
