import type { FactView } from '@gossamer/protocol';
import type { Command } from 'commander';
import { integer } from '../arguments.ts';
import { type Cli, action } from '../cli.ts';
import { printableLines } from '../printable.ts';
import { moment } from '../table.ts';

export const jobsFailures = (parent: Command): void => {
  parent
    .command('failures <job>')
    .description('how attempts failed: message, stack in your sources, and what the program logged')
    .argument('[unit]', 'the index of a unit; without it, of units that failed', integer)
    .option('--limit <n>', 'of at most so many units', integer, 10)
    .action(action(failures));
};

type Job = ReturnType<ReturnType<Cli['grid']>['jobs']['get']>;

/** Units that failed, the first ones. */
async function* failedUnits(job: Job, limit: number): AsyncGenerator<number> {
  let left = limit;
  for await (const { index } of job.units({ state: 'failed' })) {
    if (left-- <= 0) return;
    yield index;
  }
}

const indented = (text: string): string => text.replace(/^/gm, '    ');

const text = ({ unit, device, at, text: said, failure }: FactView): string => {
  const { stack = '', log = [] } = failure ?? {};
  // Engines begin a stack with the message, which is told already.
  const frames = stack.slice(Math.max(0, stack.search(/^\s+at /m)));
  return [
    `unit ${unit}, ${moment(at)}, ${device ?? 'a forgotten device'}: ${said}`,
    ...(frames === '' ? [] : [indented(frames.replace(/^\s+/gm, ''))]),
    ...(log.length === 0 ? [] : [`  logged before:\n${indented(log.join('\n'))}`]),
  ].join('\n');
};

const failures = async (
  cli: Cli,
  id: string,
  unit: number | undefined,
  { limit }: { limit: number },
): Promise<void> => {
  const job = cli.grid().jobs.get(id);
  let told = 0;
  for await (const index of unit === undefined ? failedUnits(job, limit) : [unit]) {
    for (const fact of await job.facts(index)) {
      if (fact.failure === undefined) continue;
      told += 1;
      if (cli.json) await cli.out.json(fact);
      else await cli.out.line(printableLines(text(fact)));
    }
  }
  if (told > 0) return;
  cli.say(
    unit === undefined ? 'no unit has failed' : `no attempt of unit ${unit} has failed; those of the job: leave it out`,
  );
};
