import type { JobView } from '@gossamer/protocol';
import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import { fields, moment } from '../table.ts';

export const jobsShow = (parent: Command): void => {
  parent.command('show <job>').description('one job in full').action(action(show));
};

const show = async (cli: Cli, id: string): Promise<void> => {
  await cli.show(await cli.grid().jobs.get(id).view(), (view) => jobText(view, cli.out.isTerminal));
};

/** A job, one field a line; also the answer of hold, release and cancel. */
export const jobText = (view: JobView, terminal: boolean): string => {
  const { units, attempts, policy } = view;
  return fields(
    [
      ['job', view.id],
      ['name', view.name],
      ['submitter', view.submitter],
      ['state', view.state + (view.reason ? `: ${view.reason}` : '')],
      ...(view.waiting === null ? [] : [['waiting', view.waiting] as const]),
      ['program', view.program],
      ['source', view.source],
      ['policy', policy.kind === 'quorum' ? `quorum ${policy.quorum}` : policy.kind],
      ['units', `${units.total}: ${countText(units)}`],
      ['attempts', countText(attempts)],
      ['created', moment(view.createdAt)],
      ['completed', moment(view.completedAt)],
    ],
    terminal,
  );
};

const countText = (counts: Record<string, number>): string => {
  const present = Object.entries(counts).filter(([name, count]) => name !== 'total' && count > 0);
  return present.length === 0 ? 'none' : present.map(([name, count]) => `${count} ${name}`).join(', ');
};
