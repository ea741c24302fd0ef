import { Command, InvalidArgumentError, Option } from 'commander';
import { SCENARIOS } from '../scenarios/all.ts';
import type { Options, Scenario } from '../scenarios/options.ts';
import { textOf } from './table.ts';

const MINUTE_MS = 60_000;

/** Commander hands in the text of an option; throws InvalidArgumentError. */
const number =
  (least: number, most: number, whole: boolean) =>
  (text: string): number => {
    const value = Number(text);
    const fits = text.trim() !== '' && value >= least && value <= most && (!whole || Number.isInteger(value));
    if (!fits)
      throw new InvalidArgumentError(`It must be ${whole ? 'an integer' : 'a number'} from ${least} to ${most}.`);
    return value;
  };

const withOptions = (command: Command, defaults: Options): Command =>
  command
    .addOption(
      new Option('--seed <n>', 'the same seed, the same story')
        .argParser(number(0, 0xffff_ffff, true))
        .default(defaults.seed),
    )
    .addOption(
      new Option('--units <n>', 'work units of the job').argParser(number(1, 9_000_000, true)).default(defaults.units),
    )
    .addOption(
      new Option('--devices <n>', 'devices present at a time')
        .argParser(number(1, 100_000, true))
        .default(defaults.devices),
    )
    .addOption(
      new Option('--unit-ms <ms>', 'compute time of a unit at speed 1')
        .argParser(number(1, 600_000, false))
        .default(defaults.unitMs),
    )
    .addOption(
      new Option('--max-error-rate <r>', 'target of the adaptive policy')
        .argParser(number(0.0001, 0.2, false))
        .default(defaults.maxErrorRate),
    )
    .addOption(
      new Option('--warmup <minutes>', 'how long an earlier job runs before')
        .argParser(number(0, 1440, false))
        .default(defaults.warmupMs / MINUTE_MS),
    )
    .option('--check', 'look for broken invariants after every step, and replay (small simulations)', defaults.check)
    .option('--json', 'print one JSON object as the last line', false);

const withSeeds = (command: Command, { takesSeeds, defaults }: Scenario): Command =>
  takesSeeds
    ? command.addOption(
        new Option('--seeds <n>', 'so many seeds, from --seed on; what they count is summed')
          .argParser(number(1, 1000, true))
          .default(defaults.seeds),
      )
    : command;

const commandOf = (scenario: Scenario): Command =>
  withSeeds(withOptions(new Command(scenario.name).description(scenario.about), scenario.defaults), scenario).action(
    (given: Omit<Options, 'warmupMs' | 'seeds'> & { seeds?: number; warmup: number; json: boolean }) => {
      const { json, warmup, seeds = 1, ...options } = given;
      const say = (line: string): void => void process.stderr.write(`${line}\n`);
      const began = performance.now();
      const found = scenario.run({ ...options, seeds, warmupMs: warmup * MINUTE_MS }, say);
      // They differ from run to run, and are no part of what was found.
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
      say(`wall time ${seconds} s, peak memory ${peakMb} MB`);
      process.stdout.write(`${json ? JSON.stringify(found) : textOf(found)}\n`);
    },
  );

/** Runs one scenario by name. */
export const runCli = async (argv: readonly string[]): Promise<void> => {
  const program = new Command('sim').description('Simulates a grid in virtual time, around the real scheduler.');
  for (const scenario of SCENARIOS) program.addCommand(commandOf(scenario));
  await program.parseAsync(argv, { from: 'user' });
};
