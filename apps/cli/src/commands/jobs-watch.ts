import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import { follow, statusOf } from '../follow.ts';

export const jobsWatch = (parent: Command): void => {
  parent
    .command('watch <job>')
    .description('follow a job until it is over; with --json each state as a line on standard output')
    .action(action(watch));
};

const watch = async (cli: Cli, id: string): Promise<number> => {
  const job = cli.grid().jobs.get(id);
  if (!cli.json) return statusOf(await follow(job, cli.quiet));
  let last = null;
  for await (const view of job.watch()) {
    await cli.out.json(view);
    last = view;
  }
  return statusOf(last);
};
