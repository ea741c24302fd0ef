import type { FastifyInstance } from 'fastify';
import type { Caller } from '../grid.ts';

/**
 * Who may call a route: anybody, whoever has a key (lists then hold a submitter's own jobs only), whoever submitted the
 * job that the route's `:id` names (and operators), operators. The guard, the OpenAPI document and the tests' table
 * follow from it.
 */
export type Access = 'public' | 'key' | 'owner' | 'operator';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route under /v1 declares it. */
    access?: Access;
    /** false: pages of other origins cannot read the answer. */
    cors?: boolean;
    /** true: the route bounds by itself how slowly its body may come. */
    ownPace?: boolean;
  }
  interface FastifyRequest {
    /** Set on routes that need a key. */
    caller: Caller | null;
    /** Whether its key (and sign-in) is still good: what goes on for long asks again. */
    mayStay: (() => boolean) | null;
  }
  interface FastifyInstance {
    /** Every route, for tests that walk them all. */
    routeTable: RouteEntry[];
  }
}

export interface RouteEntry {
  method: string;
  url: string;
  /** null outside of /v1. */
  access: Access | null;
  /** Left out of the OpenAPI document on purpose. */
  hidden: boolean;
}

/** Keeps the table of routes, and refuses to start with a route of the API that declares no access. */
export const recordRoutes = (app: FastifyInstance): void => {
  app.decorate('routeTable', []);
  app.addHook('onRoute', ({ method, url, config, schema }) => {
    const access = config?.access ?? null;
    if (access === null && url.startsWith('/v1')) throw new Error(`the route ${url} declares no access`);
    const hidden = schema?.hide === true;
    for (const one of [method].flat()) app.routeTable.push({ method: one, url, access, hidden });
  });
};
