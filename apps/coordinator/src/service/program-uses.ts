import type { Job } from '@gossamer/core';
import { isOver } from '@gossamer/core';
import type { KeyId, Page, ProgramView, Sha256 } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import type { Caller, PageRequest } from '../caller.ts';
import type { GridPrograms } from '../grid-programs.ts';
import type { GridLog } from '../runtime/grid-log.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { BlobLedger } from '../upkeep/blob-ledger.ts';
import { page } from './pages.ts';
import type { ProgramKinds } from './program-kinds.ts';
import { signerOf } from './views.ts';
import type { VisibleJobs } from './visible-jobs.ts';

interface Parts {
  runtime: Pick<Runtime, 'scheduler'>;
  grid: Pick<GridLog, 'state'>;
  kinds: Pick<ProgramKinds, 'of'>;
  visible: Pick<VisibleJobs, 'isVisible'>;
  ledger: Pick<BlobLedger, 'sizeOf'>;
}

/**
 * Where a walk through the list stands: it goes by the jobs up to `top`, so that programs which are used again meanwhile keep
 * their places, and is behind the program whose newest of these is `last`.
 */
interface Place {
  top: number;
  last: number;
}

const placeOf = (after: string | undefined): Place => {
  if (after === undefined) return { top: Number.POSITIVE_INFINITY, last: Number.POSITIVE_INFINITY };
  const [, top, last] = /^(\d{1,15})-(\d{1,15})$/.exec(after) ?? [];
  if (top === undefined) throw new ProblemError('cursor-invalid', after);
  return { top: Number(top), last: Number(last) };
};

/** Jobs by their programs, the newest job first. */
const byProgram = (jobs: readonly Job[]): Map<Sha256, [Job, ...Job[]]> => {
  const uses = new Map<Sha256, [Job, ...Job[]]>();
  for (const job of jobs.toSorted((a, b) => b.number - a.number)) {
    const use = uses.get(job.spec.full.program);
    if (use === undefined) uses.set(job.spec.full.program, [job]);
    else use.push(job);
  }
  return uses;
};

/** The programs of jobs, which are all that is known of their use. */
export class ProgramUses implements GridPrograms {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  list(
    caller: Caller,
    { after, limit, submitter }: PageRequest & { submitter?: KeyId | undefined },
  ): Page<ProgramView> {
    const mayAsk = caller.role === 'operator' || caller.key === submitter;
    if (submitter !== undefined && !(mayAsk && this.#parts.grid.state.keys.has(submitter))) {
      throw new ProblemError('key-unknown', submitter);
    }
    const { top, last } = placeOf(after);
    const seen = this.#jobs(caller).filter(({ spec }) => submitter === undefined || spec.submitter === submitter);
    const newest = Math.min(
      top,
      seen.reduce((most, { number }) => Math.max(most, number), 0),
    );
    const uses = [...byProgram(seen).values()].flatMap((jobs) => {
      const place = jobs.find(({ number }) => number <= newest)?.number;
      return place === undefined || place >= last ? [] : [{ jobs, place }];
    });
    return page(
      uses.sort((a, b) => b.place - a.place),
      limit,
      ({ jobs }) => this.#view(jobs),
      ({ place }) => `${newest}-${place}`,
    );
  }

  get(caller: Caller, sha256: Sha256): ProgramView {
    const jobs = byProgram(this.#jobs(caller).filter(({ spec }) => spec.full.program === sha256)).get(sha256);
    if (jobs === undefined) throw new ProblemError('program-unknown', sha256);
    return this.#view(jobs);
  }

  #jobs(caller: Caller): Job[] {
    const { runtime, visible } = this.#parts;
    return [...runtime.scheduler.jobs.values()].filter((job) => visible.isVisible(caller, job));
  }

  #view(jobs: [Job, ...Job[]]): ProgramView {
    const { grid, kinds, ledger } = this.#parts;
    const [newest] = jobs;
    const sha256 = newest.spec.full.program;
    return {
      sha256,
      kind: kinds.of(sha256),
      size: ledger.sizeOf(sha256),
      name: newest.spec.name,
      jobs: jobs.length,
      openJobs: jobs.filter((job) => !isOver(job)).length,
      firstUsedAt: jobs.at(-1)!.spec.createdAt,
      lastUsedAt: newest.spec.createdAt,
      signer: signerOf(newest.spec, grid.state),
      sourceMap: jobs.find(({ spec }) => spec.full.sourceMap !== null)?.spec.full.sourceMap ?? null,
    };
  }
}
