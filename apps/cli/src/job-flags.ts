import type { MapOptions } from '@gossamer/sdk/node';
import type { Command } from 'commander';
import { dataText, integer, json, keepDays, positive } from './arguments.ts';
import { type IndependenceFlags, addAllowSame, independenceOf } from './independence-flags.ts';
import { type SignerFlags, addSignerFlags, signerOptions } from './signer-flags.ts';
import { type PolicyFlags, addPolicyFlags, policyOptions } from './policy-flags.ts';

const BLOB = 'sha256:';

/** What PROGRAM is, for the help of commands that take one. */
export const PROGRAM = 'a TypeScript or JavaScript file that exports run, or a wasm module (.wasm)';

/** How a job is to be run; the same flags for `map` and `jobs create`. */
export interface JobFlags extends PolicyFlags, SignerFlags, Pick<IndependenceFlags, 'allowSame'> {
  name?: string;
  params?: unknown;
  priority?: number;
  weight?: number;
  credit?: number;
  reduce: boolean;
  seed?: number;
  chunk?: number;
  data?: Record<string, string>;
  deadline?: number;
  resultBytes?: number;
  maxErrors?: number;
  maxAttempts?: number;
  idempotencyKey?: string;
  keepDays?: number | 'forever';
}

export const addJobFlags = (command: Command): Command =>
  addSignerFlags(
    addAllowSame(addPolicyFlags(command.option('--name <name>', "the job's name (default: the program's file name)"))),
  )
    .option('--params <json>', 'parameters, the same for every unit', json)
    .option(
      '--data <name=file>',
      'what the program reads as ctx.data(name); again for more (sha256:HEX: a blob)',
      dataText,
    )
    .option('--priority <n>', 'from -10 to 10; higher ones first', integer)
    .option('--weight <w>', 'its share among jobs of one priority (default: 1)', positive)
    .option('--credit <c>', 'what volunteers earn for a verified unit (default: 1)', positive)
    .option('--no-reduce', "results are not folded by the program's reduce as they come")
    .option('--seed <n>', 'seed of the units', integer)
    .option('--chunk <seconds>', 'so many inputs go out together as take a device about so long', positive)
    .option('--deadline <ms>', 'run time that a unit may take', integer)
    .option('--result-bytes <n>', 'bytes of one result, at the most; over 1 MiB it is kept as a blob', integer)
    .option('--idempotency-key <text>', 'the same command with the same key makes no second job')
    .option('--keep-days <days>', 'how long it is kept after its end; "forever" until it is deleted', keepDays)
    .option('--max-errors <n>', 'errors of the program after which a unit has failed (default: 3)', integer)
    .option('--max-attempts <n>', 'attempts, however they end, after which a unit has failed (default: 20)', integer);

/** A file by its path, or a blob that is there by its name. */
const dataSources = (data: Record<string, string>): NonNullable<MapOptions['data']> =>
  Object.fromEntries(
    Object.entries(data).map(([name, from]) => [
      name,
      from.startsWith(BLOB) ? { sha256: from.slice(BLOB.length) } : from,
    ]),
  );

export const mapOptions = async (flags: JobFlags): Promise<MapOptions> => {
  const { chunk: chunkSeconds, deadline, resultBytes, maxErrors, maxAttempts, name, params, priority, seed } = flags;
  const { weight, credit, idempotencyKey } = flags;
  const retention = flags.keepDays === 'forever' ? null : flags.keepDays;
  const limits = {
    ...(deadline === undefined ? {} : { deadlineMs: deadline }),
    ...(resultBytes === undefined ? {} : { resultBytes }),
    ...(maxErrors === undefined ? {} : { maxErrors }),
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
  };
  const named = { name, params, priority, weight, credit, seed, chunkSeconds, idempotencyKey, retention };
  const given = Object.entries(named).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(given),
    ...(flags.data === undefined ? {} : { data: dataSources(flags.data) }),
    ...policyOptions(flags),
    ...(flags.allowSame === undefined ? {} : { independence: independenceOf(flags) }),
    ...(flags.reduce ? {} : { reduce: false }),
    ...(await signerOptions(flags)),
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
  };
};
