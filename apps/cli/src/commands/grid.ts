import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import { fields } from '../table.ts';

export const gridCommand = (parent: Command): void => {
  parent.command('grid').description('what this grid is, and what it does now; needs no key').action(action(grid));
};

const grid = async (cli: Cli): Promise<void> => {
  await cli.show(await cli.grid({ open: true }).view(), (view) =>
    fields(
      [
        ['grid', view.name],
        ['operator', view.operator],
        ['about', view.about],
        ['address', view.publicUrl],
        ['protocol', view.protocol],
        ['sessions', view.sessions],
        ...view.jobs.map((job) => [`job ${job.number}`, `${job.name}, ${job.validated}/${job.units} units`] as const),
      ],
      cli.out.isTerminal,
    ),
  );
};
