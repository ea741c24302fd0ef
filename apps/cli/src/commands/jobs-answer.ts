import type { AnswerView } from '@gossamer/protocol';
import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { fields } from '../table.ts';

export const jobsAnswer = (parent: Command): void => {
  parent
    .command('answer <job>')
    .description('what its final results come to so far, by the reduce of its program')
    .option('--watch', 'tell it each time that it changed, until it is final')
    .action(action(answer));
};

const count = (number: number): string => number.toLocaleString('en');

const text = (cli: Cli, view: AnswerView): string => {
  const { answer: value, intervals, noIntervals, folded, skipped, failed, total, isFinal } = view;
  return fields(
    [
      ['answer', JSON.stringify(value)],
      ...intervals.map(({ path, low, high }): [string, string] => [
        path === '' ? 'between' : `${path} between`,
        `${low} and ${high} (95 %)`,
      ]),
      ...(noIntervals === null ? [] : [['no interval', noIntervals] as [string, string]]),
      ['results in it', `${count(folded)} of ${count(total)}${isFinal ? ', and no more will come' : ''}`],
      ...(failed > 0 ? [['units failed', count(failed)] as [string, string]] : []),
      ...(skipped > 0 ? [['left out', `${count(skipped)}: they cannot be read`] as [string, string]] : []),
    ],
    cli.out.isTerminal,
  );
};

const answer = async (cli: Cli, id: string, { watch }: { watch?: true }): Promise<number> => {
  const job = cli.grid().jobs.get(id);
  if (watch === undefined) await cli.show(await job.answer(), (view) => text(cli, view));
  else for await (const view of job.answers()) await cli.show(view, (seen) => text(cli, seen));
  return EXIT.ok;
};
