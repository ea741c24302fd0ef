import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import { UsageError } from '../exit-code.ts';
import { type IndependenceFlags, addAllowSame, addRefuseSame, independenceOf } from '../independence-flags.ts';
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

export const jobsChange = (parent: Command): void => {
  const command = parent.command('change <job>').description('change which replicas of a unit count as independent');
  addRefuseSame(addAllowSame(command))
    .addHelpText('after', CHANGE_HELP)
    .action(
      action(async (cli: Cli, id: string, flags: IndependenceFlags) => {
        const independence = independenceOf(flags);
        if (Object.keys(independence).length === 0) {
          throw new UsageError('there is nothing to change: give --allow-same or --refuse-same; --help says what of');
        }
        await cli.show(await cli.grid().jobs.get(id).patch({ independence }), (view) =>
          jobText(view, cli.out.isTerminal),
        );
      }),
    );
};

const CHANGE_HELP = `
\`gossamer jobs explain\` says when a job waits for an independent device, and which of these would let it go on. What has been
computed stays. Nothing else of a job can be changed: its program, inputs, policy and limits are what it is.`;

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
