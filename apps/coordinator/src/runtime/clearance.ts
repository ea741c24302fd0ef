import type { JobSpec, ProblemCode } from '@gossamer/protocol';
import type { Unvetted } from '../config.ts';
import type { GridState } from './grid-state.ts';

/** A core `Clearance` that says as well with which code a new job is refused. */
export type Ruling =
  | { kind: 'public' }
  | { kind: 'playground' }
  | { kind: 'barred'; reason: string; code: ProblemCode };

const barred = (code: ProblemCode, reason: string): Ruling => ({ kind: 'barred', reason, code });

const unvetted = (setting: Unvetted, code: ProblemCode, reason: string): Ruling =>
  setting === 'refuse' ? barred(code, reason) : { kind: setting };

/** Where a job's program may run, by its signer's policy as it is now. */
export const clearanceOf = ({ signature }: JobSpec, { signers }: GridState, setting: Unvetted): Ruling => {
  if (signature === null) return unvetted(setting, 'signature-missing', 'this grid runs signed programs only');
  const signer = signers.get(signature.signer);
  if (signer === undefined) return barred('signer-unknown', 'its signer is not known');
  if (signer.revokedAt !== null) return barred('signer-revoked', `its signer “${signer.name}” was revoked`);
  const { policy } = signer;
  if (policy === null) {
    return unvetted(setting, 'signer-forbidden', `the operator has granted its signer “${signer.name}” nothing yet`);
  }
  const { kind, limits } = signature.manifest;
  const may = (what: string): Ruling =>
    barred('signer-forbidden', `the operator lets its signer “${signer.name}” ${what}`);
  if (!policy.lanes.includes(kind)) {
    return may(policy.lanes.length === 0 ? 'run nothing' : `run ${policy.lanes.join(' and ')} only, and not ${kind}`);
  }
  if (limits.deadlineMs > policy.limits.deadlineMs) {
    return may(`have deadlines of ${policy.limits.deadlineMs} ms; the manifest says ${limits.deadlineMs}`);
  }
  if (limits.resultBytes > policy.limits.resultBytes) {
    return may(`have results of ${policy.limits.resultBytes} bytes; the manifest says ${limits.resultBytes}`);
  }
  return { kind: policy.tier };
};
