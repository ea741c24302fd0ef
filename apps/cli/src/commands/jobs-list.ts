import { JobState } from '@gossamer/protocol';
import { type Command, Option } from 'commander';
import { type Cli, action } from '../cli.ts';
import { moment, table } from '../table.ts';

export const jobsList = (parent: Command): void => {
  parent
    .command('list')
    .description('list jobs, newest first')
    .addOption(new Option('--state <state>', 'only these').choices(JobState.options))
    .option('--batch <batch>', 'only those of this batch')
    .option('--program <sha256>', 'only those of this program')
    .action(action(list));
};

const list = async (cli: Cli, filter: { state?: JobState; batch?: string; program?: string }): Promise<void> => {
  await cli.list(cli.grid().jobs.list(filter), (jobs) =>
    table(
      ['JOB', 'NAME', 'STATE', 'DONE', 'FAILED', 'UNITS', 'CREATED'],
      jobs.map(({ id, name, state: now, units, createdAt }) => [
        id,
        name,
        now,
        units.validated,
        units.failed,
        units.total,
        moment(createdAt),
      ]),
      cli.out.isTerminal,
    ),
  );
};
