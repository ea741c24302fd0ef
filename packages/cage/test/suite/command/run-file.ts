import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { transform } from 'esbuild';
import { openBrowser } from '../browsers/open.ts';
import type { LeaseSpec, Outcome } from '../browser/wire.ts';
import { startAttacker } from '../harness/attacker.ts';
import { startGrid } from '../harness/grid.ts';
import type { Observed } from '../harness/judge.ts';
import { observe } from '../harness/judge.ts';
import { tabOf } from '../harness/tab.ts';
import { browserOf, COMMON, countOf, jsonOf, mutationOf, parse, UsageError } from './options.ts';

const USAGE = `npm run cage -- run FILE [--json] [--browser chromium|firefox] [--without scrub,csp,allowlist|all]
    [--input JSON] [--params JSON] [--seed N] [--deadline MS] [--result-bytes N] [--settle MS]

Runs one program file (.js, .mjs, .ts, .wasm) behind the cage's walls and prints what came of it: its outcome, what it logged,
what reached the attacker's servers, whether the page is as it was, and whether an honest program runs afterwards. Nothing is
bundled first; a wasm module is read as in a tab, with 64 MiB of memory at most. Without --params they are the addresses of the
attacker: {http, ws, stun}.
The exit code is 0 where the walls held, whatever became of the program, and 1 where they did not.
`;

const readProgram = async (file: string): Promise<LeaseSpec['program']> => {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read: ${error.code ?? error.message}`);
  });
  if (extname(file) === '.wasm') return { wasm: bytes.toString('base64') };
  const text = bytes.toString('utf8');
  if (extname(file) !== '.ts') return text;
  const { code } = await transform(text, { loader: 'ts', target: 'es2022' }).catch((error: Error) => {
    throw new UsageError(`${file} is no TypeScript: ${error.message}`);
  });
  return code;
};

const inWords = (outcome: Outcome | null): string => {
  if (outcome === null) return 'none';
  if (outcome.kind === 'json') return `JSON ${JSON.stringify(outcome.value)}, after ${outcome.runMs} ms`;
  if (outcome.kind === 'bytes') return `${outcome.size} bytes: ${outcome.bytes.slice(0, 32).join(' ')}…`;
  return `error (${outcome.phase}): ${outcome.message}\n${outcome.stack.replaceAll(/^/gm, '             ')}`;
};

const describe = ({ report, wrong }: Observed): string => {
  const { outcomes, end, logs, progress, pictures, runMs } = report;
  const lines = [
    `outcome      ${outcomes.map(inWords).join('\n             ')}`,
    `ended        ${JSON.stringify(end)}, run time ${runMs} ms`,
    ...logs.map(([, text]) => `log          ${text}`),
    `said         ${progress.length} times how far it is, ${pictures.length} pictures`,
    `walls        ${wrong.length === 0 ? 'held' : wrong.join('\n             ')}`,
  ];
  return `${lines.join('\n')}\n`;
};

/** `npm run cage -- run FILE`: gives the exit code. */
export const runFile = async (args: string[], write: (text: string) => void): Promise<number> => {
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    options: {
      ...COMMON,
      input: { type: 'string', default: 'null' },
      params: { type: 'string' },
      seed: { type: 'string', default: '1' },
      deadline: { type: 'string', default: '20000' },
      'result-bytes': { type: 'string', default: String(1024 * 1024) },
      settle: { type: 'string', default: '500' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    write(USAGE);
    return 0;
  }
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('expected one program file: cage run FILE');
  const spec: Omit<LeaseSpec, 'params'> = {
    program: await readProgram(file),
    inputs: [{ json: jsonOf('input', values.input) }],
    seed: countOf('seed', values.seed),
    deadlineMs: countOf('deadline', values.deadline),
    resultBytes: countOf('result-bytes', values['result-bytes']),
  };
  const given = values.params === undefined ? undefined : jsonOf('params', values.params);
  const mutation = mutationOf(values.without);
  const settleMs = countOf('settle', values.settle);

  const browser = await openBrowser(browserOf(values.browser));
  const attacker = await startAttacker(browser.lookups);
  const grid = await startGrid({}, mutation);
  try {
    const tab = await tabOf(await browser.openPage(grid.page));
    const observed = await observe({ ...spec, params: given ?? attacker.urls }, { tab, grid, attacker, settleMs });
    const { report, wrong } = observed;
    if (values.json) {
      const [outcome = null] = report.outcomes;
      const { end, logs, runMs } = report;
      write(
        `${JSON.stringify({ browser: browser.name, outcome, end, runMs, logs, attackerHits: attacker.hits(), wrong })}\n`,
      );
    } else write(describe(observed));
    return wrong.length === 0 ? 0 : 1;
  } finally {
    await browser.close();
    await grid.close();
    await attacker.close();
  }
};
