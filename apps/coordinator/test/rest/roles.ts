/** Who may call a route. */
export type Who =
  | 'anybody'
  | 'key'
  | 'owner'
  | 'signer-owner'
  | 'webhook-owner'
  | 'batch-owner'
  | 'program-owner'
  | 'operator'
  | 'permitted'
  | 'sign-in';

/** The one table of who may do what. A route that is not here, or is no more, fails a test. */
export const ROUTES: Record<string, Who> = {
  'POST /v1/jobs': 'key',
  'GET /v1/jobs': 'key',
  'GET /v1/jobs/:id': 'owner',
  'GET /v1/jobs/:id/spec': 'owner',
  'PATCH /v1/jobs/:id': 'owner',
  'DELETE /v1/jobs/:id': 'owner',
  'POST /v1/jobs/:id/hold': 'owner',
  'POST /v1/jobs/:id/release': 'owner',
  'POST /v1/jobs/:id/cancel': 'owner',
  'POST /v1/jobs/:id/retry': 'owner',
  'POST /v1/jobs/:id/inputs': 'owner',
  'POST /v1/jobs/:id/inputs/close': 'owner',
  'POST /v1/batches': 'key',
  'GET /v1/batches': 'key',
  'GET /v1/batches/:id': 'batch-owner',
  'GET /v1/batches/:id/archive': 'batch-owner',
  'GET /v1/batches/:id/events': 'batch-owner',
  'POST /v1/batches/:id/hold': 'batch-owner',
  'POST /v1/batches/:id/release': 'batch-owner',
  'POST /v1/batches/:id/cancel': 'batch-owner',
  'GET /v1/programs': 'key',
  'GET /v1/programs/:sha256': 'program-owner',
  'GET /v1/jobs/:id/units': 'owner',
  'GET /v1/jobs/:id/units/:index': 'owner',
  'GET /v1/jobs/:id/attempts': 'owner',
  'GET /v1/jobs/:id/units/:index/attempts': 'owner',
  'GET /v1/jobs/:id/units/:index/facts': 'owner',
  'GET /v1/jobs/:id/units/:index/result': 'owner',
  'GET /v1/jobs/:id/facts': 'owner',
  'GET /v1/jobs/:id/answer': 'owner',
  'GET /v1/jobs/:id/results': 'owner',
  'GET /v1/jobs/:id/archive': 'owner',
  'GET /v1/jobs/:id/events': 'owner',
  'GET /v1/events': 'operator',
  'PUT /v1/blobs/:sha256': 'key',
  'GET /v1/blobs/:sha256': 'anybody',
  // Each key's own.
  'POST /v1/uploads': 'key',
  'HEAD /v1/uploads/:sha256': 'key',
  'PATCH /v1/uploads/:sha256': 'key',
  'DELETE /v1/uploads/:sha256': 'key',
  // Whoever has the permit of a session that holds the attempt; no key is one.
  'PUT /v1/results/:sha256': 'permitted',
  'GET /v1/keys': 'operator',
  'POST /v1/keys': 'operator',
  'GET /v1/quotas': 'operator',
  'PATCH /v1/keys/:id': 'operator',
  'DELETE /v1/keys/:id': 'operator',
  'GET /v1/signers': 'key',
  'POST /v1/signers': 'key',
  'PATCH /v1/signers/:key': 'operator',
  'DELETE /v1/signers/:key': 'signer-owner',
  'GET /v1/refusals': 'operator',
  'GET /v1/webhooks': 'key',
  'POST /v1/webhooks': 'key',
  'GET /v1/webhooks/:id': 'webhook-owner',
  'PATCH /v1/webhooks/:id': 'webhook-owner',
  'DELETE /v1/webhooks/:id': 'webhook-owner',
  'POST /v1/webhooks/:id/rotate': 'webhook-owner',
  'POST /v1/webhooks/:id/test': 'webhook-owner',
  'GET /v1/webhooks/:id/deliveries': 'webhook-owner',
  'POST /v1/webhooks/:id/deliveries/:delivery/redeliver': 'webhook-owner',
  'GET /v1/coordinator-keys': 'anybody',
  'POST /v1/coordinator-keys': 'operator',
  'GET /v1/devices': 'operator',
  'PATCH /v1/devices/:id': 'operator',
  'GET /v1/devices/:id/record': 'operator',
  'DELETE /v1/devices/:id': 'operator',
  'GET /v1/stats': 'operator',
  'GET /v1/grid': 'anybody',
  'GET /v1/me': 'key',
  'POST /v1/session': 'sign-in',
  'DELETE /v1/session': 'key',
  'OPTIONS /v1/*': 'anybody',
  'GET /healthz': 'anybody',
  'GET /readyz': 'anybody',
  // From this machine; from elsewhere an operator (HE2).
  'GET /metrics': 'anybody',
  'GET /errors/:code': 'anybody',
};

/** What a caller brings. */
export type Caller =
  | 'none'
  | 'volunteer'
  | 'owner'
  | 'other'
  | 'operator'
  | 'revoked'
  | 'expired'
  | 'operator-cookie'
  | 'operator-cookie-without-origin'
  | 'operator-cookie-of-another-site'
  | 'other-cookie';

export const CALLERS: readonly Caller[] = [
  'none',
  'volunteer',
  'owner',
  'other',
  'operator',
  'revoked',
  'expired',
  'operator-cookie',
  'operator-cookie-without-origin',
  'operator-cookie-of-another-site',
  'other-cookie',
];

const NOT_OPERATORS: readonly Caller[] = ['owner', 'other', 'other-cookie'];
const NOT_OWNERS: readonly Caller[] = ['other', 'other-cookie'];

/** The code of the refusal, or `yes`. */
export const verdictOn = (who: Who, caller: Caller, method: string): string => {
  if (who === 'anybody') return 'yes';
  if (who === 'permitted') return 'upload-unknown';
  if (who === 'sign-in') return caller === 'operator-cookie-of-another-site' ? 'origin-forbidden' : 'yes';
  if (caller === 'none') return 'key-missing';
  // A volunteer's device has no rights over HTTP: its names are no keys.
  if (caller === 'volunteer' || caller === 'revoked' || caller === 'expired') return 'key-wrong';
  const isUnsafe = method !== 'GET' && method !== 'HEAD';
  if (isUnsafe && (caller === 'operator-cookie-without-origin' || caller === 'operator-cookie-of-another-site')) {
    return 'origin-forbidden';
  }
  if (who === 'operator' && NOT_OPERATORS.includes(caller)) return 'role-forbidden';
  if (who === 'signer-owner' && NOT_OWNERS.includes(caller)) return 'signer-unknown';
  if (who === 'webhook-owner' && NOT_OWNERS.includes(caller)) return 'webhook-unknown';
  if (who === 'batch-owner' && NOT_OWNERS.includes(caller)) return 'batch-unknown';
  if (who === 'program-owner' && NOT_OWNERS.includes(caller)) return 'program-unknown';
  return who === 'owner' && NOT_OWNERS.includes(caller) ? 'job-unknown' : 'yes';
};
