import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import { jobText } from './jobs-show.ts';

interface ReasonFlags {
  reason: string;
}

export const jobsHold = (parent: Command): void => {
  parent
    .command('hold <job>')
    .description('give out nothing new of it until it is released')
    .option('--reason <text>', 'shown to all who see the job', '')
    .action(
      action(async (cli: Cli, id: string, { reason }: ReasonFlags) => {
        await cli.show(await cli.grid().jobs.get(id).hold(reason), (view) => jobText(view, cli.out.isTerminal));
      }),
    );
};

export const jobsRelease = (parent: Command): void => {
  parent
    .command('release <job>')
    .description('let a held job go on')
    .option('--reason <text>', 'stands in its history', '')
    .action(
      action(async (cli: Cli, id: string, { reason }: ReasonFlags) => {
        await cli.show(await cli.grid().jobs.get(id).release(reason), (view) => jobText(view, cli.out.isTerminal));
      }),
    );
};

export const jobsClose = (parent: Command): void => {
  parent
    .command('close <job>')
    .description('no more inputs of a stream come: it is complete when those that came are computed')
    .action(
      action(async (cli: Cli, id: string) => {
        await cli.show(await cli.grid().jobs.get(id).closeInputs(), (view) => jobText(view, cli.out.isTerminal));
      }),
    );
};

export const jobsCancel = (parent: Command): void => {
  parent
    .command('cancel <job>')
    .description('end it for good; what is final stays')
    .option('--reason <text>', 'shown to all who see the job', '')
    .action(
      action(async (cli: Cli, id: string, { reason }: ReasonFlags) => {
        await cli.show(await cli.grid().jobs.get(id).cancel(reason), (view) => jobText(view, cli.out.isTerminal));
      }),
    );
};
