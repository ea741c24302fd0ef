import { GossamerError, type Inputs, type Job } from '@gossamer/sdk/node';
import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import { EXIT, UsageError } from '../exit-code.ts';
import { follow } from '../follow.ts';
import { onInterrupt } from '../interrupt.ts';
import { type JobFlags, PROGRAM, addJobFlags, mapOptions } from '../job-flags.ts';
import { OutputClosed } from '../output.ts';
import { type Entries, entriesOf, printResults } from '../print-results.ts';
import { type SourceFlags, addSourceFlags, areLines, inputsOf } from '../source-flags.ts';
import { tellJob, tellVisibility } from '../tell-job.ts';
import { dataProgress } from '../upload-progress.ts';

interface MapFlags extends JobFlags, SourceFlags {
  ordered?: true;
  detach?: true;
  save?: string;
}

const HELP = `
Standard input is read while the job runs, one input a line, unless --range or --input says otherwise; no faster than
results are taken. Results are written to standard output as they become final, one JSON object a line: {"unit",
"input", "output"}, with "bytes" (base64) for bytes, their "type" for a typed array, and "error" for a unit that failed.
A result of over 1 MiB is told by its "blob" ("sha256", "bytes", "encoding"), with --save also by the "file" that holds it.
Progress goes to standard error. Tables, arrays (--format csv, json), and standard input with --detach, are read to their end first.

Killed otherwise, it is taken up by the same command with the same --idempotency-key and the same inputs: the job goes on, and its results
come from the first one on. With --json each line has its "cursor"; see \`gossamer jobs results --after\`.

Ctrl-C cancels the job (twice: leaves it running, and ends at once); so does a reader that goes away, such as head.
With --detach the job's id is printed and the job goes on; see \`gossamer jobs results\`.`;

/** `gossamer map PROGRAM`: a unix filter whose work is done by the grid. */
export const mapCommand = (parent: Command): void => {
  const command = parent
    .command('map')
    .argument('<program>', PROGRAM)
    .description('run a program on every input, as a filter');
  addJobFlags(addSourceFlags(command))
    .option('--ordered', 'results in the order of the inputs')
    .option('--save <dir>', 'write results of over 1 MiB to files there: UNIT.json or UNIT.bin')
    .option('--detach', "print the job's id and leave it running")
    .addHelpText('after', HELP)
    .action(action(map));
};

const map = async (cli: Cli, program: string, flags: MapFlags): Promise<number> => {
  if (flags.detach === true) refuseOfResults(flags);
  const grid = cli.grid();
  const onWarning = (text: string): void => cli.say(`warning: ${text}`);
  const options = { ...(await mapOptions(flags)), onWarning, onUpload: dataProgress(cli) };
  const inputs = await inputsOf(flags, true, (text) => cli.say(text));
  const ordered = flags.ordered === true;
  const stop = new AbortController();
  const { signal } = stop;
  if (flags.detach === true || !isStream(inputs) || !areLines(flags)) {
    const job = await grid.map(inputs, program, options);
    tellVisibility(cli, job);
    const streamed = { cli, job, stop, isOpen: false, ordered, save: flags.save };
    if (flags.detach !== true) return stream(streamed, entriesOf(job, { ordered, signal }));
    await tellJob(cli, job);
    return EXIT.ok;
  }
  const pipe = await grid.pipe(inputs, program, {
    ...options,
    ordered,
    signal,
    failures: 'yield',
    leaveOpen: true,
  });
  tellVisibility(cli, pipe.job);
  return stream({ cli, job: pipe.job, stop, isOpen: true, ordered, save: flags.save }, pipe.handles());
};

/** With --detach nothing is written here of which these would say how. */
const refuseOfResults = ({ ordered, save }: MapFlags): void => {
  const [useless] = [...(ordered === true ? ['--ordered'] : []), ...(save === undefined ? [] : ['--save'])];
  if (useless === undefined) return;
  throw new UsageError(`with --detach no results are written: give ${useless} to \`gossamer jobs results\` later`);
};

/** After an error the coordinator is given so long to take note, ms. */
const CLOSE_MS = 3000;

const isStream = (inputs: Inputs<unknown>): inputs is AsyncIterable<unknown> => Symbol.asyncIterator in inputs;

interface Streamed {
  cli: Cli;
  job: Job;
  stop: AbortController;
  /** Its inputs come while it runs. */
  isOpen: boolean;
  ordered: boolean;
  /** Where large results are put. */
  save: string | undefined;
}

const stream = async ({ cli, job, stop, isOpen, ordered, save }: Streamed, entries: Entries): Promise<number> => {
  let interrupted = false;
  const forget = onInterrupt(() => {
    interrupted = true;
    stop.abort();
  });
  const drawn = follow(cli, job, stop.signal);
  drawn.catch(() => undefined);
  try {
    const failed = await printResults(cli, entries, { save, withCursor: cli.json && !ordered });
    await drawn;
    return failed === 0 ? EXIT.ok : EXIT.incomplete;
  } catch (error) {
    stop.abort();
    await drawn.catch(() => undefined);
    if (interrupted) {
      await cancel(cli, job, 'interrupted by its submitter');
      return EXIT.interrupted;
    }
    if (error instanceof OutputClosed) await cancel(cli, job, 'the reader of its results went away');
    // What came is computed; nobody would say any more that this is all.
    else if (isOpen) await job.closeInputs({ signal: AbortSignal.timeout(CLOSE_MS) }).catch(() => undefined);
    throw error;
  } finally {
    forget();
  }
};

/** A job that is over meanwhile need not be cancelled. */
const cancel = async (cli: Cli, job: Job, reason: string): Promise<void> => {
  try {
    await job.cancel(reason);
    cli.say(`${job.id} is cancelled: ${reason}`);
  } catch (error) {
    if (!(error instanceof GossamerError) || error.status !== 409) throw error;
  }
};
