import { Gossamer, type Job } from '@gossamer/sdk/node';
import { isDeepStrictEqual } from 'node:util';
import { startCoordinatorProcess } from './coordinator-process.ts';
import { filter } from './filter.ts';
import { type FlagValues, type Flags, UsageError, readFlags, usageOf } from './flags.ts';
import { follow } from './follow.ts';
import { openTabs } from './tabs.ts';

/** What an example is given to compute with: a grid of its own, with tabs that wait for work. */
export interface Stage {
  grid: Gossamer;
  /** A line for the person who watches, on standard error. */
  say: (text: string) => void;
  /** Draws a job's progress on standard error until it is over. */
  follow: (job: Pick<Job, 'watch'>) => Promise<void>;
  /** Runs `gossamer ARGS` against this grid: lines in, lines out. */
  filter: (args: readonly string[], lines: Iterable<string | number>) => AsyncGenerator<string>;
}

export interface Outcome {
  /** What the grid has computed: JSON. */
  answer: unknown;
  /** What it should be, from a source that knows nothing of the grid. */
  expected: unknown;
  units: number;
}

export interface Example<Of extends Flags> {
  name: string;
  /** One sentence for the help. */
  about: string;
  /** How many independent devices must agree: so many tabs are needed. */
  quorum: number;
  flags: Of;
  run: (stage: Stage, values: FlagValues<Of>) => Promise<Outcome>;
}

/** What `--json` ends with. `seconds`: from the first call of the grid to the answer, without the start of the browser. */
export interface Report extends Outcome {
  name: string;
  ok: boolean;
  seconds: number;
}

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const compute = async <Of extends Flags>(
  example: Example<Of>,
  values: FlagValues<Of>,
  tabCount: number,
): Promise<Report> => {
  const { name } = example;
  const coordinator = await startCoordinatorProcess(`Gossamer example: ${name}`);
  try {
    const tabs = await openTabs(coordinator.url, tabCount);
    try {
      say(`Coordinator at ${coordinator.url}; ${tabCount} headless tabs of Chromium ${tabs.version} lend their time.`);
      const grid = new Gossamer({ url: coordinator.url, apiKey: coordinator.submitterKey });
      const began = performance.now();
      const outcome = await example.run(
        { grid, say, follow, filter: (args, lines) => filter(coordinator, args, lines) },
        values,
      );
      const seconds = Math.round((performance.now() - began) / 10) / 100;
      return { name, ok: isDeepStrictEqual(outcome.answer, outcome.expected), ...outcome, seconds };
    } finally {
      await tabs.close();
    }
  } finally {
    await coordinator.close();
  }
};

const inWords = ({ ok, answer, expected, units, seconds }: Report): string => {
  const verdict = ok ? 'as it should be' : `WRONG: expected ${JSON.stringify(expected)}`;
  return `${JSON.stringify(answer)}, ${verdict}; ${units} units in ${seconds.toFixed(1)} s`;
};

/**
 * Runs an example from its command line: starts a coordinator with a temporary directory and tabs of a headless Chromium,
 * has the example compute, ends both, and prints. The exit code is 0 where the answer is as expected, 1 where it is not
 * or something failed, and 2 for a mistake in the command line.
 */
export const runExample = async <Of extends Flags>(
  example: Example<Of>,
  args: readonly string[] = process.argv.slice(2),
): Promise<void> => {
  const { name, about, flags, quorum } = example;
  try {
    const { tabs, json, help, ...values } = readFlags(flags, args, quorum);
    if (help) {
      process.stdout.write(`${usageOf(name, about, flags)}\n`);
      return;
    }
    const report = await compute(example, values as unknown as FlagValues<Of>, tabs);
    process.stdout.write(`${inWords(report)}\n`);
    if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
    if (!report.ok) process.exitCode = 1;
  } catch (error) {
    if (error instanceof UsageError) say(`${error.message}\n\n${usageOf(name, about, flags)}`);
    else say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
};
