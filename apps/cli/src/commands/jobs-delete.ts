import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';

export const jobsDelete = (parent: Command): void => {
  parent
    .command('delete <job>')
    .description('delete a job that has ended, with its results and its history, for good')
    .action(
      action(async (cli: Cli, id: string) => {
        await cli.show(await cli.grid().jobs.get(id).delete(), ({ cleared }) =>
          cleared ? 'it is deleted' : 'it is deleted; what is left of it on disk is being cleared',
        );
      }),
    );
};
