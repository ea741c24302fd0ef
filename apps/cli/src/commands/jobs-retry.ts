import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import { UsageError } from '../exit-code.ts';
import { counted } from '../watch/line-parts.ts';

const HELP = `
Without --failed nothing is done: it is said how many units --failed would open again.

A job keeps its program, which is named by its bytes: what is retried runs the same one. That helps where the fault was in what the
program met. Where it was in the program itself, mend it, and make a new job of the inputs of the units that failed: with the file
or pipe that the job was made of, and no blank lines in it,

  gossamer jobs units JOB --state failed --limit 1000000 | cut -f1 | tail -n +2 > failed     # their numbers, from 0
  awk 'NR == FNR { want[$1 + 1]; next } FNR in want' failed inputs.txt | gossamer map ./mended.ts`;

export const jobsRetry = (parent: Command): void => {
  parent
    .command('retry <job>')
    .description('compute what failed once more, by the same program; what is final stays')
    .option('--failed', 'the units that have failed')
    .option('--program <file>', 'refused: a job keeps its program')
    .addHelpText('after', HELP)
    .action(action(retry));
};

interface RetryFlags {
  failed?: true;
  program?: string;
}

const retry = async (cli: Cli, id: string, { failed, program }: RetryFlags): Promise<void> => {
  if (program !== undefined) {
    throw new UsageError(
      `a job keeps its program, which is named by its bytes: a retry cannot run ${program}. Make a new job of the inputs of the ` +
        'units that failed; `gossamer jobs retry --help` says how',
    );
  }
  const job = cli.grid().jobs.get(id);
  if (failed === true) {
    return cli.show(await job.retry(), ({ retried }) =>
      retried === 0 ? 'nothing has failed' : `${counted(retried, 'unit is', 'units are')} open again`,
    );
  }
  const { units } = await job.view();
  await cli.show({ retried: 0, failed: units.failed, total: units.total }, () =>
    units.failed === 0
      ? 'nothing has failed, so there is nothing to retry'
      : `${units.failed} of ${counted(units.total, 'unit has', 'units have')} failed, and nothing was done; this opens them again:\n` +
        `  gossamer jobs retry ${id} --failed`,
  );
};
