import type { AttemptRow, Job } from '@gossamer/core';
import { jobAttempts, unitRow } from '@gossamer/core';
import type { AttemptDetail, AttemptsQuery, Page } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import type { AttemptDetails } from '../queries/attempt-details.ts';
import { attemptName, NO_OUTCOME } from '../queries/attempt-details.ts';
import type { GridState } from '../runtime/grid-state.ts';
import { unitsThere } from '../service/units-there.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { SourceMaps } from '../runtime/source-maps.ts';
import { numberCursor } from '../service/pages.ts';

/** The attempts of jobs, each with what came of it. */
export class Attempts {
  readonly #runtime: Runtime;
  readonly #grid: GridState;
  readonly #details: AttemptDetails;
  readonly #sourceMaps: SourceMaps;

  constructor(runtime: Runtime, grid: GridState, details: AttemptDetails, sourceMaps: SourceMaps) {
    this.#sourceMaps = sourceMaps;
    this.#runtime = runtime;
    this.#grid = grid;
    this.#details = details;
  }

  /** Those of one unit, oldest first; those that are out now come last. Throws ProblemError `unit-unknown`. */
  async ofUnit(job: Job, unit: number): Promise<AttemptDetail[]> {
    if (unit >= job.total) {
      throw new ProblemError('unit-unknown', unitsThere(job));
    }
    await this.#runtime.settled();
    const { attempts } = unitRow(this.#runtime.scheduler, job, unit);
    const inSources = await this.#sourceMaps.reader(job.spec.full.sourceMap);
    const outcomes = await this.#details.of(job.number, this.#runtime.factOf(job.number), unit, inSources);
    return attempts.map((attempt) => this.#view(unit, attempt, outcomes));
  }

  /** Those of a job that came back, in the order of their coming. Throws ProblemError `cursor-invalid`. */
  async ofJob(job: Job, { after, limit, outcome }: AttemptsQuery): Promise<Page<AttemptDetail>> {
    const from = numberCursor(after) ?? 0;
    await this.#runtime.settled();
    const { items, next } = jobAttempts(job, from, limit, outcome);
    const upto = this.#runtime.factOf(job.number);
    const byUnit = new Map<number, Awaited<ReturnType<AttemptDetails['of']>>>();
    const inSources = await this.#sourceMaps.reader(job.spec.full.sourceMap);
    const views: AttemptDetail[] = [];
    for (const { unit, ...attempt } of items) {
      const outcomes = byUnit.get(unit) ?? (await this.#details.of(job.number, upto, unit, inSources));
      byUnit.set(unit, outcomes);
      views.push(this.#view(unit, attempt, outcomes));
    }
    return { items: views, next: next === null ? null : String(next) };
  }

  #view(
    unit: number,
    { epoch, lease, offset, device, state }: AttemptRow,
    outcomes: ReadonlyMap<string, Partial<AttemptDetail>>,
  ): AttemptDetail {
    const id = attemptName(epoch, lease, offset);
    const known = this.#grid.devices.get(device)?.id ?? null;
    return { id, unit, device: known, state, ...NO_OUTCOME, ...outcomes.get(id) };
  }
}
