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

/** Failures of one unit that went alike, as they do where a program is wrong. */
const alike = (facts: readonly FactView[]): [FactView, ...FactView[]][] => {
  const groups = new Map<string, [FactView, ...FactView[]]>();
  for (const fact of facts) {
    const key = JSON.stringify(fact.failure);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [fact]);
    else group.push(fact);
  }
  return [...groups.values()];
};

const headOf = (group: readonly [FactView, ...FactView[]]): string => {
  const [{ unit, device, at, text: said, failure }] = group;
  if (group.length === 1) return `unit ${unit}, ${moment(at)}, ${device ?? 'a forgotten device'}: ${said}`;
  const devices = new Set(group.map((fact) => fact.device)).size;
  const by = devices === 1 ? 'on one device' : `on ${devices} devices`;
  const until = moment(group.at(-1)!.at);
  return `unit ${unit}, ${group.length} attempts ${by}, ${moment(at)} to ${until}, all: ${failure!.message}`;
};

const text = (group: readonly [FactView, ...FactView[]]): string => {
  const { stack = '', log = [] } = group[0].failure ?? {};
  // Engines begin a stack with the message, which is told already.
  const frames = stack.slice(Math.max(0, stack.search(/^\s+at /m)));
  return [
    headOf(group),
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
    const failed = (await job.facts(index)).filter(({ failure }) => failure !== undefined);
    told += failed.length;
    if (cli.json) for (const fact of failed) await cli.out.json(fact);
    else for (const group of alike(failed)) await cli.out.line(printableLines(text(group)));
  }
  if (told > 0) return;
  cli.say(
    unit === undefined ? 'no unit has failed' : `no attempt of unit ${unit} has failed; those of the job: leave it out`,
  );
};
