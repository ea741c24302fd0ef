import type { ResultBlob, ResultPermit, ResultReceipt } from '@gossamer/protocol';
import * as schemas from '../../shared/schemas.ts';

/** A large result did not get to the coordinator. */
export class SendError extends Error {
  override readonly name = 'SendError';
  /** The code of the problem that it was answered with; null where there was no such answer. */
  readonly code: string | null;

  constructor(code: string | null, message: string) {
    super(message);
    this.code = code;
  }
}

/** Sends the bytes that a permit is for; resolves when the coordinator has them on disk. Throws SendError, or as `signal` says. */
export const sendResult = async (
  { sha256 }: ResultBlob,
  body: Uint8Array<ArrayBuffer>,
  { permit }: ResultPermit,
  signal: AbortSignal,
): Promise<ResultReceipt> => {
  const response = await fetch(`/v1/results/${sha256}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${permit}`, 'content-type': 'application/octet-stream' },
    // By reference: as bytes all of it would pass from the renderer in one message.
    body: new Blob([body]),
    credentials: 'omit',
    signal,
  });
  const answer: unknown = await response.json().catch(() => null);
  const receipt = schemas.ResultReceipt.safeParse(answer);
  if (response.ok && receipt.success) return receipt.data;
  const problem = schemas.Problem.safeParse(answer);
  if (problem.success) throw new SendError(problem.data.code, problem.data.detail ?? problem.data.title);
  throw new SendError(null, `the coordinator answered ${response.status}`);
};
