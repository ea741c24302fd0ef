import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { entriesOf, printResults } from '../print-results.ts';

interface ResultsFlags {
  ordered?: true;
  follow: boolean;
  provisional?: true;
}

const HELP = `
With --provisional each line has its "kind": "final", "provisional" for what stands on the word of one device for now, and "revoked"
(without a result) where that no longer stands; a unit that was revoked comes again.`;

export const jobsResults = (parent: Command): void => {
  parent
    .command('results <job>')
    .description('results as NDJSON on standard output, until the job is over')
    .option('--ordered', 'by the index of the unit')
    .option('--no-follow', 'only those that are final now')
    .option('--provisional', 'those that stand for now, too, and that they were revoked')
    .addHelpText('after', HELP)
    .action(action(results));
};

const results = async (cli: Cli, id: string, flags: ResultsFlags): Promise<number> => {
  const { ordered = false, follow, provisional = false } = flags;
  const failed = await printResults(cli.out, entriesOf(cli.grid().jobs.get(id), { ordered, follow, provisional }));
  return failed === 0 ? EXIT.ok : EXIT.incomplete;
};
