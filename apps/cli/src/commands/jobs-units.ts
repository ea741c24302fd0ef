import { UnitState } from '@gossamer/protocol';
import { type Command, Option } from 'commander';
import { integer } from '../arguments.ts';
import { type Cli, action } from '../cli.ts';
import { firstOf } from '../first-of.ts';
import { table } from '../table.ts';

interface UnitsFlags {
  state?: UnitState;
  limit: number;
}

export const jobsUnits = (parent: Command): void => {
  parent
    .command('units <job>')
    .description('units with their attempts')
    .addOption(new Option('--state <state>', 'only these').choices(UnitState.options))
    .option('--limit <n>', 'at most so many', integer, 1000)
    .action(action(units));
};

const units = async (cli: Cli, id: string, { state, limit }: UnitsFlags): Promise<void> => {
  const found = cli
    .grid()
    .jobs.get(id)
    .units(state === undefined ? {} : { state });
  await cli.list(firstOf(found, limit), (list) =>
    table(
      ['UNIT', 'STATE', 'ERRORS', 'ATTEMPTS', 'REASON'],
      list.map(({ index, state: now, errors, attempts, reason }) => [
        index,
        now,
        errors,
        attempts.map((attempt) => attempt.state).join(' '),
        reason ?? '',
      ]),
      cli.out.isTerminal,
    ),
  );
};
