import { JobSpec, type JobSpecInput, LIMITS, Sha256 } from '@gossamer/protocol';
import { errorOf } from '@gossamer/sdk/node';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { byteLines } from '../byte-lines.ts';
import { UsageError } from '../exit-code.ts';
import { BEGINS_DOCUMENT, parsedLine } from '../stdin-inputs.ts';
import { type Misfit, misfitsOf } from './misfit.ts';

/** A job of a batch as its line has it. */
export interface BatchLine {
  /** Of the file, from 1; blank ones count. */
  number: number;
  /** As it was written; `program` may be a path. */
  job: JobSpecInput;
  /** The path of its program; null where it is named by its SHA-256. */
  path: string | null;
}

/** Lines that are told of those that are wrong. */
export const TOLD_LINES = 20;

/** Stands for a program that has no SHA-256 yet. */
const NO_PROGRAM = Sha256.parse('0'.repeat(64));

/** The jobs of a file (`-`: of standard input). Throws for the lines that are none, before anything is sent. */
export const readBatch = async (file: string): Promise<BatchLine[]> => {
  const read: BatchLine[] = [];
  const bad: BadLine[] = [];
  let number = 0;
  for await (const lines of byteLines(file === '-' ? process.stdin : await opened(file))) {
    for (const text of lines) {
      number += 1;
      if (text.trim() === '') continue;
      const line = lineOf(text, number);
      if ('found' in line) bad.push(line);
      else read.push(line);
    }
    if (read.length + bad.length > LIMITS.batchJobs) throw tooMany(file);
  }
  if (bad.length > 0) throw refused(bad);
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

const lineOf = (text: string, number: number): BatchLine | BadLine => {
  const bad = (...found: Misfit[]): BadLine => ({ number, found });
  const json = parsedLine(text);
  if (!('value' in json)) {
    const advice = BEGINS_DOCUMENT.test(text) ? `; ${ONE_A_LINE}` : '';
    return bad({ path: '', message: `it is no JSON: ${json.reason}${advice}` });
  }
  const job = json.value as JobSpecInput;
  if (Array.isArray(job)) return bad({ path: '', message: `it is an array; ${ONE_A_LINE}` });
  if (typeof job !== 'object' || job === null)
    return bad({ path: '', message: 'expected an object, as `POST /v1/jobs` takes it' });
  const isNamed = typeof job.program === 'string';
  const path = !isNamed || Sha256.safeParse(job.program).success ? null : job.program;
  const fits = JobSpec.safeParse(isNamed && path === null ? job : { ...job, program: NO_PROGRAM });
  if (fits.success && isNamed) return { number, job, path };
  const unnamed = { path: 'program', message: 'expected the path of a program, or its SHA-256' };
  return bad(...(isNamed ? [] : [unnamed]), ...(fits.error?.issues ?? []).flatMap((issue) => misfitsOf(issue, job)));
};

/** A line that is no job. */
interface BadLine {
  number: number;
  found: Misfit[];
}

/** All that does not fit of lines, some of which are told; the first of it is the message. */
const refused = (bad: readonly BadLine[]): Error => {
  const errors = bad
    .slice(0, TOLD_LINES)
    .flatMap(({ number, found }) =>
      found.map(({ path, message }) => ({ path: `line ${number}${path === '' ? '' : `: ${path}`}`, message })),
    );
  const [next] = bad.slice(TOLD_LINES);
  if (next !== undefined) {
    const left = bad.length - TOLD_LINES;
    errors.push({
      path: `line ${next.number}`,
      message: left === 1 ? 'it is wrong, too' : `it is wrong, too, and ${left - 1} more after it`,
    });
  }
  return errorOf('request-invalid', `${errors[0]!.path}: ${errors[0]!.message}`, { errors });
};
