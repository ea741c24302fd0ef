import { Command, Option } from 'commander';
import { integer } from './arguments.ts';
import { batchesCommand } from './commands/batches.ts';
import { blobsCommand } from './commands/blobs.ts';
import { completionCommand } from './commands/completion.ts';
import { devicesCommand } from './commands/devices.ts';
import { doctorCommand } from './commands/doctor.ts';
import { gridCommand } from './commands/grid.ts';
import { jobsCommand } from './commands/jobs.ts';
import { keysCommand } from './commands/keys.ts';
import { mapCommand } from './commands/map.ts';
import { meCommand } from './commands/me.ts';
import { programsCommand } from './commands/programs.ts';
import { runCommand } from './commands/run-local.ts';
import { signersCommand } from './commands/signers.ts';
import { webhooksCommand } from './commands/webhooks.ts';
import { EXIT_HELP, exitCodeOf } from './exit-code.ts';
import { reportError } from './report-error.ts';

const build = (): Command => {
  const root = new Command('gossamer')
    .description('Hand work to a grid of browser tabs. Data goes to standard output, progress to standard error.')
    .addOption(
      new Option('--url <url>', "the coordinator's address").env('GOSSAMER_URL').default('http://localhost:8080'),
    )
    .addOption(new Option('--key <key>', 'an API key').env('GOSSAMER_KEY'))
    .option('--json', 'answers as JSON, lists as one JSON object a line')
    .option('--quiet', 'nothing on standard error but errors')
    .addOption(
      new Option('--patience <seconds>', 'how long to wait for a coordinator that is away')
        .argParser(integer)
        .default(120),
    )
    .exitOverride()
    .showHelpAfterError('(--help says more)')
    .addHelpText('after', EXIT_HELP);
  const commands = [
    mapCommand,
    runCommand,
    jobsCommand,
    batchesCommand,
    programsCommand,
    signersCommand,
    webhooksCommand,
    keysCommand,
    meCommand,
    blobsCommand,
    devicesCommand,
    gridCommand,
    doctorCommand,
    completionCommand,
  ];
  for (const add of commands) add(root);
  return root;
};

/** Runs one command line (without node and script) and leaves its status in `process.exitCode`. */
export const runCli = async (args: readonly string[]): Promise<void> => {
  try {
    await build().parseAsync(args, { from: 'user' });
  } catch (error) {
    reportError(error, args.includes('--json'));
    process.exitCode = exitCodeOf(error);
  }
};
