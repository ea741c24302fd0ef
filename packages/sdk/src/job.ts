import {
  AnswerView,
  AttemptDetail,
  type AttemptOutcome,
  FactView,
  JobDeleted,
  type JobId,
  type JobPatch,
  type JobRetried,
  JobView,
  type UnitState,
  UnitView,
} from '@gossamer/protocol';
import { z } from 'zod';
import type { UnitFailure } from './error.ts';
import { pages, type Signalled } from './pages.ts';
import { reasonBody } from './reason-body.ts';
import {
  type ChangingFailure,
  type ChangingOutput,
  type LargeOutput,
  type ResultsOptions,
  type UnitOutput,
  results,
} from './results.ts';
import { tolerant, tolerantPage } from './tolerant.ts';
import type { Call, Transport } from './transport.ts';
import { type WatchOptions, watchJob } from './watch.ts';
import { wholeBody } from './whole-body.ts';

/** Without handles of large results: each entry has its output. */
type Whole = ResultsOptions & { large?: 'read' };
type FinalOnly = Whole & { provisional?: false };
type AnyOutput<In, Out> =
  | UnitOutput<In, Out>
  | LargeOutput<In, Out>
  | UnitFailure<In>
  | ChangingOutput<In, Out>
  | (LargeOutput<In, Out> & { kind: 'final' | 'provisional' });

/** What a job's results come to, of which it is known what its program answers. */
export type TypedAnswer<Answer> = Omit<AnswerView, 'answer'> & { answer: Answer | null };

/** A handle on a job; it holds no state of it but its id. */
export class Job<In = unknown, Out = unknown, Answer = AnswerView['answer']> {
  readonly id: JobId;
  readonly #transport: Transport;
  readonly #echo: (unit: number) => In | undefined;

  constructor(transport: Transport, id: JobId, echo: (unit: number) => In | undefined = () => undefined) {
    this.id = id;
    this.#transport = transport;
    this.#echo = echo;
  }

  /** The job as it stands now. */
  view({ signal }: Signalled = {}): Promise<JobView> {
    return this.#view({ signal });
  }

  /** The job at each change until it is over; survives a restart of the coordinator. */
  watch(options: WatchOptions = {}): AsyncGenerator<JobView> {
    return watchJob(this.#transport, this.id, options);
  }

  /** Waits until the job is completed or cancelled. */
  async done(options: Signalled = {}): Promise<JobView> {
    let last: JobView | null = null;
    for await (const view of this.watch(options)) last = view;
    return last ?? this.view(options);
  }

  /**
   * Outputs as they become final; survives a restart of the coordinator. See ResultsOptions for failed units. With
   * `provisional: true` also what stands for now, each with its `kind`, in the order in which it happened. Results of over
   * 1 MiB are read when their turn comes; with `large: 'handle'` they are entries with `large`, which reads them on demand.
   */
  results(
    options: Whole & { provisional: true; failures: 'yield' },
  ): AsyncGenerator<ChangingOutput<In, Out> | ChangingFailure<In>>;
  results(options: Whole & { provisional: true }): AsyncGenerator<ChangingOutput<In, Out>>;
  results(options: FinalOnly & { failures: 'yield' }): AsyncGenerator<UnitOutput<In, Out> | UnitFailure<In>>;
  results(options?: FinalOnly & { failures?: 'throw' | 'skip' }): AsyncGenerator<UnitOutput<In, Out>>;
  results(
    options: ResultsOptions & { large: 'handle'; provisional?: false },
  ): AsyncGenerator<UnitOutput<In, Out> | LargeOutput<In, Out> | UnitFailure<In>>;
  results(options: ResultsOptions & { large: 'handle' }): AsyncGenerator<AnyOutput<In, Out>>;
  results(options: ResultsOptions = {}): AsyncGenerator<unknown> {
    return results<In, Out>(this.#transport, this.id, this.#echo, options);
  }

  /**
   * What its final results come to so far, by its program's `reduce`. Throws `answer-none` where it has none, and
   * `reduce-failed` where that goes wrong.
   */
  async answer({ signal }: Signalled = {}): Promise<TypedAnswer<Answer>> {
    const view = await this.#transport.json(tolerant(AnswerView), { path: `/v1/jobs/${this.id}/answer`, signal });
    return view as TypedAnswer<Answer>;
  }

  /** The answer each time that it changed, until it is final; survives a restart of the coordinator. */
  async *answers({ signal }: Signalled = {}): AsyncGenerator<TypedAnswer<Answer>> {
    const signalled = signal === undefined ? {} : { signal };
    let folded = -1;
    for await (const _ of this.watch(signalled)) {
      const answer = await this.answer(signalled);
      if (answer.isFinal) {
        yield answer;
        return;
      }
      if (answer.folded > folded) yield answer;
      ({ folded } = answer);
    }
    // It is over, and what is left of it is being folded: the coordinator takes its time over an answer then.
    for (;;) {
      const answer = await this.answer(signalled);
      yield answer;
      if (answer.isFinal) return;
    }
  }

  /**
   * All that is final now, as the bytes of a ZIP archive: `job.json`, `results.ndjson`, and a file for each output that is
   * bytes or large. The stream ends with an error where it does not come whole.
   */
  async archive({ signal }: Signalled = {}): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#transport.send({ path: `/v1/jobs/${this.id}/archive`, signal });
    return wholeBody(response, 'the archive', signal);
  }

  /** Gives out nothing new until `release`. */
  hold(reason = '', { signal }: Signalled = {}): Promise<JobView> {
    return this.#view({ method: 'POST', path: '/hold', ...reasonBody(reason), signal });
  }

  release(reason = '', { signal }: Signalled = {}): Promise<JobView> {
    return this.#view({ method: 'POST', path: '/release', ...reasonBody(reason), signal });
  }

  /** No more inputs of a stream come: it is complete when those that came are computed. Once more changes nothing. */
  closeInputs({ signal }: Signalled = {}): Promise<JobView> {
    return this.#view({ method: 'POST', path: '/inputs/close', signal });
  }

  /** Ends it for good: what is final stays. */
  cancel(reason = '', { signal }: Signalled = {}): Promise<JobView> {
    return this.#view({ method: 'POST', path: '/cancel', ...reasonBody(reason), signal });
  }

  /**
   * Opens its failed units again, each with a fresh budget of errors and attempts; a job that was complete runs again.
   * Gives how many those are.
   */
  async retry({ signal }: Signalled = {}): Promise<JobRetried> {
    const call = { method: 'POST', path: `/v1/jobs/${this.id}/retry`, signal } as const;
    return this.#transport.json(z.object({ job: tolerant(JobView), retried: z.int() }), call);
  }

  /** Deletes it for good, with its results and its history; it must have ended. */
  delete({ signal }: Signalled = {}): Promise<JobDeleted> {
    const call = { method: 'DELETE', path: `/v1/jobs/${this.id}`, signal, once: true } as const;
    return this.#transport.json(tolerant(JobDeleted), call);
  }

  /** Changes which replicas count as independent. */
  patch(patch: JobPatch, { signal }: Signalled = {}): Promise<JobView> {
    return this.#view({ method: 'PATCH', json: patch, signal });
  }

  /** Its units by index, page after page as they are taken. */
  units({ state, signal }: { state?: UnitState } & Signalled = {}): AsyncGenerator<UnitView> {
    const query = { state, limit: 1000 };
    return pages(this.#transport, UnitView, { path: `/v1/jobs/${this.id}/units`, query, signal });
  }

  unit(index: number, { signal }: Signalled = {}): Promise<UnitView> {
    return this.#transport.json(tolerant(UnitView), { path: `/v1/jobs/${this.id}/units/${index}`, signal });
  }

  /**
   * Its attempts that came back, in the order of their coming, page after page as they are taken; of one unit with those
   * that are out now.
   */
  async *attempts({
    unit,
    outcome,
    signal,
  }: { unit?: number; outcome?: AttemptOutcome } & Signalled = {}): AsyncGenerator<AttemptDetail> {
    const path = `/v1/jobs/${this.id}${unit === undefined ? '' : `/units/${unit}`}/attempts`;
    // Those of one unit come at once, of all outcomes.
    const query = unit === undefined ? { outcome, limit: 200 } : {};
    for await (const attempt of pages(this.#transport, AttemptDetail, { path, query, signal })) {
      if (outcome === undefined || attempt.state === outcome) yield attempt;
    }
  }

  /** The history of one unit, oldest first. */
  async facts(index: number, { signal }: Signalled = {}): Promise<FactView[]> {
    const path = `/v1/jobs/${this.id}/units/${index}/facts`;
    return (await this.#transport.json(tolerantPage(FactView), { path, signal })).items;
  }

  /** A stretch of its history: facts with numbers above `after`, oldest first, `limit` at the most. */
  async history({ after = 0, limit = 200, signal }: { after?: number; limit?: number } & Signalled = {}): Promise<
    FactView[]
  > {
    const call = { path: `/v1/jobs/${this.id}/facts`, query: { after, limit }, signal };
    return (await this.#transport.json(tolerantPage(FactView), call)).items;
  }

  #view(call: Omit<Call, 'path'> & { path?: string }): Promise<JobView> {
    return this.#transport.json(tolerant(JobView), { ...call, path: `/v1/jobs/${this.id}${call.path ?? ''}` });
  }
}
