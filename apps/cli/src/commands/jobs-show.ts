import type { JobView } from '@gossamer/protocol';
import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import {
  comparisonWords,
  errorWords,
  estimateWords,
  policyWords,
  programWord,
  requirementsWords,
} from '../job-words.ts';
import { fields, moment } from '../table.ts';

export const jobsShow = (parent: Command): void => {
  parent.command('show <job>').description('one job in full').action(action(show));
};

const show = async (cli: Cli, id: string): Promise<void> => {
  await cli.show(await cli.grid().jobs.get(id).view(), (view) => jobText(view, cli.out.isTerminal));
};

/** A job, one field a line; also the answer of hold, release and cancel. */
export const jobText = (view: JobView, terminal: boolean): string => {
  const { units, attempts } = view;
  const requirements = requirementsWords(view.requirements);
  return fields(
    [
      ['job', view.id],
      ['name', view.name],
      ['submitter', view.submitter],
      ['state', view.state + (view.reason ? `: ${view.reason}` : '')],
      ...(view.waiting === null ? [] : [['waiting', view.waiting] as const]),
      ['program', `${view.program}, ${programWord(view.programKind)}`],
      ['signed by', view.signer === null ? 'nobody' : `${view.signer.name} (${view.signer.key})`],
      ['runs in', view.tier ?? 'nowhere'],
      ['source', view.source],
      ...Object.entries(view.data).map(([name, sha256]) => [`data ${name}`, sha256] as const),
      ['policy', policyWords(view.policy)],
      ['comparison', comparisonWords(view.comparison)],
      ...(view.sameClass ? [['same class', 'yes'] as const] : []),
      ...(requirements === null ? [] : [['requires', requirements] as const]),
      ...view.warnings.map((warning) => ['warning', warning] as const),
      ['units', `${units.total}: ${countText(units)}`],
      ['attempts', countText(attempts)],
      ...(view.errorEstimate === null ? [] : [['errors', errorWords(view.errorEstimate)] as const]),
      ...(view.estimate === null ? [] : [['estimate', estimateWords(view.estimate, view.waiting)] as const]),
      ['created', moment(view.createdAt)],
      ['completed', moment(view.completedAt)],
      ['kept', keptText(view)],
    ],
    terminal,
  );
};

const keptText = ({ retention, expiresAt }: JobView): string => {
  if (expiresAt !== null) return `until ${moment(expiresAt)}`;
  return retention === null ? 'until it is deleted' : `for ${retention} days after its end`;
};

const countText = (counts: Record<string, number>): string => {
  const present = Object.entries(counts).filter(([name, count]) => name !== 'total' && count > 0);
  return present.length === 0 ? 'none' : present.map(([name, count]) => `${count} ${name}`).join(', ');
};
