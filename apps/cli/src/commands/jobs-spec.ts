import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';

const HELP = `
As \`POST /v1/jobs\` takes it, with all that was left out filled in; the inputs of a stream are not in it. With --json it is one line, of
which the same job is made once more, changed or not:
  gossamer jobs spec JOB --json | gossamer batches create -`;

export const jobsSpec = (parent: Command): void => {
  parent
    .command('spec <job>')
    .description('what it was made of, as JSON: the same job can be made of it again')
    .addHelpText('after', HELP)
    .action(action(spec));
};

const spec = async (cli: Cli, id: string): Promise<void> => {
  await cli.show(await cli.grid().jobs.spec(id), (made) => JSON.stringify(made, null, 2));
};
