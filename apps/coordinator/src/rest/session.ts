import { ProblemError } from '@gossamer/protocol';
import { z } from 'zod';
import { callerOf, SESSION_COOKIE } from '../http/auth.ts';
import { requireOwnOrigin } from '../http/origin.ts';
import type { Api, ApiContext } from './api-context.ts';
import { describe } from './describe.ts';
import { BODY } from './problem-codes.ts';
import { Me, MeView, SignIn } from './me.ts';

/** Signing in to the dashboard: the page never keeps the key, and its scripts never see the cookie. */
export const sessionRoutes = (api: Api, { grid, config, limits, sessions }: ApiContext): void => {
  const tag = 'session';
  const isSecure = (protocol: string): boolean =>
    protocol === 'https' || config.publicUrl?.startsWith('https:') === true;

  api.get(
    '/me',
    {
      config: { access: 'key' },
      schema: describe({
        tag,
        access: 'key',
        summary: 'Who the key is, and what it may have and has',
        ok: { 200: MeView },
      }),
    },
    async (request) => {
      const caller = callerOf(request);
      return { ...caller, quotas: grid.upkeep.quotas(caller) };
    },
  );

  api.post(
    '/session',
    {
      config: { access: 'public', cors: false, rateLimit: { max: limits.signIns, timeWindow: 60_000 } },
      schema: describe({
        tag,
        access: 'public',
        summary: 'Sign in with a key',
        description: 'Sets an HttpOnly cookie. From a browser it must come from our own origin.',
        body: SignIn,
        ok: { 200: Me },
        problems: ['key-wrong', ...BODY],
      }),
    },
    async (request, reply) => {
      if (request.headers.origin !== undefined) requireOwnOrigin(request, config.publicUrl);
      const caller = grid.authenticate(request.body.key);
      if (caller === null) throw new ProblemError('key-wrong');
      return reply
        .setCookie(SESSION_COOKIE, sessions.open(request.body.key), {
          path: '/v1',
          httpOnly: true,
          sameSite: 'strict',
          secure: isSecure(request.protocol),
          maxAge: Math.floor(limits.sessionMs / 1000),
        })
        .send(caller);
    },
  );

  api.delete(
    '/session',
    {
      config: { access: 'key', cors: false },
      schema: describe({
        tag,
        access: 'key',
        summary: 'Sign out',
        ok: { 204: z.undefined().describe('Signed out') },
        problems: BODY,
      }),
    },
    async (request, reply) => {
      const token = request.cookies[SESSION_COOKIE];
      if (token !== undefined) sessions.close(token);
      return reply.clearCookie(SESSION_COOKIE, { path: '/v1' }).code(204).send();
    },
  );
};
