import type { JobView, UnitView, WaitingFor } from '@gossamer/protocol';
import type { Command } from 'commander';
import { integer } from '../arguments.ts';
import { type Cli, action } from '../cli.ts';
import { allowSameCommand } from '../independence-flags.ts';
import { whoHeld } from '../who-held.ts';

export const jobsExplain = (parent: Command): void => {
  parent
    .command('explain <job>')
    .description('why a job, or one unit of it, waits')
    .argument('[unit]', 'the index of a unit', integer)
    .action(action(explain));
};

const explain = async (cli: Cli, id: string, unit: number | undefined): Promise<void> => {
  const grid = cli.grid();
  const job = grid.jobs.get(id);
  if (unit === undefined) {
    const view = await job.view();
    const holder = view.state === 'held' ? await whoHeld(grid, view) : null;
    await cli.show({ ...view, heldBy: holder }, (told) => {
      return jobReason(told) + releaseWords(told, holder) + switchWords(job.id, told.waitingFor);
    });
  } else await cli.show(await job.unit(unit), (told) => unitReason(told) + switchWords(job.id, told.waitingFor));
};

/** Who holds it, and how it goes on. */
const releaseWords = ({ state, id }: JobView, holder: string | null): string => {
  if (state !== 'held') return '';
  const by = holder === null ? '' : `It was held by ${holder}.\n`;
  return `\n${by}\`gossamer jobs release ${id}\` lets it go on.`;
};

/** How what the coordinator advises is done here. */
const switchWords = (id: JobView['id'], waitingFor: WaitingFor | null): string => {
  const command = allowSameCommand(id, waitingFor);
  return command === null ? '' : `\n\`${command}\` does that; the agreement of such replicas proves less.`;
};

const ENDED = new Set<string>(['completed', 'cancelled', 'validated', 'failed']);

const ended = (state: string, reason: string | null): string => `It is ${state}${reason ? `: ${reason}` : '.'}`;

const jobReason = ({ state, reason, waiting }: JobView): string =>
  ENDED.has(state) ? ended(state, reason) : (waiting ?? 'It does not wait: units of it are being computed.');

const unitReason = ({ state, reason, waiting }: UnitView): string =>
  ENDED.has(state) ? ended(state, reason) : (waiting ?? 'It does not wait: it is being computed.');
