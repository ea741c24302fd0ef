import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { type JobFlags, PROGRAM, addJobFlags, mapOptions } from '../job-flags.ts';
import { type SourceFlags, addSourceFlags, inputsOf } from '../source-flags.ts';
import { tellJob, tellVisibility } from '../tell-job.ts';
import { dataProgress } from '../upload-progress.ts';
import { watchToEnd } from '../watch/watch-job.ts';

interface CreateFlags extends JobFlags, SourceFlags {
  detach?: true;
}

export const jobsCreate = (parent: Command): void => {
  const command = parent
    .command('create')
    .argument('<program>', PROGRAM)
    .description('create a job, print its id, and follow it');
  addJobFlags(addSourceFlags(command))
    .option('--detach', 'do not follow it')
    .addHelpText('after', '\nCtrl-C ends the following; the job goes on.')
    .action(action(create));
};

const create = async (cli: Cli, program: string, flags: CreateFlags): Promise<number> => {
  const options = await mapOptions(flags);
  const inputs = await inputsOf(flags, false, (text) => cli.say(text));
  const onWarning = (text: string): void => cli.say(`warning: ${text}`);
  const job = await cli.grid().map(inputs, program, { ...options, onWarning, onUpload: dataProgress(cli) });
  tellVisibility(cli, job);
  const follows = flags.detach !== true;
  // Its states, which --json puts on standard output, tell of it what this would.
  if (!follows || !cli.json) await tellJob(cli, job);
  return follows ? watchToEnd(cli, job) : EXIT.ok;
};
