import type { JobSpecInput } from '@gossamer/protocol';
import { type Gossamer, type MapOptions, errorOf } from '@gossamer/sdk/node';
import type { Cli } from '../cli.ts';
import { ofLine } from './at-line.ts';
import type { BatchLine } from './read-batch.ts';

type Uploaded = Awaited<ReturnType<Gossamer['upload']>>;
/** By what the jobs are signed, if they are. */
export type BatchSigning = Pick<MapOptions, 'signer' | 'signature'>;

/** The jobs with the programs that their lines name by a path: each is bundled and uploaded once, and signed for each job. */
export const withPrograms = async (
  cli: Cli,
  grid: Gossamer,
  lines: readonly BatchLine[],
  signing: BatchSigning,
): Promise<JobSpecInput[]> => {
  const uploads = new Map<string, Uploaded>();
  const jobs: JobSpecInput[] = [];
  // One after the other, so that of several mistakes it is the first line's that is told.
  for (const line of lines) {
    const { job, path } = line;
    try {
      if (path !== null && !uploads.has(path)) uploads.set(path, await upload(cli, grid, path));
      const uploaded = path === null ? null : uploads.get(path)!;
      const made = uploaded === null ? job : { sourceMap: uploaded.sourceMap, ...job, program: uploaded.sha256 };
      jobs.push(isSigned(job) ? made : { ...made, ...(await signatureOf(made, uploaded, signing)) });
    } catch (error) {
      throw ofLine(error, line);
    }
  }
  if (signing.signer !== undefined) tellUnsigned(cli, jobs);
  return jobs;
};

const upload = (cli: Cli, grid: Gossamer, path: string): Promise<Uploaded> =>
  grid.upload(path, { onWarning: (text) => cli.say(`warning: ${text}`) });

const isSigned = ({ signature }: JobSpecInput): boolean => signature !== undefined && signature !== null;

/** A key signs what was bundled here: of a program that a line names by its SHA-256, nobody here knows what it does. */
const signatureOf = async (
  { name, limits, program }: JobSpecInput,
  uploaded: Uploaded | null,
  { signer, signature }: BatchSigning,
): Promise<Pick<JobSpecInput, 'signature'>> => {
  if (signer !== undefined && uploaded !== null) return { signature: await uploaded.sign(signer, { name, limits }) };
  if (signature === undefined) return {};
  requireOf(signature.manifest.sha256, program);
  return { signature };
};

const requireOf = (signed: string, program: string): void => {
  if (signed === program) return;
  throw errorOf(
    'signature-wrong',
    `the signature of --signature is of the program ${signed}, and this one is ${program}: ` +
      'put a "signature" into the lines of other programs, or sign the same version',
  );
};

const tellUnsigned = (cli: Cli, jobs: readonly JobSpecInput[]): void => {
  const left = jobs.filter((job) => !isSigned(job)).length;
  if (left === 0) return;
  const them = left === 1 ? '1 job names its program' : `${left} jobs name their program`;
  cli.say(`${them} by its SHA-256, and is not signed: a key signs programs that are named by a path`);
};
