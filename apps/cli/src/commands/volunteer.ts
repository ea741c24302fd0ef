import { LIMITS } from '@gossamer/protocol';
import { type Command, InvalidArgumentError } from 'commander';
import { resolve } from 'node:path';
import { integer } from '../arguments.ts';
import { type Cli, action } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { onInterrupt } from '../interrupt.ts';
import { LendingProgress } from '../lending/lending-progress.ts';
import { findBrowser } from '../local/find-browser.ts';

interface VolunteerFlags {
  tabs: number;
  slots?: number;
  profile?: string;
}

/** Each is a browser of its own: more of them would not fit into most machines. */
const MOST_TABS = 16;
/** How often the pages are looked at, ms. */
const LOOK_MS = 500;

const HELP = `
This is the volunteer's page, at --url, in a Chromium or Chrome that is started without a window (the system's, or the one that
GOSSAMER_CHROMIUM names): what runs has the same cage there as in any tab. To start this command is to give consent. It goes on,
also over restarts of the coordinator, until Ctrl-C or SIGTERM; unfinished work is given back then. No key is needed.

Each tab is a device of its own: two of them can confirm each other where a quorum of 2 is asked. With --profile a device stays the
same, with its credit and what the grid knows of its reliability, the next time that this is started; without it is forgotten here.

With --json each change is one object on standard output: {"tabs": [{"state", "detail", "credit", "verified", "waiting",
"notConfirmed"}]}.`;

const within = (most: number) => (text: string) => {
  const value = integer(text);
  if (value >= 1 && value <= most) return value;
  throw new InvalidArgumentError(`expected 1 to ${most}.`);
};

/** `gossamer volunteer`: tabs for a machine without a screen, or for one's own job. */
export const volunteerCommand = (parent: Command): void => {
  parent
    .command('volunteer')
    .description('lend tabs of a browser without a window to the grid, until Ctrl-C')
    .option('--tabs <n>', 'how many; each is a device of its own', within(MOST_TABS), 1)
    .option('--slots <n>', 'units at once in each tab (default: half of the processors)', within(LIMITS.slots))
    .option('--profile <folder>', 'keep the devices there, for the next time')
    .addHelpText('after', HELP)
    .action(action(volunteer));
};

const volunteer = async (cli: Cli, { tabs, slots, profile }: VolunteerFlags): Promise<number> => {
  const { url } = cli.flags;
  const { path, version } = await findBrowser();
  const grid = await cli.grid({ open: true }).view();
  const lent = tabs === 1 ? 'one tab' : `${tabs} tabs`;
  if (process.getuid?.() === 0) {
    cli.say(
      'as root the browser runs without its own sandbox, one wall less: for work of strangers use another account',
    );
  }
  cli.say(`lending ${lent} of Chromium ${version} to ${grid.name}, run by ${grid.operator}, at ${url}; Ctrl-C ends it`);

  // What drives a browser takes other commands' start no time.
  const { Crew } = await import('../lending/crew.ts');
  const crew = new Crew({ path, url, slots, tabs, profile: profile === undefined ? null : resolve(profile) }, (text) =>
    progress.say(text),
  );
  const progress = new LendingProgress(cli, process.stderr);
  let isOver = false;
  let wake = (): void => undefined;
  const forget = onInterrupt(() => {
    isOver = true;
    wake();
  });
  try {
    await crew.open();
    while (!isOver) {
      await progress.update(await crew.shown());
      await new Promise<void>((resolvePause) => {
        const timer = setTimeout(resolvePause, LOOK_MS);
        wake = () => {
          clearTimeout(timer);
          resolvePause();
        };
        if (isOver) wake();
      });
    }
    await progress.update(await crew.shown());
    progress.say('unfinished work is given back…');
    await crew.leave();
  } finally {
    progress.end();
    forget();
  }
  return EXIT.ok;
};
