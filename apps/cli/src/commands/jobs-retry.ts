import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import { UsageError } from '../exit-code.ts';

export const jobsRetry = (parent: Command): void => {
  parent
    .command('retry <job>')
    .description('compute what failed once more; what is final stays')
    .option('--failed', 'the units that have failed')
    .action(action(retry));
};

const retry = async (cli: Cli, id: string, { failed }: { failed?: true }): Promise<void> => {
  if (failed !== true) throw new UsageError('say what is to be retried: --failed');
  await cli.show(await cli.grid().jobs.get(id).retry(), ({ retried }) =>
    retried === 0 ? 'nothing has failed' : `${retried} ${retried === 1 ? 'unit is' : 'units are'} open again`,
  );
};
