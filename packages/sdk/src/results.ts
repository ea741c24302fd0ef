import { GossamerError, JobFailedError, type UnitFailure } from './error.ts';
import { errorOf } from './error-kinds.ts';
import { Failures } from './failures.ts';
import { inOrder } from './in-order.ts';
import { LargeResult } from './large-result.ts';
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

/** With `large: 'handle'`: the result of one unit that has more than 1 MiB, to be read when it is wanted. */
export interface LargeOutput<In, Out> {
  unit: number;
  input?: In;
  large: LargeResult<Out>;
  cursor: string;
}

/** What was told of a unit as provisional does not stand: it comes again, provisional or final. */
export interface Revocation<In> {
  kind: 'revoked';
  unit: number;
  input?: In;
  cursor: string;
}

/**
 * With `provisional: true`: a result that is final, one that stands on the word of one device for now, or that such a one
 * was revoked.
 */
export type ChangingOutput<In, Out> =
  | (UnitOutput<In, Out> & { kind: 'final' })
  | (UnitOutput<In, Out> & { kind: 'provisional' })
  | Revocation<In>;

/** A unit that failed, where provisional results are told, too. */
export type ChangingFailure<In> = UnitFailure<In> & { kind: 'final' };

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
  /** Final results only (default), or with `true` also provisional ones, and that they were revoked; not with `ordered`. */
  provisional?: boolean;
  /**
   * What becomes of results of over 1 MiB. `read` (default): each is read whole when its turn comes, and is an `output` like
   * others. `handle`: it is an entry with `large`, of which nothing is read before it is asked for.
   */
  large?: 'read' | 'handle';
  signal?: AbortSignal;
}

type Kind = { kind: 'final' | 'provisional' };
type Large<In, Out> = LargeOutput<In, Out> | (LargeOutput<In, Out> & Kind);
type Small<In, Out> = UnitOutput<In, Out> | UnitFailure<In> | ChangingOutput<In, Out> | ChangingFailure<In>;
type Entry<In, Out> = Small<In, Out> | Large<In, Out>;

/**
 * Outputs of a job as they become final. Throws, always after the last one: JobFailedError (see `failures`), or
 * `job-cancelled`, so that an incomplete set is never taken for a complete one.
 */
export async function* results<In, Out>(
  transport: Transport,
  job: JobId,
  echo: (unit: number) => In | undefined,
  options: ResultsOptions,
): AsyncGenerator<Entry<In, Out>> {
  const {
    after,
    follow = true,
    ordered = false,
    failures = 'throw',
    provisional = false,
    large = 'read',
    signal,
  } = options;
  if (ordered && provisional) {
    throw errorOf('usage', 'provisional results come in the order in which they happen: leave out `ordered`');
  }
  const stream = resultStream(transport, job, { after, follow, provisional, signal });
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
        const entry = entryOf<In, Out>(transport, line, echo);
        if (!('error' in entry)) {
          // What is provisional says nothing yet of a failure.
          if (!('kind' in entry) || entry.kind === 'final') failed.succeeded(entry.unit);
          const given = 'large' in entry && large === 'read' ? await readWhole(entry, signal) : entry;
          if (given !== null) yield given;
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

/** Null for what stood for a while and is gone by now: that it was revoked comes next. */
const readWhole = async <In, Out>(
  { large, ...head }: Large<In, Out>,
  signal: AbortSignal | undefined,
): Promise<Small<In, Out> | null> => {
  try {
    return { ...head, output: await large.value(signal === undefined ? {} : { signal }) };
  } catch (error) {
    const isGone = error instanceof GossamerError && error.code === 'blob-unknown';
    if (isGone && 'kind' in head && head.kind === 'provisional') return null;
    throw error;
  }
};

const entryOf = <In, Out>(
  transport: Transport,
  { unit, cursor, output, bytes, blob, type, error, kind }: ResultLine,
  echo: (unit: number) => In | undefined,
): Entry<In, Out> => {
  const known = echo(unit);
  const head = known === undefined ? { unit } : { unit, input: known };
  if (kind === 'revoked') return { ...head, kind, cursor };
  const tag = kind === undefined ? {} : { kind };
  if (error !== undefined) return { ...head, error, cursor, ...tag };
  if (blob !== undefined) return { ...head, large: new LargeResult<Out>(transport, blob, type), cursor, ...tag };
  const value = (bytes === undefined ? output : arrayOf(fromBase64(bytes), type)) as Out;
  return { ...head, output: value, cursor, ...tag };
};

/** Bytes, or the typed array that the program returned. */
const arrayOf = (bytes: Uint8Array, type: ResultLine['type']): Uint8Array | TypedArray =>
  type === undefined ? bytes : typedArrayOf(type, bytes);

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

const cancelled = (reason: string | null): GossamerError =>
  errorOf('job-cancelled', reason === null || reason === '' ? 'the job was cancelled' : `cancelled: ${reason}`);
