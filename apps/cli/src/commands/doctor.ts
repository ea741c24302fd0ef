import { type Gossamer, GossamerError } from '@gossamer/sdk/node';
import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import { EXIT, UsageError, exitCodeOf } from '../exit-code.ts';
import { LEAST_CHROMIUM, findBrowser } from '../local/find-browser.ts';

/** What was looked at, and what came of it; `todo` says how to mend it. */
interface Finding {
  name: string;
  outcome: 'ok' | 'warning' | 'failed';
  text: string;
  todo?: string;
}

const NODE = [20, 20] as const;
/** A program as small as one can be: whether it can be bundled says whether the bundler runs here. */
const PROGRAM = { code: 'export const run = (input: number): number => input;' };

const HOW_TO_GET_ONE: Partial<Record<NodeJS.Platform, string>> = {
  linux: `install one (Debian, Ubuntu: apt install chromium; or https://www.google.com/chrome), ${LEAST_CHROMIUM} or later`,
  darwin: `install Chrome ${LEAST_CHROMIUM} or later from https://www.google.com/chrome`,
  win32: `install Chrome ${LEAST_CHROMIUM} or later from https://www.google.com/chrome`,
};

export const doctorCommand = (parent: Command): void => {
  parent
    .command('doctor')
    .description('look whether all is there that a job needs, and say what to do about what is not')
    .action(action(doctor));
};

const node = (): Finding => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const text = `Node ${process.versions.node}`;
  if (major > NODE[0] || (major === NODE[0] && minor >= NODE[1])) return { name: 'node', outcome: 'ok', text };
  return { name: 'node', outcome: 'failed', text, todo: `install Node ${NODE.join('.')} or later` };
};

/** Reads what an error says in one line. */
const failed = (name: string, error: unknown, todo: string): Finding => ({
  name,
  outcome: 'failed',
  text: error instanceof Error ? error.message : String(error),
  todo,
});

const coordinator = async (grid: Gossamer, url: string): Promise<Finding[]> => {
  try {
    const view = await grid.view();
    const found: Finding = { name: 'coordinator', outcome: 'ok', text: `${view.name} at ${url}` };
    const { sessions } = view;
    const devices = `${sessions} ${sessions === 1 ? 'device is' : 'devices are'} connected`;
    if (sessions >= 2) return [found, { name: 'volunteers', outcome: 'ok', text: devices }];
    const todo =
      sessions === 0
        ? `open ${view.publicUrl} in a browser, or start one without a window: gossamer volunteer`
        : `open ${view.publicUrl} in a browser of another device: a quorum of 2 needs two`;
    return [found, { name: 'volunteers', outcome: 'warning', text: devices, todo }];
  } catch (error) {
    const todo = 'start one with `npm start`, or give its address with --url or GOSSAMER_URL';
    return [failed('coordinator', error, todo)];
  }
};

const key = async (cli: Cli): Promise<{ finding: Finding; error: unknown }> => {
  try {
    const { name, role } = await cli.grid().me();
    return { finding: { name: 'key', outcome: 'ok', text: `${name}, ${role}` }, error: null };
  } catch (error) {
    const todo = 'ask an operator for a key (the first start prints two), and set GOSSAMER_KEY';
    return { finding: failed('key', cli.told(error), todo), error };
  }
};

const bundler = async (grid: Gossamer): Promise<Finding> => {
  try {
    await grid.check(PROGRAM);
    return { name: 'bundler', outcome: 'ok', text: 'programs in TypeScript can be bundled here' };
  } catch (error) {
    return failed('bundler', error, 'install the packages anew (npm ci): the bundler is of another system');
  }
};

const browser = async (): Promise<Finding> => {
  try {
    const { path, version } = await findBrowser();
    return { name: 'browser', outcome: 'ok', text: `Chromium ${version}, which \`run local\` uses: ${path}` };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // Jobs need none here: volunteers have browsers.
    return {
      name: 'browser',
      outcome: 'warning',
      text: `\`run local\` cannot run: ${error.message}`,
      todo: HOW_TO_GET_ONE[process.platform] ?? HOW_TO_GET_ONE['linux']!,
    };
  }
};

const lineOf = ({ name, outcome, text, todo }: Finding): string => {
  const mark = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ' }[outcome];
  return `${mark}  ${name.padEnd(11)}  ${text}${todo === undefined ? '' : `\n${' '.repeat(22)}→ ${todo}`}`;
};

const doctor = async (cli: Cli): Promise<number> => {
  const grid = cli.grid({ open: true });
  const reached = await coordinator(grid, cli.flags.url);
  const isThere = reached[0]!.outcome === 'ok';
  const keyed = isThere ? await key(cli) : null;
  const findings = [
    node(),
    await bundler(grid),
    await browser(),
    ...reached,
    ...(keyed === null ? [] : [keyed.finding]),
  ];
  const ok = findings.every(({ outcome }) => outcome !== 'failed');
  await cli.show({ ok, findings }, () => findings.map(lineOf).join('\n'));
  if (ok) return EXIT.ok;
  if (!isThere) return EXIT.unreachable;
  return keyed?.error instanceof GossamerError ? exitCodeOf(keyed.error) : EXIT.internal;
};
