import type { MapOptions } from '@gossamer/sdk/node';
import type { Command } from 'commander';
import { integer, json } from './arguments.ts';

/** How a job is to be run; the same flags for `map` and `jobs create`. */
export interface JobFlags {
  name?: string;
  quorum?: number;
  trusted?: true;
  params?: unknown;
  priority?: number;
  seed?: number;
  deadline?: number;
  maxErrors?: number;
}

export const addJobFlags = (command: Command): Command =>
  command
    .option('--name <name>', "the job's name (default: the program's file name)")
    .option('--quorum <n>', 'how many independent results must agree (default: 2)', integer)
    .option('--trusted', 'take the first result without a second opinion')
    .option('--params <json>', 'parameters, the same for every unit', json)
    .option('--priority <n>', 'from -10 to 10; higher ones first', integer)
    .option('--seed <n>', 'seed of the units', integer)
    .option('--deadline <ms>', 'run time that a unit may take', integer)
    .option('--max-errors <n>', 'errors of the program after which a unit has failed', integer);

export const mapOptions = (flags: JobFlags): MapOptions => {
  const { deadline, maxErrors, ...rest } = flags;
  const limits = {
    ...(deadline === undefined ? {} : { deadlineMs: deadline }),
    ...(maxErrors === undefined ? {} : { maxErrors }),
  };
  const { name, quorum, trusted, params, priority, seed } = rest;
  const given = Object.entries({ name, quorum, trusted, params, priority, seed }).filter(([, v]) => v !== undefined);
  return { ...Object.fromEntries(given), ...(Object.keys(limits).length > 0 ? { limits } : {}) };
};
