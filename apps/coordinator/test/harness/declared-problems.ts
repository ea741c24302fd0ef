import type { FastifyInstance, FastifyRequest } from 'fastify';
import { subscribe } from 'node:diagnostics_channel';
import { afterEach, expect } from 'vitest';

/** Problems that came from routes whose description does not have them, since the last test. */
const undeclared = new Set<string>();

/** What a route's description says of an answer names its codes like this. */
const CODE = /`([a-z-]+)`:/g;

const declaredBy = ({ routeOptions: { schema } }: FastifyRequest): Set<string> | null => {
  if (schema?.response === undefined || schema.hide === true) return null;
  const answers = Object.values(schema.response as Record<string, { description?: string }>);
  return new Set(answers.flatMap(({ description = '' }) => [...description.matchAll(CODE)].map(([, code]) => code!)));
};

/** Watches what an app answers: each code of a problem is to be declared by its route. */
const watchProblems = (app: FastifyInstance): void => {
  app.addHook('onSend', async (request, reply, payload) => {
    const isProblem = String(reply.getHeader('content-type')).startsWith('application/problem+json');
    const declared = isProblem && typeof payload === 'string' && !request.is404 ? declaredBy(request) : null;
    if (declared === null) return;
    const { code } = JSON.parse(payload as string) as { code: string };
    if (!declared.has(code)) undeclared.add(`${request.method} ${request.routeOptions.url}: ${code}`);
  });
};

// Every app that a test starts, however deep inside of the coordinator.
subscribe('fastify.initialization', (message) => {
  watchProblems((message as { fastify: FastifyInstance }).fastify);
});

/** What was found until now: a test that has a route answer what it never would takes it away. */
export const takeUndeclared = (): string[] => {
  const found = [...undeclared].sort();
  undeclared.clear();
  return found;
};

afterEach(() => {
  expect(takeUndeclared(), 'problems that the description of their route does not have').toEqual([]);
});
