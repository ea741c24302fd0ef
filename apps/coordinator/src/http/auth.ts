import { JobId, ProblemError } from '@gossamer/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller, Grid } from '../grid.ts';
import { bearerOf } from './bearer.ts';
import { requireOwnOrigin } from './origin.ts';
import type { SessionTable } from './session-table.ts';

export const SESSION_COOKIE = 'gossamer_session';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

const byKey = (grid: Grid, secret: string): Caller => {
  const caller = grid.authenticate(secret);
  if (caller === null) throw new ProblemError('key-wrong');
  return caller;
};

/**
 * Who asks: by `Authorization: Bearer KEY`, else by the cookie of a sign-in. The cookie comes along unasked, so an
 * unsafe method with it must come from our own origin. A revoked key ends its sign-ins: the key is looked up each time.
 * Gives the look-up.
 */
const identify = (
  request: FastifyRequest,
  grid: Grid,
  sessions: SessionTable,
  publicUrl: string | null,
): (() => Caller) => {
  const bearer = bearerOf(request);
  if (bearer !== null) return () => byKey(grid, bearer);
  const token = request.cookies[SESSION_COOKIE];
  const look = (): Caller => {
    const secret = token === undefined ? null : sessions.find(token);
    if (secret === null) throw new ProblemError('key-missing', 'send it as: Authorization: Bearer KEY');
    return byKey(grid, secret);
  };
  // Who is not signed in is told so first.
  look();
  if (!SAFE.has(request.method)) requireOwnOrigin(request, publicUrl);
  return look;
};

const succeeds = (look: () => unknown): boolean => {
  try {
    look();
    return true;
  } catch {
    return false;
  }
};

/** Checks every route's `access` after the rate limit (a hook of `onRequest`) and before a byte of the body is read. */
export const authorize = (v1: FastifyInstance, grid: Grid, sessions: SessionTable, publicUrl: string | null): void => {
  v1.decorateRequest('caller', null);
  v1.decorateRequest('mayStay', null);
  v1.addHook('preParsing', async (request) => {
    const access = request.routeOptions.config.access;
    if (access === 'public') return;
    const look = identify(request, grid, sessions, publicUrl);
    request.caller = look();
    request.mayStay = () => succeeds(look);
    if (access === 'operator' && request.caller.role !== 'operator') {
      throw new ProblemError('role-forbidden', 'only operators may');
    }
  });
  // After the path was checked. The grid looks again: a route that forgets to ask it is shut all the same.
  v1.addHook<{ Params: { id: string } }>('preHandler', async (request) => {
    if (request.routeOptions.config.access === 'owner')
      grid.jobState(callerOf(request), JobId.parse(request.params.id));
  });
};

/** The caller, on a route that needs a key. */
export const callerOf = (request: { caller: Caller | null }): Caller => {
  if (request.caller === null) throw new Error('the route is public and has no caller');
  return request.caller;
};
