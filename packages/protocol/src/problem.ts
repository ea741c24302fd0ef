import { z } from 'zod';
import { QuotaExcess } from './rest/quota.ts';

/** An entry of the registry: one code, one HTTP status, one title, one page `docs/errors/CODE.md`. */
interface ProblemKind {
  status: number;
  title: string;
}

/** Every error that a user of any interface can meet. The page of each is `docs/errors/<code>.md`. */
export const PROBLEMS = {
  'request-invalid': { status: 400, title: 'The request does not fit its schema' },
  'body-malformed': { status: 400, title: 'The body is no valid JSON' },
  'body-too-large': { status: 413, title: 'The body is larger than allowed' },
  'media-type-unsupported': { status: 415, title: 'The media type is not one that this route takes' },
  'key-missing': { status: 401, title: 'An API key is needed' },
  'key-wrong': { status: 401, title: 'The API key is not known, was revoked, or has expired' },
  'role-forbidden': { status: 403, title: 'This key may not do that' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  'route-unknown': { status: 404, title: 'There is no such route' },
  'job-unknown': { status: 404, title: 'There is no such job' },
  'job-cancelled': { status: 409, title: 'The job was cancelled' },
  'job-completed': { status: 409, title: 'The job is complete' },
  'job-open': { status: 409, title: 'The job has not ended' },
  'job-deleted': { status: 410, title: 'The job was deleted' },
  'batch-unknown': { status: 404, title: 'There is no such batch' },
  'unit-unknown': { status: 404, title: 'There is no such work unit' },
  'result-pending': { status: 404, title: 'The work unit has no final result yet' },
  'answer-none': { status: 404, title: 'The job’s program has no reduce' },
  'reduce-failed': { status: 409, title: 'The results could not be folded' },
  'device-unknown': { status: 404, title: 'There is no such device' },
  'key-unknown': { status: 404, title: 'There is no such API key' },
  'quota-exceeded': { status: 409, title: 'A quota of this key is used up' },
  'blob-unknown': { status: 404, title: 'There is no such blob' },
  'blob-mismatch': { status: 422, title: 'The content does not match its name' },
  'upload-unknown': { status: 404, title: 'There is no such upload' },
  'upload-offset': { status: 409, title: 'The upload has come to another byte' },
  'upload-protocol': { status: 412, title: 'The upload speaks another version of tus' },
  'range-unsatisfiable': { status: 416, title: 'The range lies outside of the blob' },
  'program-unknown': { status: 404, title: 'There is no such program' },
  'program-invalid': { status: 422, title: 'The program does not compile' },
  'program-imports': { status: 422, title: 'The program is not self-contained' },
  'program-exports': { status: 422, title: 'The program does not export a function that it needs' },
  'signature-wrong': { status: 422, title: 'The signature does not hold' },
  'signature-missing': { status: 403, title: 'This grid takes signed programs only' },
  'signer-unknown': { status: 404, title: 'There is no such signer' },
  'signer-known': { status: 409, title: 'This key is registered already' },
  'signer-revoked': { status: 403, title: 'The signer was revoked' },
  'signer-forbidden': { status: 403, title: 'The operator does not let this signer do that' },
  'webhook-unknown': { status: 404, title: 'There is no such webhook' },
  'webhook-disabled': { status: 409, title: 'The webhook is disabled' },
  'webhook-limit': { status: 409, title: 'There are as many of these as may be' },
  'webhook-target-forbidden': { status: 422, title: 'A webhook may not go to this address' },
  'webhook-target-unresolved': { status: 422, title: 'The name in the address of the webhook leads nowhere' },
  'delivery-unknown': { status: 404, title: 'There is no such delivery' },
  'delivery-pending': { status: 409, title: 'The delivery is under way already' },
  'policy-contradictory': { status: 422, title: 'The policy of the job contradicts itself' },
  'idempotency-key-reused': { status: 422, title: 'This idempotency key was used for another request' },
  'inputs-closed': { status: 409, title: 'The job takes no more inputs' },
  'inputs-misplaced': { status: 409, title: 'These inputs do not follow those that the job has' },
  'source-empty': { status: 422, title: 'The source yields no work units' },
  'source-invalid': { status: 422, title: 'The source cannot be read' },
  'source-too-large': { status: 422, title: 'The source yields more work units than a job may have' },
  'result-too-large': { status: 422, title: 'The results of the job may be larger than this grid takes' },
  'data-too-large': { status: 422, title: 'The shared data is more than a job may have' },
  'data-truncated': { status: 422, title: 'The data file is truncated' },
  'data-header': { status: 422, title: 'The data file has a wrong header' },
  'data-unsupported': { status: 422, title: 'The data file is of a kind that cannot be read' },
  'cursor-invalid': { status: 400, title: 'The cursor is none that was given out' },
  'protocol-mismatch': { status: 426, title: 'The page is of another version' },
  'device-unproved': { status: 401, title: 'The device did not prove its key' },
  'session-unknown': { status: 401, title: 'The session is not signed in' },
  'exchange-malformed': { status: 400, title: 'The exchange frame cannot be read' },
  'attempt-unknown': { status: 404, title: 'The attempt was never issued to this device' },
  'origin-forbidden': { status: 403, title: 'The request comes from another site' },
  'storage-full': { status: 507, title: 'There is no room to store this' },
  unavailable: { status: 503, title: 'The coordinator cannot answer now' },
  internal: { status: 500, title: 'The coordinator made an error' },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;

/** RFC 9457 problem details. `errors` names the fields of a request that do not fit, `quota` tells of `quota-exceeded`. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
  instance: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  quota: QuotaExcess.optional(),
});
export type Problem = z.infer<typeof Problem>;

/** An error of the registry, as a value that can be thrown. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly errors: Problem['errors'];
  readonly quota: QuotaExcess | undefined;

  constructor(code: ProblemCode, detail?: string, errors?: Problem['errors'], quota?: QuotaExcess) {
    super(detail === undefined ? PROBLEMS[code].title : `${PROBLEMS[code].title}: ${detail}`);
    this.code = code;
    this.detail = detail;
    this.errors = errors;
    this.quota = quota;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }

  toProblem(instance?: string): Problem {
    return {
      type: `/errors/${this.code}`,
      title: PROBLEMS[this.code].title,
      status: this.status,
      code: this.code,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
      ...(instance === undefined ? {} : { instance }),
      ...(this.errors === undefined ? {} : { errors: this.errors }),
      ...(this.quota === undefined ? {} : { quota: this.quota }),
    };
  }
}
