import { JobSpec, type JobSpecInput, LIMITS, Sha256 } from '@gossamer/protocol';
import { errorOf } from '@gossamer/sdk/node';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
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
  const refused = (path: string, message: string): Error => {
    const where = path === '' ? '' : `${path}: `;
    return errorOf('request-invalid', `line ${number}: ${where}${message}`, {
      errors: [{ path: `line ${number}${path === '' ? '' : `: ${path}`}`, message }],
    });
  };
  const json = parsedLine(text);
  if (!('value' in json)) {
    const advice = BEGINS_DOCUMENT.test(text) ? `; ${ONE_A_LINE}` : '';
    throw errorOf('request-invalid', `line ${number} is no JSON: ${json.reason}${advice}`);
  }
  const job = json.value as JobSpecInput;
  if (Array.isArray(job)) throw refused('', `it is an array; ${ONE_A_LINE}`);
  if (typeof job !== 'object' || job === null) {
    throw refused('', 'expected an object, as `POST /v1/jobs` takes it');
  }
  if (typeof job.program !== 'string') throw refused('program', 'expected the path of a program, or its SHA-256');
  const path = Sha256.safeParse(job.program).success ? null : job.program;
  const fits = JobSpec.safeParse(path === null ? job : { ...job, program: NO_PROGRAM });
  if (fits.success) return { number, job, path };
  const [issue] = fits.error.issues;
  if (issue!.code === 'unrecognized_keys') {
    throw refused([...issue.path, issue.keys[0]].join('.'), 'there is no such field');
  }
  throw refused(issue!.path.join('.'), issue!.message);
};
