import type { CreatedFact } from '@gossamer/core';
import type { BatchSpec, JobSpec } from '@gossamer/protocol';
import { BatchId, ProblemError, uuidv7 } from '@gossamer/protocol';
import { randomBytes } from 'node:crypto';
import type { Caller } from '../caller.ts';
import type { JobRequest } from '../runtime/grid-state.ts';
import type { NewJobFacts } from '../runtime/runtime.ts';
import type { BlobPins } from '../upkeep/blob-pins.ts';
import { blobsOf } from '../upkeep/blobs-of.ts';
import type { CheckedJob, CreateParts } from '../service/create-job.ts';
import { checkJob, createdFact, leaseCapOf, newJobId } from '../service/create-job.ts';

export interface CreateBatchParts extends CreateParts {
  nextBatch: () => number;
  /** What else must be true of a job, and how it is kept. Throws ProblemError. */
  admit: (caller: Caller, spec: JobSpec) => Promise<JobSpec>;
  /** To be called when its jobs can be seen: what they were admitted by may be no more so. */
  recheck: (caller: Caller, specs: readonly JobSpec[]) => Promise<void>;
  pins: BlobPins;
  /** Numbers that were taken for nothing. */
  discard: (numbers: readonly number[]) => void;
}

/** Why the jobs of a batch are held that is made so. */
const HELD_REASON = 'its batch was made held';

/** Says of which job of the batch a problem is. */
const ofJob = (place: number, { name }: JobSpec, error: unknown): unknown => {
  if (!(error instanceof ProblemError)) return error;
  const at = `jobs.${place}`;
  const errors = error.errors?.map(({ path, message }) => ({
    path: `body.${at}.${path.replace(/^body\./, '')}`,
    message,
  }));
  return new ProblemError(error.code, `${at} (“${name}”): ${error.detail ?? 'see there'}`, errors, error.quota);
};

/** Each source is opened once, however many jobs read it. */
const checkAll = async (parts: CreateBatchParts, caller: Caller, specs: readonly JobSpec[]) => {
  const opened = new Map<string, Promise<CheckedJob>>();
  const jobs: CheckedJob[] = [];
  for (const [place, spec] of specs.entries()) {
    try {
      const kept = await parts.admit(caller, spec);
      const { name: _name, params, seed: _seed, ...alike } = spec;
      // The inputs of a split follow from the parameters.
      const key = JSON.stringify(spec.source.kind === 'split' ? [alike, params] : alike);
      const checking = opened.get(key) ?? checkJob(parts, caller, spec);
      opened.set(key, checking);
      const checked = await checking;
      const { source, reduce, dataChunks } = checked.spec;
      jobs.push({ ...checked, spec: { ...kept, source, reduce, dataChunks } });
    } catch (error) {
      throw ofJob(place, spec, error);
    }
  }
  return jobs;
};

/**
 * Creates a batch: all of its jobs are checked before any is made. Then their numbers are taken in the grid's log, each
 * job's log begins, and one more fact of the grid's log makes all of them exist at once: a crash before it leaves none
 * (docs/adr/0038). Gives the batch's number.
 */
export const createBatch = async (
  parts: CreateBatchParts,
  caller: Caller,
  { name, jobs: specs, held = false }: BatchSpec,
  request: JobRequest | null,
): Promise<number> => {
  const { runtime, grid, leaseUnits, reserve } = parts;
  const checked = await checkAll(parts, caller, specs);
  const free = reserve(
    caller,
    checked.map(({ source }) => source.total),
    new Map(checked.flatMap(({ named }) => [...named])),
  );
  // Also while it is not known whether there are such jobs.
  const unpin = parts.pins.pin(checked.flatMap(({ spec }) => blobsOf(spec)));
  const letGo = (): void => {
    free();
    unpin();
  };
  const show = (): Promise<void> => {
    runtime.show(made);
    return parts.recheck(caller, specs);
  };
  const cause = `rest:${caller.key}`;
  const at = runtime.now();
  const id = BatchId.parse(`batch_${uuidv7(at, randomBytes(10))}`);
  const made = checked.map(({ spec, source: { total, inlineBytes } }) => {
    const jobId = newJobId(at);
    const created: CreatedFact = createdFact(caller, { at, id: jobId, total }, spec);
    // In the same write: no moment, and no crash, lets a job that is to be held begin.
    const facts: NewJobFacts = held ? [created, { kind: 'held', at, reason: HELD_REASON }] : [created];
    return {
      number: parts.nextNumber(),
      id: jobId,
      facts,
      leaseCap: leaseCapOf(inlineBytes, spec.limits.resultBytes, leaseUnits),
    };
  });
  const jobs = made.map(({ number }) => number);
  let isDoubtful = false;
  try {
    const registered = { kind: 'job-registered', at, request: null, batch: id } as const;
    await grid.record(cause, ...made.map(({ number, id: jobId }) => ({ ...registered, number, id: jobId })));
    await Promise.all(made.map(({ number, facts }) => runtime.prepare(number, cause, facts)));
    const number = parts.nextBatch();
    const { key: submitter, name: submitterName } = caller;
    await grid.record(cause, { kind: 'batch-made', at, number, id, name, submitter, submitterName, jobs, request });
  } catch (error) {
    // What is on disk all the same is found out; where it cannot be, the next start does.
    const isKnown = await grid
      .recordNext(cause, () => [])
      .then(
        () => true,
        () => false,
      );
    if (!isKnown) {
      // Whoever finds it out later lets the jobs be seen, or go, with their batch; until then they take their room, and keep
      // their blobs. What the look at the signers could not write down is due.
      isDoubtful = true;
      void grid
        .known()
        .then(() => (grid.state.batches.has(id) ? show() : parts.discard(jobs)))
        .catch(() => undefined)
        .finally(letGo);
      throw error;
    }
    if (!grid.state.batches.has(id)) {
      parts.discard(jobs);
      throw error;
    }
  } finally {
    if (!isDoubtful) letGo();
  }
  await show();
  return grid.state.batches.get(id)!.number;
};
