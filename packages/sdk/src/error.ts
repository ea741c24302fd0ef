import type { Problem, ProblemCode, QuotaExcess } from '@gossamer/protocol';

/** What can go wrong on this side of the wire, beside the coordinator's registry. */
export type ClientCode =
  /** No connection, or it broke, for longer than the client's patience. */
  | 'unreachable'
  /** Something answered that is no coordinator, or one of another version. */
  | 'answer-unreadable'
  /** The SDK was called in a way that cannot work. */
  | 'usage'
  /** A request that calls itself a webhook's was not signed with its secret, or not now. */
  | 'webhook-forged'
  /** The job is over, and some of its units failed. */
  | 'job-failed';

export interface Details {
  status?: number;
  errors?: Problem['errors'];
  quota?: QuotaExcess | undefined;
  cause?: unknown;
  /** How long the coordinator asks to wait, ms. */
  retryAfterMs?: number;
}

/** Every error of this SDK: `code` is the registry’s (`docs/errors/CODE.md`) or one of this side’s; its class groups codes. */
export class GossamerError extends Error {
  override readonly name: string = 'GossamerError';
  readonly code: ProblemCode | ClientCode;
  /** HTTP status, where the coordinator answered. */
  readonly status: number | undefined;
  /** The fields or places that do not fit. */
  readonly errors: Problem['errors'];
  /** Of `quota-exceeded`: which quota, its limit, what is used of it, and what was asked for. */
  readonly quota: QuotaExcess | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ProblemCode | ClientCode, message: string, details: Details = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.errors = details.errors;
    this.quota = details.quota;
    this.retryAfterMs = details.retryAfterMs;
  }

  /** Whether the same call may succeed a little later. */
  get transient(): boolean {
    return this.code === 'unreachable' || [429, 502, 503, 504].includes(this.status ?? 0);
  }
}

/** A unit whose program failed too often: no result will come. */
export interface UnitFailure<In = unknown> {
  unit: number;
  /** Where the client knows it. */
  input?: In;
  error: string;
  cursor: string;
}

/** Thrown after the last result of a job with failed units. */
export class JobFailedError extends GossamerError {
  override readonly name = 'JobFailedError';
  /** The first ones, at most `JobFailedError.KEPT`. */
  readonly failures: readonly UnitFailure[];
  /** How many failed. */
  readonly count: number;

  static readonly KEPT = 100;

  constructor(failures: readonly UnitFailure[], count: number) {
    const [first] = failures;
    const units = count === 1 ? 'a unit' : `${count} units`;
    super('job-failed', `${units} of the job failed; unit ${first?.unit}: ${first?.error}`);
    this.failures = failures;
    this.count = count;
  }
}
