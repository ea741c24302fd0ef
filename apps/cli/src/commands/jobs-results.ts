import type { JobSpec } from '@gossamer/protocol';
import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import { EXIT, UsageError } from '../exit-code.ts';
import { entriesOf, printResults } from '../print-results.ts';

interface ResultsFlags {
  after?: string;
  ordered?: true;
  follow: boolean;
  provisional?: true;
  save?: string;
}

const HELP = `
With --json, but for --ordered, each line has its "cursor": --after with that of the last whole line goes on behind it, so that a command that was killed
lost nothing and nothing comes twice. A last line without an end was cut off: drop it. The status then tells of all units that failed.

With --provisional each line has its "kind": "final", "provisional" for what stands on the word of one device for now, and "revoked"
(without a result) where that no longer stands; a unit that was revoked comes again.

A result of over 1 MiB is told by its "blob": {"sha256", "bytes", "encoding"}, with --save also by the "file" that holds it. \`gossamer
blobs get SHA256\` reads one.`;

export const jobsResults = (parent: Command): void => {
  parent
    .command('results <job>')
    .description('results as NDJSON on standard output, until the job is over')
    .option(
      '--after <cursor>',
      'only what came after the line with this cursor, as --json tells it; "" is the beginning',
    )
    .option('--ordered', 'by the index of the unit')
    .option('--no-follow', 'only those that are final now')
    .option('--provisional', 'those that stand for now, too, and that they were revoked')
    .option('--save <dir>', 'write results of over 1 MiB to files there: UNIT.json or UNIT.bin')
    .addHelpText('after', HELP)
    .action(action(results));
};

/** The input of a unit of a range follows from its index; that of another source is not asked for. */
const inputsOf = ({ source }: JobSpec): ((unit: number) => number) | undefined => {
  if (source.kind !== 'range') return undefined;
  const { start, step } = source;
  return (unit) => start + unit * step;
};

const results = async (cli: Cli, id: string, flags: ResultsFlags): Promise<number> => {
  const { ordered = false, follow, provisional = false, save } = flags;
  // A file that has no line yet has no cursor: then it is the first one on.
  const after = flags.after === '' ? undefined : flags.after;
  if (flags.after !== undefined && ordered) {
    throw new UsageError(
      '--after goes on in the order in which results became final: leave out --ordered. Ordered lines are the same each time: ' +
        'ask for them again, and skip those that are there (tail -n +N)',
    );
  }
  const { jobs } = cli.grid();
  const job = jobs.get(id);
  const entries = entriesOf(job, { ordered, follow, provisional, ...(after === undefined ? {} : { after }) });
  // Of another source the inputs may be many megabytes, of which nothing would be told.
  const inputOf = (await job.view()).source === 'range' ? inputsOf(await jobs.spec(id)) : undefined;
  const failed = await printResults(cli, entries, { save, withCursor: cli.json && !ordered, inputOf });
  // What failed before the cursor was told to one who was killed, and has not said it by a status.
  const before = after === undefined || failed > 0 ? 0 : (await job.view()).units.failed;
  return failed + before === 0 ? EXIT.ok : EXIT.incomplete;
};
