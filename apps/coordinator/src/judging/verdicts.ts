import type { Answer, Job, JudgementRequest } from '@gossamer/core';
import { withinTolerance } from '@gossamer/core';
import type { Judge, JudgeValue } from '@gossamer/judge';
import { JudgeError } from '@gossamer/judge';
import { contentEncoding, isInBlob, type ResultEncoding } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import type { Queries } from '../queries/queries.ts';
import type { ProgramTexts } from '../runtime/program-texts.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Sources } from '../sources/sources.ts';
import { presentInputs } from '../upkeep/present-inputs.ts';
import { CHECKED_INPUT_BYTES, inputBytes } from './unit-input.ts';

/** So often the judge's own breakdown, or too little time, is put down to the machine; then it is the program's. */
const EXCUSES = { crashed: 2, time: 1 } as const;

const said = (yes: boolean): Answer => (yes ? 'yes' : 'no');

/** A result as it was returned; of a large one its name. */
interface Returned {
  encoding: ResultEncoding;
  body: Uint8Array;
}

const sameBytes = (a: Returned, b: Returned): boolean =>
  a.encoding === b.encoding && Buffer.compare(a.body, b.body) === 0;

/** Who judges by more than bytes reads results: jobs that may have large ones are refused that. Throws JudgeError. */
const readable = ({ encoding, body }: Returned): JudgeValue => {
  if (isInBlob(encoding)) throw new JudgeError('memory', 'a large result is more than a judge reads');
  return { encoding: contentEncoding(encoding), body };
};

interface Parts {
  runtime: Runtime;
  queries: Queries;
  sources: Sources;
  blobs: BlobStore;
  texts: ProgramTexts;
  judge: Judge;
}

/** Thinks about the core's questions. Results are read from the log, as the core keeps none. */
export class Verdicts {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** null when the job is gone. Rejects where something cannot be read now; `tries` tells how often that was so. */
  async answer(request: JudgementRequest, tries: number): Promise<Answer | null> {
    const job = this.#parts.runtime.scheduler.jobs.get(request.job);
    if (job === undefined) return null;
    try {
      return request.kind === 'same' ? await this.#same(job, request) : await this.#check(job, request);
    } catch (error) {
      if (!(error instanceof JudgeError)) throw error;
      const { reason } = error;
      if ((reason === 'crashed' || reason === 'time') && tries < EXCUSES[reason]) throw error;
      return { failed: error.message };
    }
  }

  close(): Promise<void> {
    return this.#parts.judge.close();
  }

  async #same(job: Job, request: JudgementRequest & { kind: 'same' }): Promise<Answer> {
    const [a, b] = await this.#results(job, request.unit, [request.reference, request.candidate]);
    if (a === undefined || b === undefined) return { failed: 'its results are not in the log' };
    const { comparison, full } = job.spec;
    switch (comparison.kind) {
      case 'bytes':
        return said(sameBytes(a, b));
      case 'tolerance':
        return said(withinTolerance(readable(a), readable(b), comparison));
      case 'program':
        return said(await this.#parts.judge.equals(await this.#parts.texts.of(full.program), readable(a), readable(b)));
    }
  }

  async #check(job: Job, { unit, candidate }: JudgementRequest): Promise<Answer> {
    const { sources, blobs, judge } = this.#parts;
    const { full } = job.spec;
    const [result] = await this.#results(job, unit, [candidate]);
    if (result === undefined) return { failed: 'its result is not in the log' };
    const [made] = await presentInputs(sources, blobs, job, [unit]);
    const input = await inputBytes(blobs, made!);
    if (input === null) return { failed: `its input has more than ${CHECKED_INPUT_BYTES} bytes` };
    return said(await judge.check(await this.#parts.texts.of(full.program), input, readable(result), full.params));
  }

  async #results(job: Job, unit: number, ordinals: readonly number[]): Promise<(Returned | undefined)[]> {
    const { runtime, queries } = this.#parts;
    return queries.attemptBodies(job.number, runtime.factOf(job.number), unit, ordinals);
  }
}
