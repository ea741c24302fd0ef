import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { entriesOf, printResults } from '../print-results.ts';

interface ResultsFlags {
  ordered?: true;
  follow: boolean;
  provisional?: true;
  save?: string;
}

const HELP = `
With --provisional each line has its "kind": "final", "provisional" for what stands on the word of one device for now, and "revoked"
(without a result) where that no longer stands; a unit that was revoked comes again.

A result of over 1 MiB is told by its "blob": {"sha256", "bytes", "encoding"}, with --save also by the "file" that holds it. \`gossamer
blobs get SHA256\` reads one.`;

export const jobsResults = (parent: Command): void => {
  parent
    .command('results <job>')
    .description('results as NDJSON on standard output, until the job is over')
    .option('--ordered', 'by the index of the unit')
    .option('--no-follow', 'only those that are final now')
    .option('--provisional', 'those that stand for now, too, and that they were revoked')
    .option('--save <dir>', 'write results of over 1 MiB to files there: UNIT.json or UNIT.bin')
    .addHelpText('after', HELP)
    .action(action(results));
};

const results = async (cli: Cli, id: string, flags: ResultsFlags): Promise<number> => {
  const { ordered = false, follow, provisional = false, save } = flags;
  const entries = entriesOf(cli.grid().jobs.get(id), { ordered, follow, provisional });
  const failed = await printResults(cli, entries, save);
  return failed === 0 ? EXIT.ok : EXIT.incomplete;
};
