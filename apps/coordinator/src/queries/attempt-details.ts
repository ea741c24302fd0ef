import { decodeFacts } from '@gossamer/core';
import type { AttemptDetail } from '@gossamer/protocol';
import type { LogStore, ReadModel } from '@gossamer/store';
import { failureView } from './failure-view.ts';
import { segmentsOf } from './places.ts';
import type { Projector } from './projector.ts';
import { resultSize } from './result-size.ts';

/** Facts of one unit that are looked at, at the most. */
const HISTORY = 1000;

type Outcome = Pick<AttemptDetail, 'at' | 'runMs' | 'size' | 'error' | 'failure'>;

export const NO_OUTCOME: Outcome = { at: null, runMs: null, size: null, error: null, failure: null };

export const attemptName = (epoch: number, lease: number, offset: number): string => `${epoch}.${lease}.${offset}`;

/** What the log says of attempts. */
export class AttemptDetails {
  readonly #log: LogStore;
  readonly #reads: ReadModel;
  readonly #projector: Projector;

  constructor(log: LogStore, reads: ReadModel, projector: Projector) {
    this.#log = log;
    this.#reads = reads;
    this.#projector = projector;
  }

  /**
   * The outcomes of a unit's attempts, by their names; `upto`: the job's last fact on disk. `inSources` tells where the
   * places of a stack lie in the program's sources.
   */
  async of(
    job: number,
    upto: number,
    unit: number,
    inSources: (stack: string) => string,
  ): Promise<Map<string, Outcome>> {
    await this.#projector.catchUp(job, upto);
    const rows = await this.#reads.unitFacts(job, unit, HISTORY);
    const outcomes = new Map<string, Outcome>();
    for (const { fact: number, seq } of rows) {
      // One after the other: a segment can be far larger than what is wanted of it.
      const segment = (await segmentsOf(this.#log, job, [seq])).get(seq)!;
      const fact = decodeFacts(segment.body)[number - segment.seq]!;
      if (fact.kind !== 'returned' && fact.kind !== 'errored') continue;
      for (const item of fact.items) {
        if (item.unit !== unit) continue;
        const outcome: Outcome = { ...NO_OUTCOME, at: fact.at, runMs: item.runMs };
        if ('body' in item) outcome.size = resultSize(item);
        else {
          outcome.failure = failureView(item.text, inSources);
          outcome.error = outcome.failure.message;
        }
        outcomes.set(attemptName(fact.epoch, fact.lease, item.offset), outcome);
      }
    }
    return outcomes;
  }
}
