import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { apiSchemas } from '../rest/api-schemas.ts';
import { addExamples } from '../rest/examples/add-examples.ts';
import { nameShared } from './named-shared.ts';

/** Swagger UI sets styles on elements and shows its icons as data: URLs; this policy is that of /docs alone. */
const DOCS_CSP = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'font-src': "'self'",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};

/** What each tag is about; every route has one of them. */
const TAGS = {
  jobs: 'Submit jobs, watch them, hold, release and cancel them.',
  batches: 'Many jobs made, followed and ended together.',
  programs: 'What jobs run, and how often it is used.',
  units: 'The work units of a job, and what happened to each.',
  results: 'Final results, by pages, as a stream or one by one.',
  inputs: 'The inputs of streams: appended while the job runs, and closed.',
  blobs: 'Immutable bytes, named by their SHA-256.',
  keys: 'API keys (operators).',
  signers: 'Who signs programs, what each may, and the keys with which the coordinator admits them.',
  webhooks: 'Addresses that are told of jobs, and what was delivered to them.',
  grid: 'The grid as a whole, its devices and statistics.',
  session: 'Signing in to the dashboard, and who the key is.',
  service: 'Health, metrics and the pages of the errors.',
};

const toDocument = createJsonSchemaTransformObject({ schemaRegistry: apiSchemas });

/** The OpenAPI document at /docs/json, made of the routes' zod schemas, and a page to read and try it at /docs. */
export const documentApi = (app: FastifyInstance, version: string): void => {
  void app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Gossamer',
        version,
        description:
          'A desktop grid in browser tabs. Send a key as `Authorization: Bearer KEY`. ' +
          'Errors are problem+json (RFC 9457) with a `code`, each of which has a page at /errors/CODE.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'An API key' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'gossamer_session',
            description: 'A sign-in by POST /v1/session; unsafe methods also need an Origin header of our own origin',
          },
        },
      },
    },
    transform: createJsonSchemaTransform({ schemaRegistry: apiSchemas }),
    transformObject: (parts) => addExamples(nameShared(toDocument(parts))),
  });
  void app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: DOCS_CSP,
    uiConfig: { persistAuthorization: false, validatorUrl: null },
  });
};
