import { JobSpec, type JobSpecInput, LIMITS, Sha256 } from '@gossamer/protocol';
import { errorOf } from '@gossamer/sdk/node';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { byteLines } from '../byte-lines.ts';
import { UsageError } from '../exit-code.ts';
import { BEGINS_DOCUMENT, parsedLine } from '../stdin-inputs.ts';

/** A job of a batch as its line has it. */
export interface BatchLine {
  /** Of the file, from 1; blank ones count. */
  number: number;
  /** As it was written; `program` may be a path. */
  job: JobSpecInput;
  /** The path of its program; null where it is named by its SHA-256. */
  path: string | null;
}

/** Stands for a program that has no SHA-256 yet. */
const NO_PROGRAM = Sha256.parse('0'.repeat(64));

/** The jobs of a file (`-`: of standard input). Throws for the first line that is none, before anything is sent. */
export const readBatch = async (file: string): Promise<BatchLine[]> => {
  const read: BatchLine[] = [];
  let number = 0;
  for await (const lines of byteLines(file === '-' ? process.stdin : await opened(file))) {
    for (const text of lines) {
      number += 1;
      if (text.trim() !== '') read.push(lineOf(text, number));
    }
    if (read.length > LIMITS.batchJobs) throw tooMany(file);
  }
  if (read.length === 0) throw errorOf('request-invalid', 'there is no job: a batch has a line of JSON for each');
  return read;
};

/** May be a named pipe as well. */
const opened = async (path: string): Promise<Readable> => {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new UsageError(`there is no file ${path}`);
  if (found.isDirectory()) throw new UsageError(`${path} is no file`);
  return createReadStream(path);
};

const tooMany = (file: string): Error =>
  errorOf(
    'request-invalid',
    `a batch has ${LIMITS.batchJobs} jobs at the most, and here are more: make several, as by ` +
      `\`split -l ${LIMITS.batchJobs} ${file === '-' ? 'jobs.ndjson' : file} part-\` and \`batches create\` of each part`,
  );

const ONE_A_LINE =
  'each job is a line: `jq -c ".[]"` makes lines of an array, and `jq -c .` of what is written over several';

const lineOf = (text: string, number: number): BatchLine => {
  const refused = (...found: [Misfit, ...Misfit[]]): Error => refusedLine(number, found);
  const json = parsedLine(text);
  if (!('value' in json)) {
    const advice = BEGINS_DOCUMENT.test(text) ? `; ${ONE_A_LINE}` : '';
    throw errorOf('request-invalid', `line ${number} is no JSON: ${json.reason}${advice}`);
  }
  const job = json.value as JobSpecInput;
  if (Array.isArray(job)) throw refused({ path: '', message: `it is an array; ${ONE_A_LINE}` });
  if (typeof job !== 'object' || job === null) {
    throw refused({ path: '', message: 'expected an object, as `POST /v1/jobs` takes it' });
  }
  if (typeof job.program !== 'string')
    throw refused({ path: 'program', message: 'expected the path of a program, or its SHA-256' });
  const path = Sha256.safeParse(job.program).success ? null : job.program;
  const fits = JobSpec.safeParse(path === null ? job : { ...job, program: NO_PROGRAM });
  if (fits.success) return { number, job, path };
  throw refused(...(fits.error.issues.flatMap(misfitsOf) as [Misfit, ...Misfit[]]));
};

interface Misfit {
  path: string;
  message: string;
}

/** An unknown field is named itself, not the object that holds it. */
const misfitsOf = (issue: z.core.$ZodIssue): Misfit[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), message: 'there is no such field' }))
    : [{ path: issue.path.join('.'), message: issue.message }];

/** All that does not fit of a line; the first of it is the message. */
const refusedLine = (number: number, found: readonly [Misfit, ...Misfit[]]): Error => {
  const errors = found.map(({ path, message }) => ({
    path: `line ${number}${path === '' ? '' : `: ${path}`}`,
    message,
  }));
  return errorOf('request-invalid', `${errors[0]!.path}: ${errors[0]!.message}`, { errors });
};
