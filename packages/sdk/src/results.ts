import { type GossamerError, JobFailedError, type UnitFailure } from './error.ts';
import { errorOf } from './error-kinds.ts';
import { Failures } from './failures.ts';
import { inOrder } from './in-order.ts';
import { type ResultLine, resultStream } from './result-stream.ts';
import { type JobId, type TypedArray, typedArrayOf } from '@gossamer/protocol';
import type { Transport } from './transport.ts';

/** The final result of one unit. */
export interface UnitOutput<In, Out> {
  unit: number;
  /** Where the client knows it: ranges and arrays, on the job that `map` gave. */
  input?: In;
  /** JSON, the typed array that the program returned, or a Uint8Array for other bytes. */
  output: Out;
  /** To go on after this result later: `results({ after })`. */
  cursor: string;
}

export interface ResultsOptions {
  /** A cursor of an earlier result: only what became final after it. */
  after?: string;
  /** Wait for more until the job is over (default), or give only what is final now. */
  follow?: boolean;
  /** By the units' indices; results that come early are kept in memory. Default: as they become final. */
  ordered?: boolean;
  /**
   * What becomes of units that failed. `throw` (default): every result is given, then JobFailedError is thrown, so that
   * nothing is lost and nothing overlooked. `yield`: they are entries with `error`. `skip`: they are left out.
   */
  failures?: 'throw' | 'yield' | 'skip';
  signal?: AbortSignal;
}

/**
 * Outputs of a job as they become final. Throws, always after the last one: JobFailedError (see `failures`), or
 * `job-cancelled`, so that an incomplete set is never taken for a complete one.
 */
export async function* results<In, Out>(
  transport: Transport,
  job: JobId,
  echo: (unit: number) => In | undefined,
  { after, follow = true, ordered = false, failures = 'throw', signal }: ResultsOptions,
): AsyncGenerator<UnitOutput<In, Out> | UnitFailure<In>> {
  const stream = resultStream(transport, job, { after, follow, signal });
  const entries = ordered ? inOrder(stream) : stream;
  const failed = new Failures<In>();
  try {
    for (;;) {
      const step = await entries.next();
      if (step.done === true) {
        if (step.value.state === 'cancelled') throw cancelled(step.value.reason);
        if (failed.count > 0 && failures === 'throw') throw new JobFailedError(failed.first, failed.count);
        return;
      }
      for (const line of step.value) {
        const entry = entryOf<In, Out>(line, echo);
        if (!('error' in entry)) {
          failed.succeeded(entry.unit);
          yield entry;
          continue;
        }
        failed.add(entry);
        if (failures === 'yield') yield entry;
      }
    }
  } finally {
    await entries.return(undefined as never);
  }
}

const entryOf = <In, Out>(
  { unit, cursor, output, bytes, type, error }: ResultLine,
  echo: (unit: number) => In | undefined,
): UnitOutput<In, Out> | UnitFailure<In> => {
  const known = echo(unit);
  const head = known === undefined ? { unit } : { unit, input: known };
  if (error !== undefined) return { ...head, error, cursor };
  return { ...head, output: (bytes === undefined ? output : arrayOf(fromBase64(bytes), type)) as Out, cursor };
};

/** Bytes, or the typed array that the program returned. */
const arrayOf = (bytes: Uint8Array, type: ResultLine['type']): Uint8Array | TypedArray =>
  type === undefined ? bytes : typedArrayOf(type, bytes);

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

const cancelled = (reason: string | null): GossamerError =>
  errorOf('job-cancelled', reason === null || reason === '' ? 'the job was cancelled' : `cancelled: ${reason}`);
