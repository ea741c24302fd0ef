import { Judge, JudgeError } from '@gossamer/judge';
import type { JobSpec, KeyId } from '@gossamer/protocol';
import { LIMITS, ProblemError, utf8 } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import type { ProgramTexts } from '../runtime/program-texts.ts';
import type { MakeInputs } from './split-source.ts';

/** What one call of `split` may use; its text of inputs becomes a blob. */
const SPLIT = { timeMs: 10_000, memoryBytes: 256 * 2 ** 20, outputBytes: 32 * 2 ** 20 };
/** What a page of inputs may use: devices wait for it. */
const PAGE = { timeMs: 2000, memoryBytes: 64 * 2 ** 20, outputBytes: 4 * 2 ** 20 };

type Split = Pick<JobSpec, 'program' | 'params'>;

/** The program had no answer, or the judge broke down under it. */
const asProblem = (error: unknown): unknown => {
  if (!(error instanceof JudgeError)) return error;
  if (error.reason === 'crashed') return new ProblemError('unavailable', `split was not asked: ${error.message}`);
  return new ProblemError('source-invalid', `the program's split failed: ${error.message}`);
};

/** Has programs split their own jobs, within limits, away from the event loop. */
export class Splits {
  readonly #blobs: BlobStore;
  readonly #texts: ProgramTexts;
  readonly #splitter: Judge;
  readonly #pages = new Judge({ limits: PAGE });
  /** By submitter, the last one that it asked for: each has one at a time, so that many of one delay no other. */
  readonly #turns = new Map<KeyId, Promise<unknown>>();

  /** `timeMs`: of one call of `split`. */
  constructor(blobs: BlobStore, texts: ProgramTexts, timeMs = SPLIT.timeMs) {
    this.#blobs = blobs;
    this.#texts = texts;
    this.#splitter = new Judge({ limits: { ...SPLIT, timeMs } });
  }

  /**
   * Asks the program once how its job is split, and writes into the spec what came of it. Other jobs stay as they are.
   * Throws ProblemError `source-invalid`, `source-too-large` or `unavailable`.
   */
  async made(caller: KeyId, spec: JobSpec): Promise<JobSpec> {
    if (spec.source.kind !== 'split') return spec;
    const before = this.#turns.get(caller) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(() => this.#split(spec));
    this.#turns.set(caller, turn);
    try {
      return { ...spec, source: { kind: 'split', made: await turn } };
    } finally {
      if (this.#turns.get(caller) === turn) this.#turns.delete(caller);
    }
  }

  /** How the units' inputs of such a job are made when they are asked for. */
  maker({ program, params }: Split): MakeInputs {
    return async (indices) => {
      try {
        return await this.#pages.splitAt(await this.#texts.of(program), params, indices);
      } catch (error) {
        throw asProblem(error);
      }
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.#splitter.close(), this.#pages.close()]);
  }

  async #split({ program, params }: Split) {
    try {
      const split = await this.#splitter.split(await this.#texts.of(program), params);
      if (split.kind === 'values') return { blob: await this.#blobs.add(utf8(split.lines)) };
      if (split.length > LIMITS.units) throw new ProblemError('source-too-large', `${split.length} units`);
      return { length: split.length };
    } catch (error) {
      throw asProblem(error);
    }
  }
}
