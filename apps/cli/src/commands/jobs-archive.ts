import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import { requireFile, saveArchive } from '../save.ts';

export const jobsArchive = (parent: Command): void => {
  parent
    .command('archive <job>')
    .description(
      'all that is final, as one ZIP archive: job.json, results.ndjson, and a file for each output that is bytes or large',
    )
    .option('-o, --output <file>', 'the file (default: the job’s id and .zip); - is standard output')
    .action(action(archive));
};

const archive = async (cli: Cli, id: string, { output = `${id}.zip` }: { output?: string }): Promise<void> => {
  requireFile(cli, output);
  await saveArchive(cli, await cli.grid().jobs.get(id).archive(), output);
};
