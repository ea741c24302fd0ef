import { Command, InvalidArgumentError, Option } from 'commander';
import { BENCHMARKS } from '../benchmarks/all.ts';
import { writeReport } from '../report/write-report.ts';
import type { Benchmark, NumberOption } from './benchmark.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const parse =
  ({ least, most }: NumberOption) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
  };

const commandOf = (made: Benchmark): Command => {
  const command = new Command(made.name).description(made.about);
  for (const [name, option] of Object.entries(made.options)) {
    command.addOption(new Option(`--${name} <n>`, option.about).argParser(parse(option)).default(option.value));
  }
  return command
    .option('--json', 'print one JSON object as the last line', false)
    .option('--profile <folder>', "write a CPU profile of the coordinator's threads there")
    .action(async ({ json, profile, ...options }: { json: boolean; profile?: string } & Record<string, number>) => {
      const execArgv = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
      const found = await made.run(options, { say, execArgv });
      process.stdout.write(json ? `${JSON.stringify(found)}\n` : textOf(found));
      if (found['checked'] === false) process.exitCode = 1;
    });
};

const textOf = (found: Record<string, unknown>): string => {
  const width = Math.max(...Object.keys(found).map(({ length }) => length));
  const lines = Object.entries(found).map(
    ([name, value]) => `${name.padEnd(width)}  ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `${lines.join('\n')}\n`;
};

/** Runs one benchmark by name, or `report`. */
export const runCli = async (argv: readonly string[]): Promise<void> => {
  const program = new Command('bench').description(
    'Measures the coordinator over real sockets, and a real tab, from another process.',
  );
  for (const made of BENCHMARKS) program.addCommand(commandOf(made));
  program
    .command('report')
    .description('runs benchmarks one after the other and writes what they found to docs/benchmarks.md')
    .argument('[names...]', 'all when none is named')
    .action((names: string[]) => writeReport(names, say));
  await program.parseAsync(argv, { from: 'user' });
};
