import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import { watchToEnd } from '../watch/watch-job.ts';

const HELP = `
On a terminal it is drawn in place: bar, units, rate, time left, devices. Elsewhere it is lines on standard error,
and with --json each state as one object a line on standard output. A coordinator that is away is waited for (--patience).
The exit status is that of the job's end. Ctrl-C ends the watching; the job goes on.`;

/** `gossamer watch JOB`; also one of the commands of `jobs`. */
export const watchCommand = (parent: Command): void => {
  parent
    .command('watch <job>')
    .description('follow a job until it is over')
    .addHelpText('after', HELP)
    .action(action((cli: Cli, id: string) => watchToEnd(cli, cli.grid().jobs.get(id))));
};
