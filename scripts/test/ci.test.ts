import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../lib/say.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gossamer-ci-'));
  mkdirSync(join(folder, '.ci'));
  mkdirSync(join(folder, 'bin'));
  cpSync(join(ROOT, '.ci', 'run'), join(folder, '.ci', 'run'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs .ci/run with an npm of our own, and answers its exit code and all it printed. */
const output = (npm: string): { status: number | null; stdout: string } => {
  writeFileSync(join(folder, 'bin', 'npm'), `#!/bin/sh\n${npm}\n`);
  chmodSync(join(folder, 'bin', 'npm'), 0o755);
  const env = { ...process.env, PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}` };
  const { status, stdout } = spawnSync('bash', [join(folder, '.ci', 'run')], { env, encoding: 'utf8' });
  return { status, stdout };
};

const ci = (npm: string): { status: number | null; last: string | undefined } => {
  const { status, stdout } = output(npm);
  return { status, last: stdout.trimEnd().split('\n').at(-1) };
};

describe('.ci/run', () => {
  it('TE6: ends with the counts of all runs and their exit code', () => {
    const long = `case "$*" in
      "test -- --long") echo "7 passed, 0 failed, 2 skipped"; echo "npm noise" >&2 ;;
      "run test:crash") echo "30 passed, 0 failed" ;;
      "run test:cage") echo "100 passed, 0 failed" ;;
      "run test:cage -- --browser firefox --or-skip") echo "0 passed, 0 failed, 1 skipped" ;;
      "run test:fuzz") echo "2000 passed, 0 failed" ;;
      *) exit 9 ;;
    esac`;
    expect(ci(long)).toEqual({ status: 0, last: '2137 passed, 0 failed, 3 skipped' });
    const oneFails = long.replace('echo "100 passed, 0 failed"', 'echo "99 passed, 1 failed"; exit 1');
    expect(ci(oneFails)).toEqual({ status: 1, last: '136 passed, 1 failed, 2 skipped' });
    const failing = '[ "$1" = test ] || { echo "3 passed, 1 failed"; exit 1; }';
    expect(ci(`${failing}; echo "7 passed, 0 failed"`)).toEqual({ status: 1, last: '10 passed, 1 failed' });
    const crashing = '[ "$1" = test ] || exit 0';
    expect(ci(`${crashing}; echo "7 passed, 0 failed"`)).toEqual({ status: 1, last: '7 passed, 1 failed' });
    expect(ci('echo "7 passed, 1 failed"; echo "npm error" >&2; exit 1')).toEqual({
      status: 1,
      last: '7 passed, 1 failed',
    });
  });

  it('TE6: a set-up that fails before any test is a failure with its own line', () => {
    expect(ci('echo "npm ci failed" >&2; exit 1')).toEqual({ status: 1, last: '0 passed, 1 failed' });
    expect(ci('exit 0')).toEqual({ status: 1, last: '0 passed, 1 failed' });
  });

  it('TE6: what failed stands once more at the end, above the counts', () => {
    const failing = [
      "printf '\\033[31m   \\303\\227\\033[39m QU1: one \\033[33m 12\\033[2mms\\033[22m\\n'",
      "printf ' \\342\\234\\223 QU2: another\\n\\342\\234\\227 life: loops\\n    it ended late\\n'",
      'echo "1 passed, 2 failed"; exit 1',
    ].join('; ');
    expect(output(failing).stdout.split('\n').slice(-6)).toEqual([
      '',
      'what failed:',
      '   × QU1: one  12ms',
      '✗ life: loops',
      '1 passed, 2 failed',
      '',
    ]);
    expect(output('echo "1 passed, 0 failed"').stdout).not.toContain('what failed');
  });

  it('TE6: npm is called with CI=true', () => {
    expect(ci('[ "$CI" = "true" ] && echo "1 passed, 0 failed"')).toEqual({
      status: 0,
      last: '5 passed, 0 failed',
    });
  });
});
