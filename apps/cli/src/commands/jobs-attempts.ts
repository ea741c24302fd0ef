import { AttemptOutcome } from '@gossamer/protocol';
import { type Command, Option } from 'commander';
import { integer } from '../arguments.ts';
import { type Cli, action } from '../cli.ts';
import { moment, table } from '../table.ts';
import { firstOf } from '../first-of.ts';

interface AttemptsFlags {
  unit?: number;
  outcome?: AttemptOutcome;
  limit: number;
}

export const jobsAttempts = (parent: Command): void => {
  parent
    .command('attempts <job>')
    .description('what came of each attempt: when, of which device, and why it errored')
    .option('--unit <index>', 'of one unit alone, with what is out now', integer)
    .addOption(new Option('--outcome <outcome>', 'only these').choices(AttemptOutcome.options))
    .option('--limit <n>', 'at most so many', integer, 1000)
    .action(action(attempts));
};

const attempts = async (cli: Cli, id: string, { limit, ...filter }: AttemptsFlags): Promise<void> => {
  const found = cli.grid().jobs.get(id).attempts(filter);
  await cli.list(firstOf(found, limit), (list) =>
    table(
      ['ATTEMPT', 'UNIT', 'OUTCOME', 'AT', 'RUN MS', 'BYTES', 'DEVICE', 'ERROR'],
      list.map(({ id: name, unit, state, at, runMs, size, device, error }) => [
        name,
        unit,
        state,
        moment(at),
        runMs ?? '',
        size ?? '',
        device ?? '',
        (error ?? '').split('\n', 1)[0]!,
      ]),
      cli.out.isTerminal,
    ),
  );
};
