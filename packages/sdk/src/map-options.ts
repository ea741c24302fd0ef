import type { JobSpecInput } from '@gossamer/protocol';
import { GossamerError } from './error.ts';
import { jsonText } from './json-text.ts';

/** Of `grid.map`; what is left out is the coordinator's default. */
export interface MapOptions {
  /** Default: the program's file name. */
  name?: string;
  /** How many independent results must agree, byte by byte; 2 by default. */
  quorum?: number;
  /** Take the first result without a second opinion. */
  trusted?: boolean;
  /** JSON, the same for every unit: `ctx.params`. */
  params?: unknown;
  limits?: JobSpecInput['limits'];
  independence?: JobSpecInput['independence'];
  priority?: number;
  weight?: number;
  seed?: number;
  credit?: number;
  signal?: AbortSignal;
  /** Called with what the bundler finds strange, as `file:line:column: text`. */
  onWarning?: (text: string) => void;
}

/** The part of a job's specification that options make. */
export const specOf = (options: MapOptions): Omit<JobSpecInput, 'name' | 'program' | 'source'> => {
  const { quorum, trusted = false, params, limits, independence, priority, weight, seed, credit } = options;
  if (trusted && quorum !== undefined) {
    throw new GossamerError('usage', 'a job is either `trusted` or has a `quorum`, not both');
  }
  if (params !== undefined) jsonText(params, 'params');
  return withoutUndefined({
    params: params as JobSpecInput['params'],
    policy: trusted ? { kind: 'trusted' } : quorum === undefined ? undefined : { kind: 'quorum', quorum },
    limits,
    independence,
    priority,
    weight,
    seed,
    credit,
  });
};

const withoutUndefined = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Value;
