import type { CreatedFact } from '@gossamer/core';
import { addJob } from '@gossamer/core';
import type { JobSpec, KeyId, ProgramKind, Sha256 } from '@gossamer/protocol';
import { contradictions, JobId, LIMITS, ProblemError, uuidv7 } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { randomBytes } from 'node:crypto';
import type { Caller } from '../grid.ts';
import type { GridLog } from '../runtime/grid-log.ts';
import type { JobRequest } from '../runtime/grid-state.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { JobData } from '../shared-data/job-data.ts';
import type { OpenedSource } from '../sources/opened-source.ts';
import { openSource } from '../sources/open-source.ts';
import type { Splits } from '../sources/splits.ts';
import { blobsOf } from '../upkeep/blobs-of.ts';
import type { SizedBlobs } from '../upkeep/quotas.ts';
import type { InspectedPrograms } from './inspected-programs.ts';

/** Inputs of one lease travel in one frame; half of it is theirs. */
const LEASE_BYTES = LIMITS.frame / 2;

/** Large results of one lease may all wait in the memory of its tab at once: they have so many bytes together at the most. */
const LEASE_RESULT_BYTES = 256 * 1024 * 1024;

/** Units of one lease: as many as the operator allows, as long as their inputs fit one frame, and their results a tab. */
export const leaseCapOf = (inlineBytes: number, resultBytes: number, most: number): number => {
  const fitting = Math.floor(LEASE_BYTES / (inlineBytes + 16));
  const ofResults = resultBytes > LIMITS.result ? Math.floor(LEASE_RESULT_BYTES / resultBytes) : most;
  return Math.max(1, Math.min(most, fitting, ofResults));
};

/** Throws ProblemError `policy-contradictory`, which names each field that cannot be kept, and says why. */
const refuseContradictions = (errors: ReturnType<typeof contradictions>): void => {
  if (errors.length === 0) return;
  throw new ProblemError('policy-contradictory', errors.map(({ message }) => message).join('; '), errors);
};

/** The judge asks programs in JavaScript: a wasm module answers none of its questions, whatever it exports. */
const checkNotAsked = ({ policy, comparison, source, reduce }: JobSpec): void => {
  const because = 'which only a JavaScript program has: this one is a wasm module';
  const errors: ReturnType<typeof contradictions> = [];
  if (policy.kind === 'check') {
    const instead = 'verify by a quorum, or adaptively';
    errors.push({ path: 'policy', message: `the policy "check" calls the program's check, ${because}; ${instead}` });
  }
  if (comparison.kind === 'program') {
    const instead = 'compare by bytes, or within a tolerance';
    const message = `the comparison "program" calls the program's equals, ${because}; ${instead}`;
    errors.push({ path: 'comparison', message });
  }
  if (source.kind === 'split') {
    const instead = 'name another source, such as a range';
    errors.push({ path: 'source', message: `the source "split" calls the program's split, ${because}; ${instead}` });
  }
  if (reduce === true) {
    const instead = 'fold the results where you read them';
    errors.push({ path: 'reduce', message: `reduce calls the program's reduce, ${because}; ${instead}` });
  }
  refuseContradictions(errors);
};

/** Gives the spec with what follows from the program where it was left open. */
const checkProgram = async (programs: InspectedPrograms, spec: JobSpec): Promise<JobSpec> => {
  const { kind, exports: names } = await programs.inspect(spec.program);
  if (kind === 'wasm') {
    checkNotAsked(spec);
    return { ...spec, reduce: false };
  }
  const { policy, comparison, source, reduce = names.includes('reduce') } = spec;
  if (source.kind === 'split' && !names.includes('split')) {
    throw new ProblemError(
      'program-exports',
      'the source "split" asks the program: it must export a function split(params) that returns the inputs',
    );
  }
  if (policy.kind === 'check' && !names.includes('check')) {
    throw new ProblemError(
      'program-exports',
      'the policy "check" asks the program: it must export a function check(input, result) that tells whether the ' +
        'result is right',
    );
  }
  if (comparison.kind === 'program' && !names.includes('equals')) {
    throw new ProblemError(
      'program-exports',
      'the comparison "program" asks the program: it must export a function equals(a, b) that tells whether two ' +
        'results are the same',
    );
  }
  if (reduce && !names.includes('reduce')) {
    throw new ProblemError(
      'program-exports',
      'reduce asks the program: it must export a function reduce(acc, result) that returns the accumulator with the result in it',
    );
  }
  return { ...spec, reduce };
};

export interface CreateParts {
  runtime: Runtime;
  grid: GridLog;
  blobs: BlobStore;
  programs: InspectedPrograms;
  data: JobData;
  splits: Splits;
  /** Units of one lease, at the most. */
  leaseUnits: number;
  /** The largest result that a job may allow, bytes. */
  resultBytes: number;
  nextNumber: () => number;
  /** Throws ProblemError `quota-exceeded` where a key has no room for results: what is released then would be held again at once. */
  requireResultRoom: (key: KeyId) => void;
  /** Takes room for jobs of so many units each, and for blobs that they name; gives what lets go of it. Throws ProblemError `quota-exceeded`. */
  reserve: (caller: Caller, totals: readonly number[], named: SizedBlobs) => () => void;
}

/** What a job can be made of: its spec with what follows from the program, and its source. */
export interface CheckedJob {
  spec: JobSpec;
  /** Of a stream nothing is there yet. */
  source: Pick<OpenedSource, 'total' | 'inlineBytes'>;
  /** All that it names. */
  named: SizedBlobs;
}

const namedBy = async (spec: JobSpec, blobs: BlobStore): Promise<SizedBlobs> => {
  const named = new Map<Sha256, number>();
  // What is not there is told by those who read it.
  for (const hash of blobsOf(spec)) if (!named.has(hash)) named.set(hash, (await blobs.stat(hash))?.size ?? 0);
  return named;
};

/** Throws what is wrong with a job's policy, program or source; the program is asked where it splits the job itself. */
export const checkJob = async (
  { blobs, programs, data, splits, resultBytes }: CreateParts,
  caller: Caller,
  asked: JobSpec,
): Promise<CheckedJob> => {
  refuseContradictions(contradictions(asked));
  if (asked.limits.resultBytes > resultBytes) {
    const most = `limits.resultBytes may be ${resultBytes} at the most here (the operator's GOSSAMER_RESULT_MB)`;
    throw new ProblemError('result-too-large', most, [{ path: 'limits.resultBytes', message: most }]);
  }
  if (asked.sourceMap !== null && (await blobs.stat(asked.sourceMap)) === null) {
    throw new ProblemError('blob-unknown', `the source map ${asked.sourceMap} was not uploaded`);
  }
  const checked = await checkProgram(programs, asked);
  // Whether its results are folded may follow from the program.
  refuseContradictions(contradictions(checked));
  const kind = async (): Promise<ProgramKind> => (await programs.inspect(asked.program)).kind;
  const spec = await splits.made(caller.key, await data.checked(checked, kind));
  const named = await namedBy(spec, blobs);
  if (spec.source.kind === 'stream') return { spec, named, source: { total: 0, inlineBytes: 0 } };
  const source = await openSource(spec.source, blobs, splits.maker(spec));
  if (source.doubt !== undefined) throw new ProblemError('source-invalid', source.doubt);
  return { spec, named, source };
};

export const newJobId = (at: number): JobId => JobId.parse(`job_${uuidv7(at, randomBytes(10))}`);

export const createdFact = (
  caller: Caller,
  { at, id, total }: { at: number; id: JobId; total: number },
  spec: JobSpec,
): CreatedFact => ({
  kind: 'created',
  at,
  id,
  submitter: caller.key,
  submitterName: caller.name,
  total,
  spec: JSON.stringify(spec),
});

/**
 * Creates a job: its policy, program and source are checked first, then its number is taken in the grid's log, then its
 * own log begins. A crash in between leaves a number without a job, which is passed over at the next start.
 */
export const createJob = async (
  parts: CreateParts,
  caller: Caller,
  asked: JobSpec,
  request: JobRequest | null,
): Promise<number> => {
  const { runtime, grid, leaseUnits, nextNumber, reserve } = parts;
  const { spec, source, named } = await checkJob(parts, caller, asked);
  const { total, inlineBytes } = source;
  const letGo = reserve(caller, [total], named);
  try {
    const at = runtime.now();
    const id = newJobId(at);
    const number = nextNumber();
    await grid.record(`rest:${caller.key}`, { kind: 'job-registered', at, number, id, request, batch: null });
    await runtime.openLog(number);
    const fact = createdFact(caller, { at, id, total }, spec);
    await runtime.run(`rest:${caller.key}`, (effects) => {
      addJob(runtime.scheduler, number, fact, effects).leaseCap = leaseCapOf(
        inlineBytes,
        spec.limits.resultBytes,
        leaseUnits,
      );
    });
    return number;
  } finally {
    letGo();
  }
};
