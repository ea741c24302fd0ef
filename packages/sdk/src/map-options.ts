import type { Signer } from '@gossamer/program';
import type { JobSpecInput } from '@gossamer/protocol';
import type { BlobSource } from './content.ts';
import { errorOf } from './error-kinds.ts';
import { jsonText } from './json-text.ts';
import type { UploadProgress } from './pieces.ts';

/** Data that a job shares among its units; a text is a file's path. */
export type DataSource = string | URL | BlobSource;

/** Of `grid.map`; what is left out is the coordinator's default. */
export interface MapOptions<Params = unknown> {
  /** Default: the program's file name. */
  name?: string;
  /** How many independent results must agree; 2 by default. */
  quorum?: number;
  /** Take the first result without a second opinion. */
  trusted?: boolean;
  /** When is a result true, in full: `{ kind: 'adaptive', maxErrorRate: 0.001 }`, `{ kind: 'check' }`. */
  policy?: JobSpecInput['policy'];
  /** When are two results the same; when their bytes are, unless told: `{ kind: 'tolerance', relative: 1e-9 }`. */
  comparison?: JobSpecInput['comparison'];
  /** All replicas of a unit go to one kind of browser. */
  sameClass?: boolean;
  /** What a device must have: `{ memoryMb: 4096, cores: 4, wasm: ['simd'] }`. */
  requirements?: JobSpecInput['requirements'];
  /** Whether results are folded by the program's `reduce` as they come (`job.answer()`); by default where it has one. */
  reduce?: boolean;
  /** JSON, the same for every unit: `ctx.params`. */
  params?: Params;
  /**
   * What the program reads by these names (`ctx.data('catalog')`), the same for every unit: a file's path (in Node), bytes,
   * a stream, or `{ sha256 }` of a blob that is there. Each is uploaded once, and kept by the tabs that read it.
   */
  data?: Readonly<Record<string, DataSource>>;
  limits?: JobSpecInput['limits'];
  /** Inputs go out together, as many as take a device about so long; each has its own result. Default: some seconds. */
  chunkSeconds?: number;
  independence?: JobSpecInput['independence'];
  priority?: number;
  weight?: number;
  seed?: number;
  credit?: number;
  /** Days for which the job is kept after its end; null: for ever. Left out it is the operator's to say. */
  retention?: number | null;
  /** Signs the program with what the job may use; register it before (`grid.signers.register`). */
  signer?: Signer;
  /** A signature that was made elsewhere, as by `gossamer programs sign`. */
  signature?: NonNullable<JobSpecInput['signature']>;
  /** The same call with the same key makes no second job, also after a restart of the client. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** Told how far the uploads of shared data are, by its name. */
  onUpload?: (name: string, progress: UploadProgress) => void;
  /** Called with what the bundler finds strange, as `file:line:column: text`. */
  onWarning?: (text: string) => void;
}

/** The part of a job's specification that options make. */
export const specOf = (options: MapOptions): Omit<JobSpecInput, 'name' | 'program' | 'source'> => {
  const {
    reduce,
    chunkSeconds,
    comparison,
    sameClass,
    requirements,
    params,
    limits,
    independence,
    priority,
    weight,
    seed,
    credit,
    retention,
  } = options;
  if (params !== undefined) jsonText(params, 'params');
  return withoutUndefined({
    params: params as JobSpecInput['params'],
    reduce,
    chunkSeconds,
    policy: policyOf(options),
    comparison,
    sameClass,
    requirements,
    limits,
    independence,
    priority,
    weight,
    seed,
    credit,
    retention,
  });
};

/** Throws GossamerError `usage` where the policy is said more than once. */
const policyOf = ({ quorum, trusted = false, policy }: MapOptions): JobSpecInput['policy'] => {
  const said = [trusted, quorum !== undefined, policy !== undefined].filter(Boolean);
  if (said.length > 1) {
    throw errorOf('usage', 'a job is `trusted`, or has a `quorum`, or a `policy`: give one of them');
  }
  if (trusted) return { kind: 'trusted' };
  return quorum === undefined ? policy : { kind: 'quorum', quorum };
};

const withoutUndefined = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Value;
