import { JobLimits, type JobSpecInput, type ProgramSignature } from '@gossamer/protocol';
import { type Gossamer, type MapOptions, type Signer, errorOf } from '@gossamer/sdk/node';
import type { Cli } from '../cli.ts';
import { ofLine } from './at-line.ts';
import type { BatchLine } from './read-batch.ts';

type Uploaded = Awaited<ReturnType<Gossamer['upload']>>;
/** By what the jobs are signed, if they are. */
export type BatchSigning = Pick<MapOptions, 'signer' | 'signature'>;

/**
 * The jobs with the programs that their lines name by a path: each is bundled and uploaded once, and signed for what its jobs may
 * use.
 */
export const withPrograms = async (
  cli: Cli,
  grid: Gossamer,
  lines: readonly BatchLine[],
  signing: BatchSigning,
): Promise<JobSpecInput[]> => {
  const programs = new Map<string, Program>();
  const jobs: JobSpecInput[] = [];
  // One after the other, so that of several mistakes it is the first line's that is told.
  for (const line of lines) {
    const { job, path } = line;
    try {
      if (path !== null && !programs.has(path)) programs.set(path, await upload(cli, grid, path));
      const program = path === null ? null : programs.get(path)!;
      const made = program === null ? job : { sourceMap: program.sourceMap, ...job, program: program.sha256 };
      jobs.push('signature' in job ? made : { ...made, ...(await signatureOf(made, program, signing)) });
    } catch (error) {
      throw ofLine(error, line);
    }
  }
  if (signing.signer !== undefined) tellUnsigned(cli, lines);
  return jobs;
};

/** A program that went up, and its signatures by the limits for which they were made. */
type Program = Uploaded & { signatures: Map<string, ProgramSignature> };

const upload = async (cli: Cli, grid: Gossamer, path: string): Promise<Program> => ({
  ...(await grid.upload(path, { onWarning: (text) => cli.say(`warning: ${text}`) })),
  signatures: new Map(),
});

/** A key signs what was bundled here: of a program that a line names by its SHA-256, nobody here knows what it does. */
const signatureOf = async (
  job: JobSpecInput,
  program: Program | null,
  { signer, signature }: BatchSigning,
): Promise<Pick<JobSpecInput, 'signature'>> => {
  if (signer !== undefined && program !== null) return { signature: await signed(program, signer, job.limits) };
  if (signature === undefined) return {};
  requireOf(signature.manifest.sha256, job.program);
  return { signature };
};

/**
 * It has the program's name, and not the job's: jobs that are alike but for their names stay so, and the coordinator reads their
 * source once.
 */
const signed = async (program: Program, signer: Signer, limits: JobSpecInput['limits']): Promise<ProgramSignature> => {
  const key = JSON.stringify(JobLimits.parse(limits ?? {}));
  const made = program.signatures.get(key) ?? (await program.sign(signer, { name: program.name, limits }));
  program.signatures.set(key, made);
  return made;
};

const requireOf = (signedProgram: string, program: string): void => {
  if (signedProgram === program) return;
  throw errorOf(
    'signature-wrong',
    `the signature of --signature is of the program ${signedProgram}, and this one is ${program}: ` +
      'put a "signature" into the lines of other programs, or sign the same version',
  );
};

const tellUnsigned = (cli: Cli, lines: readonly BatchLine[]): void => {
  const left = lines.filter(({ job, path }) => path === null && !('signature' in job)).length;
  if (left === 0) return;
  const them = left === 1 ? '1 job names its program' : `${left} jobs name their programs`;
  cli.say(
    `${them} by SHA-256, and ${left === 1 ? 'is' : 'are'} not signed: a key signs programs that are named by a path`,
  );
};
