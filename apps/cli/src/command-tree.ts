import { Command, Option } from 'commander';
import { readFileSync } from 'node:fs';
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
import { volunteerCommand } from './commands/volunteer.ts';
import { watchCommand } from './commands/watch.ts';
import { webhooksCommand } from './commands/webhooks.ts';
import { EXIT_HELP } from './exit-code.ts';

const { version: VERSION } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** What these two mean, of every command. */
export const JSON_MEANING = 'standard output is JSON: one object, or one a line; so is an error, on standard error';
export const QUIET_MEANING = 'nothing on standard error but errors';

/**
 * All commands with their flags. `json`: the parser of arguments says nothing by itself, for its error is told as JSON
 * by whoever catches it.
 */
export const commandTree = ({ json = false } = {}): Command => {
  const silent = { outputError: () => undefined, writeErr: () => undefined };
  const root = new Command('gossamer')
    .configureOutput(json ? silent : {})
    .configureHelp({ showGlobalOptions: true })
    .version(json ? JSON.stringify({ version: VERSION }) : VERSION, '--version', 'print the version of this command')
    .description('Hand work to a grid of browser tabs. Data goes to standard output, progress to standard error.')
    .addOption(
      new Option('--url <url>', "the coordinator's address").env('GOSSAMER_URL').default('http://localhost:8080'),
    )
    .addOption(new Option('--key <key>', 'an API key').env('GOSSAMER_KEY'))
    .option('--json', JSON_MEANING)
    .option('--quiet', QUIET_MEANING)
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
    watchCommand,
    batchesCommand,
    programsCommand,
    signersCommand,
    webhooksCommand,
    keysCommand,
    meCommand,
    blobsCommand,
    devicesCommand,
    volunteerCommand,
    gridCommand,
    doctorCommand,
    completionCommand,
  ];
  for (const add of commands) add(root);
  return root;
};
