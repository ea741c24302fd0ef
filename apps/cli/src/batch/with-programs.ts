import { JobLimits, type JobSpecInput, type ProgramSignature } from '@gossamer/protocol';
import { type Gossamer, GossamerError, type MapOptions, type Signer, errorOf } from '@gossamer/sdk/node';
import type { Cli } from '../cli.ts';
import { ofLine } from './at-line.ts';
import { type BatchLine, TOLD_LINES } from './read-batch.ts';

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
  const programs = await uploaded(cli, grid, lines);
  const jobs: JobSpecInput[] = [];
  for (const line of lines) {
    const { job, path } = line;
    try {
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

/** By their paths. Of those that cannot be bundled each is told, by the first line that names it. */
const uploaded = async (cli: Cli, grid: Gossamer, lines: readonly BatchLine[]): Promise<Map<string, Program>> => {
  const programs = new Map<string, Program>();
  const wrong = new Map<string, GossamerError>();
  for (const line of lines) {
    const { path } = line;
    if (path === null || programs.has(path) || wrong.has(path)) continue;
    try {
      programs.set(path, await upload(cli, grid, path));
    } catch (error) {
      const told = ofLine(error, line);
      if (!(told instanceof GossamerError) || !isOfProgram(told)) throw told;
      wrong.set(path, told);
    }
  }
  if (wrong.size > 0) throw allOf([...wrong.values()]);
  return programs;
};

/** What was refused here, of the program itself: other programs may be as wrong, and the grid has no part in it. */
const isOfProgram = ({ status, transient }: GossamerError): boolean => status === undefined && !transient;

/** Several errors as one: the first one, and the words of some others. */
const allOf = ([first, ...more]: GossamerError[]): GossamerError => {
  if (more.length === 0) return first!;
  const others = more.slice(0, TOLD_LINES - 1).map(({ message }) => {
    const [, path = '', text = message] = /^(line \d+): ([^]*)$/.exec(message) ?? [];
    return { path, message: text };
  });
  const left = more.length - others.length;
  if (left > 0) others.push({ path: 'other lines', message: `${left} more programs are wrong` });
  return errorOf(first!.code, first!.message, { errors: [...(first!.errors ?? []), ...others], cause: first });
};

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
