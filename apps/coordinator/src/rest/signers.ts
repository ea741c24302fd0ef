import { PageQuery, pageOf, RefusalView, SignerPolicyPatch, SignerSpec, SignerView } from '@gossamer/protocol';
import { callerOf } from '../http/auth.ts';
import type { Api, ApiContext } from './api-context.ts';
import { describe } from './describe.ts';
import { CHANGE } from './problem-codes.ts';
import { SignerParams } from './params.ts';

/** Signers of programs: submitters register theirs, operators say what each may. */
export const signerRoutes = (api: Api, { grid: { signing } }: ApiContext): void => {
  const tag = 'signers';
  const own = { access: 'key' } as const;
  const operator = { access: 'operator' } as const;

  api.get(
    '/signers',
    {
      config: own,
      schema: describe({
        tag,
        ...own,
        summary: 'List signers: one’s own, or as an operator all',
        querystring: PageQuery,
        ok: { 200: pageOf(SignerView) },
        problems: ['cursor-invalid'],
      }),
    },
    async (request) => signing.signers(callerOf(request), request.query),
  );

  api.post(
    '/signers',
    {
      config: own,
      schema: describe({
        tag,
        ...own,
        summary: 'Register a signing key, or the successor of one',
        description:
          'The proof is by the key itself. A successor inherits the policy; the key before it signs no new job.',
        body: SignerSpec,
        ok: { 201: SignerView },
        problems: ['signature-wrong', 'signer-unknown', 'signer-known', 'signer-revoked', ...CHANGE],
      }),
    },
    async (request, reply) => reply.code(201).send(await signing.registerSigner(callerOf(request), request.body)),
  );

  api.patch(
    '/signers/:key',
    {
      config: operator,
      schema: describe({
        tag,
        ...operator,
        summary: 'Grant a signer a tier, lanes and limits; its running jobs follow at once',
        params: SignerParams,
        body: SignerPolicyPatch,
        ok: { 200: SignerView },
        problems: ['signer-unknown', ...CHANGE],
      }),
    },
    async (request) => signing.setSignerPolicy(callerOf(request), request.params.key, request.body),
  );

  api.delete(
    '/signers/:key',
    {
      config: own,
      schema: describe({
        tag,
        ...own,
        summary: 'Revoke a signer, at once and for good: its open jobs are cancelled',
        params: SignerParams,
        ok: { 200: SignerView },
        problems: ['signer-unknown', ...CHANGE],
      }),
    },
    async (request) => signing.revokeSigner(callerOf(request), request.params.key),
  );

  api.get(
    '/refusals',
    {
      config: operator,
      schema: describe({
        tag,
        ...operator,
        summary: 'Programs that tabs refused to run since the start, the newest first',
        description: 'The newest 100 are kept.',
        querystring: PageQuery,
        ok: { 200: pageOf(RefusalView) },
        problems: ['cursor-invalid'],
      }),
    },
    async (request) => signing.refusals(request.query),
  );
};
