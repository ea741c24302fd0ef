import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { audit } from './audit.mjs';
import { addCounts, judgeRun, NO_COUNTS, playwrightCounts, vitestCounts } from './counts.mjs';
import { cleanEnvironment } from './npm.mjs';
import { ROOT } from './say.mjs';

const MINUTE = 60_000;
const bin = (...parts) => join(ROOT, 'node_modules', ...parts);

/**
 * Runs a script under this Node with our own stdout and stderr. Ends its whole process group after `timeoutMs`, so
 * that no browser or server of a stuck test is left over. Resolves to the exit code.
 */
const node = (args, timeoutMs, env = {}) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: process.platform !== 'win32',
      env: { ...cleanEnvironment(), ...env },
    });
    const end = (signal) => {
      try {
        if (process.platform === 'win32') child.kill(signal);
        else if (child.pid !== undefined) process.kill(-child.pid, signal);
      } catch {
        // It ended by itself in the meantime.
      }
    };
    const timer = setTimeout(() => {
      process.stdout.write(`not done after ${timeoutMs / MINUTE} minutes: ended\n`);
      end('SIGTERM');
      setTimeout(() => end('SIGKILL'), 5000).unref();
    }, timeoutMs);
    const interrupt = () => end('SIGINT');
    process.on('SIGINT', interrupt);
    process.on('SIGTERM', interrupt);
    const finish = (code) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
      resolve(code ?? 1);
    };
    child.once('error', () => finish(127));
    child.once('close', finish);
  });

const readReport = (file, count) => {
  try {
    return count(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
};

/** Tests that are left to the long form, unless they are asked for by name. */
const isLong = (filters) => process.env.GOSSAMER_LONG !== undefined || filters.length > 0;
const longEnvironment = (filters) => (isLong(filters) ? { GOSSAMER_LONG: '1' } : {});

export const runVitest = async (folder, filters, minutes = 45) => {
  const report = join(folder, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const narrowed = filters.length > 0;
  const args = [
    bin('vitest', 'vitest.mjs'),
    'run',
    ...reporters,
    ...(narrowed ? ['--passWithNoTests'] : []),
    ...filters,
  ];
  const code = await node(args, minutes * MINUTE, longEnvironment(filters));
  return judgeRun(readReport(report, vitestCounts), code, narrowed);
};

export const runPlaywright = async (folder, filters) => {
  const report = join(folder, 'playwright.json');
  const narrowed = filters.length > 0;
  const args = [bin('@playwright', 'test', 'cli.js'), 'test', '-c', 'e2e/playwright.config.ts', '--reporter=list,json'];
  if (narrowed) args.push('--pass-with-no-tests', ...filters);
  const code = await node(args, 25 * MINUTE, { PLAYWRIGHT_JSON_OUTPUT_FILE: report, ...longEnvironment(filters) });
  return judgeRun(readReport(report, playwrightCounts), code, narrowed);
};

const CHECKS = [
  { name: 'types of tests and scripts', args: [bin('typescript', 'bin', 'tsc'), '-p', 'scripts/tsconfig.tests.json'] },
  // What runs in a worker of the browser has other globals.
  {
    name: 'types of the cage suite',
    args: [bin('typescript', 'bin', 'tsc'), '-p', 'packages/cage/test/suite/browser'],
  },
  { name: 'lint and import rules', args: [bin('oxlint', 'bin', 'oxlint'), '--type-aware'] },
  { name: 'format', args: [bin('oxfmt', 'bin', 'oxfmt'), '--check'] },
];

const MARKS = { passed: '✓', failed: '✗', skipped: '-' };

/** In CI only: an advisory that came out today is no reason to stop somebody's work. */
const runAudit = async () => {
  const { counts, line } = await audit();
  const outcome = Object.keys(MARKS).find((name) => counts[name] > 0);
  process.stdout.write(`${MARKS[outcome]} dependencies without known holes: ${line}\n`);
  return counts;
};

/** Each check counts as one test. */
export const runChecks = async () => {
  let total = NO_COUNTS;
  for (const { name, args } of CHECKS) {
    const passed = (await node(args, 3 * MINUTE)) === 0;
    process.stdout.write(`${passed ? '✓' : '✗'} ${name}\n`);
    total = addCounts(total, { ...NO_COUNTS, [passed ? 'passed' : 'failed']: 1 });
  }
  if (process.env.CI) total = addCounts(total, await runAudit());
  return total;
};
