import { JobLimits, LIMITS as PROTOCOL_LIMITS, unitSeed } from '@gossamer/protocol';
import { type Command, InvalidArgumentError } from 'commander';
import { writeFile } from 'node:fs/promises';
import { dataText, integer, json, positive } from '../arguments.ts';
import { type Cli, action } from '../cli.ts';
import { EXIT, UsageError } from '../exit-code.ts';
import { onInterrupt } from '../interrupt.ts';
import { PROGRAM } from '../job-flags.ts';
import { adviceOn } from '../local/advice.ts';
import { askGrid } from '../local/ask-grid.ts';
import { dataFiles } from '../local/data-files.ts';
import { estimateLines, estimateOf } from '../local/estimate.ts';
import { type Verdicts, judgeResult } from '../local/judge-result.ts';
import { type Outcome, errorWords, outcomeOf, printedResult } from '../local/outcome.ts';
import { type InputFlags, readInput } from '../local/read-input.ts';
import { readProgram } from '../local/read-program.ts';
import { LocalRunError, runUnit } from '../local/run-unit.ts';
import type { UnitEvent } from '../local/wire.ts';
import { printableLines } from '../printable.ts';

interface RunFlags extends InputFlags {
  params?: unknown;
  data?: Record<string, string>;
  seed: number;
  index: number;
  timeout: number;
  resultBytes: number;
  picture?: string;
  units?: number;
  quorum?: number;
}

/** What an operator allows a wasm module's memory where nothing else was said, bytes. */
const WASM_MEMORY_BYTES = 256 * 1024 * 1024;
const LIMITS = JobLimits.parse({});

const HELP = `
--input is one unit's input here, a value; the --input of \`map\` and \`jobs create\` is a file of which each line is one.

The program runs once, in the cage of a volunteer's tab, in a headless Chromium or Chrome that is started for it (the system's,
or the one that GOSSAMER_CHROMIUM names); no coordinator is asked about it. What it returned goes to standard output as JSON: its
value, or {"bytes", "type"} with base64 for bytes. What it logs and how far it is goes to standard error. Where it exports
check or equals, these are asked of the result, as a coordinator would. With --json all of it is one JSON object.

With --units it is then told what a job of so many such units would take: CPU time, and, where the coordinator of --url answers, how long
the devices that are connected now would need for it alone. It rests on one run of one input on this machine.

The status is 1 where it throws, runs too long, returns what cannot travel, or refuses its own result.`;

/** `gossamer run local PROGRAM`: one unit, here, before anything is submitted. */
export const runCommand = (parent: Command): void => {
  const run = parent.command('run').description('run a program without a grid');
  run
    .command('local')
    .argument('<program>', PROGRAM)
    .description("run one unit in a browser's cage on this machine, before anything is submitted")
    .option('--input <json>', "the unit's input, a value: JSON, @FILE for what is in a file, or - for standard input")
    .option('--bytes <file>', "the unit's input: the bytes of a file")
    .option('--params <json>', 'parameters, the same for every unit', json)
    .option('--data <name=file>', 'what the program reads as ctx.data(name); again for more', dataText)
    .option('--seed <n>', 'seed of the job', integer, 0)
    .option('--index <n>', "the unit's number in its job", integer, 0)
    .option('--timeout <s>', 'run time that the unit may take', positive, LIMITS.deadlineMs / 1000)
    .option('--result-bytes <n>', 'bytes of the result, at the most', resultSize, LIMITS.resultBytes)
    .option('--units <n>', 'also estimate what a job of so many units would take', atLeastOne)
    .option('--quorum <q>', 'of which so many results must agree (default: 2)', atLeastOne)
    .option('--picture <file>', 'write the last picture that the program shows as a PNG')
    .addHelpText('after', HELP)
    .action(action(runLocal));
};

const atLeastOne = (text: string): number => {
  const value = integer(text);
  if (value >= 1 && value <= PROTOCOL_LIMITS.units) return value;
  throw new InvalidArgumentError(`expected 1 to ${PROTOCOL_LIMITS.units}.`);
};

/** As much as any grid may allow. */
const resultSize = (text: string): number => {
  const bytes = integer(text);
  if (bytes >= 1 && bytes <= PROTOCOL_LIMITS.largeResult) return bytes;
  throw new InvalidArgumentError(`expected 1 to ${PROTOCOL_LIMITS.largeResult} bytes.`);
};

const runLocal = async (cli: Cli, path: string, flags: RunFlags): Promise<number> => {
  const { params = null, seed, index, timeout, resultBytes, units, quorum } = flags;
  if (quorum !== undefined && units === undefined) {
    throw new UsageError('--quorum is of an estimate: give --units N with it; here the program runs once');
  }
  const input = await readInput(flags);
  const program = await readProgram(path);
  for (const warning of program.warnings) cli.say(`warning: ${warning}`);
  const data = await dataFiles(flags.data ?? {}, program.kind);
  const deadlineMs = Math.round(timeout * 1000);
  const order = {
    kind: program.kind,
    memoryBytes: WASM_MEMORY_BYTES,
    params: JSON.stringify(params),
    index,
    seed: unitSeed(seed, index),
    encoding: input.encoding,
    data: data.map(({ name, size }) => ({ name, size })),
    limits: { deadlineMs, resultBytes },
  };

  const events: UnitEvent[] = [];
  const stop = new AbortController();
  const forget = onInterrupt(() => stop.abort(new LocalRunError('interrupted')));
  let version: number;
  try {
    const tell = (event: UnitEvent): void => {
      events.push(event);
      if (!cli.json) follow(cli, event);
    };
    const unit = { order, program: program.bytes, input: input.body, data };
    ({ version } = await runUnit(unit, tell, stop.signal, (browser) => {
      if (!cli.json) cli.say(`starting Chromium ${browser.version} without a window, for this unit: ${browser.path}`);
    }));
  } catch (error) {
    if (stop.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    forget();
  }

  if (flags.picture !== undefined) await savePicture(cli, events, flags.picture);
  const outcome = outcomeOf(events, deadlineMs, program.sourceMap);
  // No grid has large results judged.
  const isJudged = outcome.kind === 'result' && outcome.body.byteLength <= PROTOCOL_LIMITS.result;
  const verdicts = isJudged ? await judgeResult(program, input, outcome, params) : {};
  const ok = outcome.kind === 'result' && Object.values(verdicts).every((verdict) => verdict === 'ok');
  const isEstimated = ok && units !== undefined;
  const estimate = isEstimated
    ? estimateOf(runMsOf(events), { units, quorum: quorum ?? 2 }, await askGrid(cli.flags.url))
    : null;
  if (cli.json) {
    const told = { ok, ...toldOutcome(outcome), ...verdicts, ...toldEvents(events), chromium: version };
    await cli.out.json(estimate === null ? told : { ...told, estimate });
  } else {
    await print(cli, outcome, verdicts, runMsOf(events), version);
    for (const line of estimate === null ? [] : estimateLines(estimate)) cli.say(line);
  }
  return ok ? EXIT.ok : EXIT.incomplete;
};

const savePicture = async (cli: Cli, events: readonly UnitEvent[], path: string): Promise<void> => {
  const last = events.findLast((event) => event.kind === 'picture');
  if (last === undefined) return cli.say('the program showed no picture');
  const { encode } = await import('fast-png');
  const { width, height, rgba } = last;
  const data = encode({ width, height, channels: 4, data: Buffer.from(rgba, 'base64') });
  await writeFile(path, data).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${path} cannot be written: ${error.code ?? error.message}`);
  });
};

const runMsOf = (events: readonly UnitEvent[]): number =>
  events.flatMap((event) =>
    event.kind === 'result' || event.kind === 'error' || event.kind === 'end' ? event.runMs : [],
  )[0]!;

/** What is said while it runs. */
const follow = (cli: Cli, event: UnitEvent): void => {
  if (event.kind === 'log') cli.say(`log: ${event.text}`);
  else if (event.kind === 'progress') cli.say(`progress: ${Math.round(100 * event.done)} %`);
  else if (event.kind === 'picture') cli.say(`picture: ${event.width} x ${event.height}`);
};

const print = async (cli: Cli, outcome: Outcome, verdicts: Verdicts, runMs: number, version: number): Promise<void> => {
  const took = `${Math.round(runMs)} ms in the cage of Chromium ${version}`;
  if (outcome.kind === 'error') {
    process.stderr.write(`${printableLines(`gossamer: ${errorWords(outcome)}`)}\n`);
    cli.say(took);
    return;
  }
  const printed = printedResult(outcome);
  await cli.out.json('output' in printed ? printed.output : printed);
  cli.say(`${outcome.body.byteLength} bytes, after ${took}`);
  for (const [name, verdict] of Object.entries(verdicts)) {
    if (verdict === 'ok') cli.say(`${name}: true, as it should be`);
    else process.stderr.write(`${printableLines(`gossamer: ${name}: ${verdict.wrong}`)}\n`);
  }
};

const toldOutcome = (outcome: Outcome): object => {
  if (outcome.kind === 'result') return printedResult(outcome);
  const { phase, message, stack } = outcome;
  return { error: { phase, message, stack, advice: adviceOn(message) } };
};

const toldEvents = (events: readonly UnitEvent[]): object => ({
  runMs: runMsOf(events),
  logs: events.flatMap((event) => (event.kind === 'log' ? event.text : [])),
  progress: events.flatMap((event) => (event.kind === 'progress' ? event.done : [])),
  pictures: events.flatMap((event) => (event.kind === 'picture' ? { width: event.width, height: event.height } : [])),
});
