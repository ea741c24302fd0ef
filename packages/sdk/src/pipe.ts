import { JobFailedError, type UnitFailure } from './error.ts';
import { errorOf } from './error-kinds.ts';
import { Failures } from './failures.ts';
import type { Feeder } from './feeder.ts';
import type { Job } from './job.ts';
import type { MapOptions } from './map-options.ts';
import type { LargeOutput, ResultsOptions, UnitOutput } from './results.ts';

/** Of a job whose inputs come while it runs. */
export interface OpenOptions<Params = unknown> extends MapOptions<Params> {
  /** Whether there are bytes (ArrayBuffer, typed arrays) among the inputs. Default: JSON alone; of a pipe, what its first input is. */
  binary?: boolean;
}

/** Of `grid.pipe`; see ResultsOptions for `ordered` and `failures`. */
export interface PipeOptions<Params = unknown>
  extends OpenOptions<Params>, Pick<ResultsOptions, 'ordered' | 'failures'> {
  /** Inputs that may be under way, at the most: read, and their results not yet taken. Default: 65,536, and 64 MiB of them. */
  window?: number;
  /** Whoever leaves early leaves the inputs open, as to cancel the job; closed unless told so. */
  leaveOpen?: boolean;
}

/** Whatever yields values. */
export type PipeInputs<In> = Iterable<In> | AsyncIterable<In>;

/** With `failures: 'yield'`: results, and units that failed. */
export type PipeEntry<In, Out> = UnitOutput<In, Out> | UnitFailure<In>;

/** What a pipe is made of. */
export interface PipeParts<In, Out> {
  job: Job<In, Out>;
  feeder: Feeder<In>;
  inputs: AsyncIterator<In> | Iterator<In>;
  /** Ends the feeder. */
  stop: AbortController;
}

/**
 * Inputs stream in, results stream out: iterate over it, once. As many inputs are read as there is room for (`window`), which
 * their results make when they are taken. Whoever leaves early closes the inputs: what came is computed, unless the job is
 * cancelled.
 */
export class Pipe<In, Out, Entry = UnitOutput<In, Out>> implements AsyncIterable<Entry> {
  readonly job: Job<In, Out>;
  readonly #parts: PipeParts<In, Out>;
  readonly #options: PipeOptions;
  #isTaken = false;

  constructor(parts: PipeParts<In, Out>, options: PipeOptions) {
    this.job = parts.job;
    this.#parts = parts;
    this.#options = options;
  }

  /**
   * Results, each with its input. Throws, after the last one: what the inputs threw, JobFailedError (see `failures`), or
   * `job-cancelled`.
   */
  [Symbol.asyncIterator](): AsyncGenerator<Entry> {
    return this.#entries((options) => this.job.results({ ...options, failures: 'yield' })) as AsyncGenerator<Entry>;
  }

  /** The same, with results of over 1 MiB as handles, of which nothing is read before it is asked for. */
  handles(): AsyncGenerator<UnitOutput<In, Out> | LargeOutput<In, Out> | UnitFailure<In>> {
    return this.#entries((options) => this.job.results({ ...options, failures: 'yield', large: 'handle' }));
  }

  async *#entries<Given extends { unit: number } | UnitFailure<In>>(
    resultsOf: (options: { ordered: boolean; signal: AbortSignal }) => AsyncGenerator<Given>,
  ): AsyncGenerator<Given> {
    if (this.#isTaken) throw errorOf('usage', 'the results of a pipe are taken once: its inputs are read for them');
    this.#isTaken = true;
    const { feeder, inputs, stop } = this.#parts;
    const { ordered = false, failures = 'throw', leaveOpen = false } = this.#options;
    const failed = new Failures<In>();
    const end = new AbortController();
    stop.signal.addEventListener('abort', () => end.abort(stop.signal.reason), { once: true });
    if (stop.signal.aborted) end.abort(stop.signal.reason);
    // Looked at in the end, as results come until then; where there can be none, at once.
    const fed = feeder.feed(inputs).then((what) => {
      if (!what.isClosed && what.failure !== null) end.abort(what.failure.error);
      return what;
    });
    let isWhole = false;
    try {
      for await (const entry of resultsOf({ ordered, signal: end.signal })) {
        if ('error' in entry) failed.add(entry);
        else failed.succeeded(entry.unit);
        if (!('error' in entry) || failures === 'yield') yield entry;
        feeder.taken(entry.unit);
      }
      isWhole = true;
      const { failure } = await fed;
      if (failure !== null) throw failure.error;
      if (failed.count > 0 && failures === 'throw') throw new JobFailedError(failed.first, failed.count);
    } finally {
      stop.abort();
      // It may be waiting for an input: nobody waits for it.
      void Promise.resolve(inputs.return?.()).catch(() => undefined);
      if (!isWhole && !leaveOpen) await feeder.leave();
    }
  }
}
