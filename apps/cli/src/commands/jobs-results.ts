import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { printResults } from '../print-results.ts';

interface ResultsFlags {
  ordered?: true;
  follow: boolean;
}

export const jobsResults = (parent: Command): void => {
  parent
    .command('results <job>')
    .description('results as NDJSON on standard output, until the job is over')
    .option('--ordered', 'by the index of the unit')
    .option('--no-follow', 'only those that are final now')
    .action(action(results));
};

const results = async (cli: Cli, id: string, flags: ResultsFlags): Promise<number> => {
  const { ordered = false, follow } = flags;
  const failed = await printResults(cli.out, cli.grid().jobs.get(id), { ordered, follow });
  return failed === 0 ? EXIT.ok : EXIT.incomplete;
};
